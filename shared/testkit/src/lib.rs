//! interlock-testkit.
