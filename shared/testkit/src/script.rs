//! A list of faults to act out, each once, by the kind of call it waits for.
//!
//! Faults of one kind come in the order they were written; other kinds do not disturb them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks what a panicking test may have left behind; the data of a fake stays readable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Faults that wait for calls of kind `C`.
#[derive(Debug)]
pub(crate) struct Script<C, F> {
    waiting: Mutex<VecDeque<(C, F)>>,
}

impl<C, F> Default for Script<C, F> {
    fn default() -> Self {
        Self { waiting: Mutex::new(VecDeque::new()) }
    }
}

impl<C: Clone, F: Clone> Script<C, F> {
    /// The same faults, waiting for calls of their own.
    pub(crate) fn fork(&self) -> Self {
        Self { waiting: Mutex::new(lock(&self.waiting).clone()) }
    }
}

impl<C: PartialEq, F> Script<C, F> {
    /// Adds a fault for the next call of this kind that has none yet.
    pub(crate) fn push(&self, call: C, fault: F) {
        lock(&self.waiting).push_back((call, fault));
    }

    /// Takes the fault meant for this call.
    pub(crate) fn take(&self, call: &C) -> Option<F> {
        let mut waiting = lock(&self.waiting);
        let place = waiting.iter().position(|(kind, _)| kind == call)?;
        waiting.remove(place).map(|(_, fault)| fault)
    }

    /// Drops every fault not acted out yet.
    pub(crate) fn clear(&self) {
        lock(&self.waiting).clear();
    }
}
