//! interlock-policy.
