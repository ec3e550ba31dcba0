//! interlock-auth.
