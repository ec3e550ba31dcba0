//! interlock-store.
