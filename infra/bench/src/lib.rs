//! Measures of the gate and of watching; see `benches`.
