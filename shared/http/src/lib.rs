//! interlock-http.
