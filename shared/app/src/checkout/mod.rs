//! Approvals of a person on a machine or its category: asked for, given, lowered, taken back
//! (S0-040, S0-064, S0-110).
//!
//! Every step is one transaction over the person's standing, which the gate reads and every hold
//! names as its condition; the lists and the history managers read are written with it.

mod answer;
mod approve;
mod ask;
mod bench;
mod decline;
mod list;
mod ready;
mod refile;
mod revoke;
mod waiting;
mod write;

pub use answer::{Answered, CheckoutAnswer, Decision, Terms, answer_all, answer_each, check_out};
pub use ask::{AskCheckout, Asked, ask_checkout, own_wish};
pub use list::{CheckoutItem, CheckoutList, CheckoutQuery, Wanted, list_checkouts};
pub use revoke::{RevokeCheckout, revoke_checkout};
pub use waiting::Waiting;

pub(crate) use ready::open_wishes;
pub(crate) use refile::refile_wishes;

use interlock_policy::{CheckoutOf, CheckoutRequirement, CheckoutScope, Requirement};
use jiff::Timestamp;

use crate::AppError;
use crate::model::{FIRST_LEVEL, Resource};

/// Longest note or reason kept, in characters.
const LONGEST_TEXT: usize = 2000;
/// Highest level there is.
const HIGHEST_LEVEL: u8 = 9;

/// What an approval on a machine counts for: its category where the policy asks for that and for
/// nothing narrower, else the machine, which counts wherever its category would.
fn scope_of(resource: &Resource, now: Timestamp) -> CheckoutScope {
    let asks = |of: CheckoutOf| wanted(resource, now).any(|wanted| wanted.scope == of);
    if asks(CheckoutOf::Category) && !asks(CheckoutOf::Machine) {
        CheckoutScope::Category(resource.category.clone())
    } else {
        CheckoutScope::Machine(resource.id.clone())
    }
}

/// Every approval the policy in force asks for, within `all` and `any` too; what an overlay adds
/// for one kind of reservation is no question of the machine.
fn wanted(resource: &Resource, now: Timestamp) -> impl Iterator<Item = &CheckoutRequirement> {
    let requirements = resource.in_force(now).requirements.iter();
    requirements.flat_map(Requirement::singles).filter_map(|requirement| match requirement {
        Requirement::Checkout(wanted) => Some(wanted),
        Requirement::Training(_)
        | Requirement::Membership(_)
        | Requirement::Document(_)
        | Requirement::All(_)
        | Requirement::Any(_) => None,
    })
}

/// The level that opens the machine: the highest the policy asks for, or the first.
fn level_wanted(resource: &Resource, now: Timestamp) -> u8 {
    let levels = wanted(resource, now).filter_map(|wanted| wanted.minimum_level);
    levels.max().map_or(FIRST_LEVEL, |level| level.0.max(FIRST_LEVEL))
}

fn short(pointer: &str, text: Option<&String>) -> Result<(), AppError> {
    if text.is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        return Err(AppError::invalid(pointer, "too_long", "at most 2000 characters"));
    }
    Ok(())
}

fn reasoned(pointer: &str, reason: &str) -> Result<(), AppError> {
    let length = reason.trim().chars().count();
    if length == 0 || length > LONGEST_TEXT {
        return Err(AppError::invalid(pointer, "length", "between 1 and 2000 characters"));
    }
    Ok(())
}

fn leveled(pointer: &str, level: Option<u8>) -> Result<(), AppError> {
    if level.is_some_and(|level| level == 0 || level > HIGHEST_LEVEL) {
        return Err(AppError::invalid(pointer, "out_of_range", "between 1 and 9"));
    }
    Ok(())
}
