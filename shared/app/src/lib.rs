//! interlock-app.
