//! What is told of a reservation.

use interlock_policy::{Interval, ReasonCode, ResourceKind};

use super::Voice;
use crate::calendar;
use crate::page::{Action, Fact, Note, Page};
use crate::when::{differ, length};
use crate::{CancelledBy, Choice, Kind, Method, ReservationNews, Reserved, Side, Text};

/// The page of a message about a reservation.
pub(super) fn page(
    voice: &Voice<'_>,
    kind: Kind,
    reserved: &Reserved,
    news: &ReservationNews,
) -> Page {
    let told = Told { voice, kind, reserved, news };
    let blank = voice.page(told.say("subject"));
    Page {
        lead: told.lead(),
        facts: told.facts(),
        notes: told.notes(),
        actions: told.actions(),
        end: told.end(),
        ..blank
    }
}

struct Told<'a> {
    voice: &'a Voice<'a>,
    kind: Kind,
    reserved: &'a Reserved,
    news: &'a ReservationNews,
}

impl Told<'_> {
    /// A text of this message, in the person the reader is spoken to in.
    fn say(&self, part: &str) -> String {
        let key = format!("{}.{}.{part}", self.kind.word(), self.person());
        let when = self.voice.manner.short(&self.reserved.interval, &self.voice.to.zone);
        let holder = self.holder();
        let values = [("what", self.what()), ("when", &when), ("holder", &holder)];
        self.voice.told(&key, &values)
    }

    /// Whether it speaks to the holder or of him; some messages are for nobody else.
    fn person(&self) -> &'static str {
        let for_others = match self.news {
            ReservationNews::Confirmed
            | ReservationNews::Changed { .. }
            | ReservationNews::Cancelled { .. }
            | ReservationNews::AwaitingApproval { .. }
            | ReservationNews::Approved => true,
            ReservationNews::ReminderDay
            | ReservationNews::ReminderHour
            | ReservationNews::Declined { .. }
            | ReservationNews::Unanswered
            | ReservationNews::NotMade
            | ReservationNews::EligibilityLost { .. } => false,
        };
        match self.reserved.side {
            Side::Host | Side::Decider if for_others => "theirs",
            Side::Holder | Side::Host | Side::Decider => "mine",
        }
    }

    /// What it is called towards this reader: a host knows who he is.
    fn what(&self) -> &str {
        let Reserved { side, title, resource, .. } = self.reserved;
        match side {
            Side::Host if !title.is_empty() => title.as_str(),
            Side::Host | Side::Holder | Side::Decider => resource.as_str(),
        }
    }

    fn holder(&self) -> String {
        match self.reserved.holder.as_str() {
            "" => self.voice.word("holder.unknown"),
            name => name.to_owned(),
        }
    }

    fn lead(&self) -> Vec<String> {
        let until = |at| self.voice.manner.instant(at, &self.voice.to.zone);
        match self.news {
            ReservationNews::Cancelled { by, .. } => vec![self.say(match by {
                CancelledBy::Holder => "lead.holder",
                CancelledBy::Staff => "lead.staff",
                CancelledBy::Calendar => "lead.calendar",
            })],
            ReservationNews::AwaitingApproval { until: held } => {
                let held = self.voice.told("held.until", &[("until", &until(*held))]);
                vec![self.say("lead"), held]
            }
            ReservationNews::EligibilityLost { choice, .. } => {
                let choice = match choice {
                    Choice::Flag => self.voice.word("choice.flag"),
                    Choice::RenewBy(at) => {
                        self.voice.told("choice.renew_by", &[("until", &until(*at))])
                    }
                    Choice::Cancel => self.voice.word("choice.cancel"),
                };
                vec![self.say("lead"), choice]
            }
            ReservationNews::Confirmed
            | ReservationNews::Changed { .. }
            | ReservationNews::ReminderDay
            | ReservationNews::ReminderHour
            | ReservationNews::Approved
            | ReservationNews::Declined { .. }
            | ReservationNews::Unanswered
            | ReservationNews::NotMade => vec![self.say("lead")],
        }
    }

    fn facts(&self) -> Vec<Fact> {
        let (voice, reserved) = (self.voice, self.reserved);
        let mut what = vec![reserved.resource.to_string()];
        if !reserved.title.is_empty() && reserved.title != reserved.resource {
            what.push(reserved.title.to_string());
        }
        let mut facts = vec![voice.fact("what", what)];
        if reserved.side != Side::Holder {
            facts.push(voice.fact("who", vec![self.holder()]));
        }
        facts.push(voice.fact("when", self.times(&reserved.interval)));
        if let ReservationNews::Changed { before } = self.news {
            facts.push(voice.fact("before", self.times(before)));
        }
        facts.push(voice.fact("duration", vec![length(reserved.interval.length())]));
        if !reserved.place.is_empty() {
            facts.push(voice.fact("where", vec![reserved.place.to_string()]));
        }
        facts
    }

    /// In the reader's zone, and in the resource's where clocks there show something else.
    fn times(&self, interval: &Interval) -> Vec<String> {
        let (here, there) = (&self.voice.to.zone, &self.reserved.resource_zone);
        let manner = self.voice.manner;
        let mut lines = vec![manner.stretch(interval, here)];
        if differ(interval, here, there) {
            let time = manner.stretch(interval, there);
            lines.push(self.voice.told("time.there", &[("time", &time)]));
        }
        lines
    }

    fn notes(&self) -> Vec<Note> {
        let (voice, reserved) = (self.voice, self.reserved);
        let said = match self.news {
            ReservationNews::Cancelled { reason, .. } | ReservationNews::Declined { reason } => {
                voice.note("reason", reason)
            }
            ReservationNews::EligibilityLost { reasons, .. } => self.lacking(reasons),
            ReservationNews::Confirmed
            | ReservationNews::Changed { .. }
            | ReservationNews::ReminderDay
            | ReservationNews::ReminderHour
            | ReservationNews::AwaitingApproval { .. }
            | ReservationNews::Approved
            | ReservationNews::Unanswered
            | ReservationNews::NotMade => None,
        };
        let upcoming = |key: &str, text: &Text| {
            if self.news.stands() { voice.note(key, text) } else { None }
        };
        let described = upcoming("description", &reserved.description);
        let bring = upcoming("bring", &reserved.bring);
        said.into_iter().chain(described).chain(bring).collect()
    }

    fn lacking(&self, reasons: &[ReasonCode]) -> Option<Note> {
        let mut lines: Vec<String> = Vec::new();
        for reason in reasons {
            let line = self.voice.word(&format!("lack.{}", lack(*reason)));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let heading = self.voice.word("note.lacking");
        (!lines.is_empty()).then_some(Note { heading, lines })
    }

    fn actions(&self) -> Vec<Action> {
        let voice = self.voice;
        let reservation = format!("/reservations/{}", self.reserved.id);
        let stands = self.news.stands();
        let resource = self.resource_path();
        let lost = matches!(self.news, ReservationNews::EligibilityLost { .. });
        let asked = matches!(self.news, ReservationNews::AwaitingApproval { .. });
        match self.reserved.side {
            Side::Holder if lost => {
                vec![voice.action("missing", &resource), voice.action("view", &reservation)]
            }
            Side::Holder if stands => vec![voice.action("manage", &reservation)],
            Side::Holder => {
                let again = voice.action("again", &format!("{resource}/reserve"));
                vec![again, voice.action("view", &reservation)]
            }
            Side::Host | Side::Decider if asked => vec![voice.action("decide", &reservation)],
            Side::Host | Side::Decider => vec![voice.action("view", &reservation)],
        }
    }

    fn resource_path(&self) -> String {
        let id = &self.reserved.resource_id;
        match id.kind() {
            ResourceKind::Machine => format!("/machines/{id}"),
            ResourceKind::Host => format!("/hosts/{id}"),
        }
    }

    fn end(&self) -> Vec<String> {
        let invite = match calendar::method_of(self.news) {
            Some(Method::Request) => Some(self.voice.word("invite.request")),
            Some(Method::Cancel) => Some(self.voice.word("invite.cancel")),
            None => None,
        };
        invite.into_iter().collect()
    }
}

/// The words for what is lacking; a person needs to know what to do, not which rule it was.
fn lack(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::AccountBanned | ReasonCode::AccountSuspended => "account",
        ReasonCode::MembershipMissing | ReasonCode::MembershipExpired => "membership",
        ReasonCode::DocumentMissing => "document",
        ReasonCode::TrainingIncomplete | ReasonCode::TrainingExpired => "training",
        ReasonCode::CheckoutMissing | ReasonCode::CheckoutLevel | ReasonCode::CheckoutExpired => {
            "checkout"
        }
        ReasonCode::MachineInactive
        | ReasonCode::MachineMappingBroken
        | ReasonCode::MachineOutage
        | ReasonCode::HoursClosed
        | ReasonCode::HoursClosure => "closed",
        ReasonCode::FirstTimeOnly
        | ReasonCode::StartInPast
        | ReasonCode::GridOff
        | ReasonCode::DurationNotOffered
        | ReasonCode::DurationTooShort
        | ReasonCode::DurationTooLong
        | ReasonCode::DurationOffStep
        | ReasonCode::NoticeCreate
        | ReasonCode::NoticeChange
        | ReasonCode::NoticeCancel
        | ReasonCode::HorizonExceeded
        | ReasonCode::QuotaOpenReservations
        | ReasonCode::QuotaExceeded
        | ReasonCode::StrikesLimit
        | ReasonCode::ReservationGapShort
        | ReasonCode::ReservationChained
        | ReasonCode::ReservationMissing
        | ReasonCode::ReservationUncovered
        | ReasonCode::ReservationNeeded
        | ReasonCode::ReservationParallel
        | ReasonCode::PresenceMissing
        | ReasonCode::ApprovalNeeded => "rules",
    }
}
