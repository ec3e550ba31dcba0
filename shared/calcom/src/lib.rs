//! interlock-calcom.
