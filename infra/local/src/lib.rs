//! interlock-local.
