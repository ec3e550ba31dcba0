//! What a decision looked at, so that a reason can be checked by who reads it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CheckoutScope, ExemptionId, Level, ModuleId, OutageId, ReservationId};

/// One fact behind a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Evidence {
    /// A completed module.
    Training {
        /// Which.
        module_id: ModuleId,
        /// When.
        completed_at: Timestamp,
        /// Coverage reached, in per cent.
        percent: u8,
        /// First instant at which it no longer counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lapses_at: Option<Timestamp>,
    },
    /// How far a module was watched.
    Progress {
        /// Which.
        module_id: ModuleId,
        /// Seconds covered.
        covered_seconds: u32,
        /// Its length in seconds.
        duration_seconds: u32,
    },
    /// An approval.
    Checkout {
        /// For what.
        scope: CheckoutScope,
        /// How far it goes.
        level: Level,
        /// When granted.
        granted_at: Timestamp,
        /// First instant at which it no longer counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lapses_at: Option<Timestamp>,
    },
    /// A membership.
    Membership {
        /// First instant at which it no longer runs.
        until: Timestamp,
    },
    /// A document accepted.
    Document {
        /// Which.
        document: String,
        /// In which version.
        version: u32,
    },
    /// A reservation of the person.
    Reservation {
        /// Which.
        reservation_id: ReservationId,
        /// Its start.
        start: Timestamp,
        /// Its end.
        end: Timestamp,
    },
    /// A stretch of the calendar with what the person has in it.
    Usage {
        /// Its first instant.
        from: Timestamp,
        /// The first instant after it.
        until: Timestamp,
        /// Reservations or minutes of the person in it, without the one asked for.
        used: u64,
    },
    /// A stretch in which the resource is out of order.
    Outage {
        /// Which.
        outage_id: OutageId,
        /// First instant.
        starts_at: Timestamp,
        /// First instant after it, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    /// Misses and late cancellations that still count.
    Strikes {
        /// Their points.
        points: u64,
    },
    /// An exemption.
    Exemption {
        /// Which.
        exemption_id: ExemptionId,
        /// Until when.
        until: Timestamp,
    },
}
