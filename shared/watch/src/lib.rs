//! interlock-watch.
