//! Inputs nobody means well with, and how long they are played; included by path into the tests
//! that throw them at a door.
//!
//! An input follows from the number of its round and from nothing else, so a failure that names
//! its round can be played again.
//!
//! Own dice and no library: engines for the stable compiler draw bytes at random as these do, and
//! what finds faults here is the knowledge of our inputs, which is ours to write either way; led by
//! coverage they would need a compiler this project does not use.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub(crate) mod bend;
#[path = "../../watch/tests/support/dice.rs"]
pub(crate) mod dice;
pub(crate) mod odd;
pub(crate) mod pace;

use dice::Dice;

/// One of several, by reference.
pub(crate) fn one_of<'a, T>(dice: &mut Dice, of: &'a [T]) -> &'a T {
    &of[below(dice, of.len())]
}

/// A place in a list of so many; 0 in an empty one.
pub(crate) fn below(dice: &mut Dice, count: usize) -> usize {
    usize::try_from(dice.between(0, count.max(1) as u64)).unwrap()
}
