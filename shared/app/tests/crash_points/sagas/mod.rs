//! Every saga in every course of events.

mod cancel;
mod create;
mod decisions;
mod deliveries;
mod jobs;
mod people;
mod reschedule;

use crate::saga::Saga;

/// All of them.
pub(crate) fn all() -> Vec<Saga> {
    let mut all = create::all();
    all.extend(cancel::all());
    all.extend(reschedule::all());
    all.extend(deliveries::all());
    all.extend(jobs::all());
    all.extend(decisions::all());
    all.extend(people::all());
    all
}
