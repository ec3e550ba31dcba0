//! What is told of a checkout.

use super::Voice;
use crate::page::{Action, Fact, Page};
use crate::{Checkout, CheckoutNews, Kind, Line, Text};

/// The page of a message about a checkout.
pub(super) fn page(
    voice: &Voice<'_>,
    kind: Kind,
    checkout: &Checkout,
    news: &CheckoutNews,
) -> Page {
    let parts = Parts::of(voice, news);
    let kind = kind.word();
    let values = [
        ("what", checkout.scope.as_str()),
        ("member", parts.member.as_str()),
        ("until", parts.until.as_str()),
    ];
    let blank = voice.page(voice.told(&format!("{kind}.subject"), &values));
    Page {
        lead: vec![voice.told(&format!("{kind}.lead"), &values)],
        facts: facts(voice, checkout, &parts),
        notes: voice.note(parts.heading, &parts.said).into_iter().collect(),
        actions: vec![action(voice, checkout, news)],
        ..blank
    }
}

/// What only some of these messages have.
struct Parts {
    member: Line,
    until: String,
    heading: &'static str,
    said: Text,
}

impl Parts {
    fn of(voice: &Voice<'_>, news: &CheckoutNews) -> Self {
        let told = |at| voice.manner.instant(at, &voice.to.zone);
        let none = Self {
            member: Line::default(),
            until: String::new(),
            heading: "reason",
            said: Text::default(),
        };
        match news {
            CheckoutNews::Requested { member, note } => {
                Self { member: member.clone(), heading: "note", said: note.clone(), ..none }
            }
            CheckoutNews::Granted { expires_at } => {
                let good = || voice.word("checkout.for_good");
                Self { until: expires_at.map_or_else(good, told), ..none }
            }
            CheckoutNews::Expiring { expires_at } => Self { until: told(*expires_at), ..none },
            CheckoutNews::Revoked { reason } | CheckoutNews::Declined { reason } => {
                Self { said: reason.clone(), ..none }
            }
        }
    }
}

fn facts(voice: &Voice<'_>, checkout: &Checkout, parts: &Parts) -> Vec<Fact> {
    let mut facts = vec![voice.fact("what", vec![checkout.scope.to_string()])];
    if !parts.member.is_empty() {
        facts.push(voice.fact("who", vec![parts.member.to_string()]));
    }
    facts.push(voice.fact("level", vec![checkout.level.to_string()]));
    if !parts.until.is_empty() {
        facts.push(voice.fact("until", vec![parts.until.clone()]));
    }
    facts
}

fn action(voice: &Voice<'_>, checkout: &Checkout, news: &CheckoutNews) -> Action {
    match (news, &checkout.machine) {
        (CheckoutNews::Requested { .. }, _) => voice.action("decide", "/admin/checkouts"),
        (_, Some(machine)) => voice.action("machine", &format!("/machines/{machine}")),
        (_, None) => voice.action("machines", "/machines"),
    }
}
