//! interlock-calcom-sim.
