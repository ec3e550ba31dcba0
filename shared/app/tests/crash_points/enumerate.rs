//! Every single and every double death of a saga, each brought right by one more run.
//!
//! No count is written down: a point is tried after the other until the work gets through. A death
//! that leaves the world as the death at the point before did, byte for byte, is counted and not
//! repaired a second time, unless every run is asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use interlock_app::AppError;

use crate::fuse::{Came, Fuse, die_at};
use crate::saga::{Landing, PAUSE, Repair, Saga, end};
use crate::scene::{Heard, Imprint, Scene};
use crate::whole;

/// What an enumeration counted.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    /// Points at which the saga can die.
    pub(crate) single: usize,
    /// Pairs of a point of the saga and a point of what repairs it.
    pub(crate) double: usize,
    /// Runs until everything was whole.
    pub(crate) runs: usize,
}

/// Tries them all; the first that is not repaired is the error.
pub(crate) fn enumerate(saga: &Saga, every_run: bool) -> Result<Counts, String> {
    let mut counts = Counts::default();
    let mut ends = BTreeSet::new();
    let start = (saga.scene)();
    undisturbed(saga, &start.fork())?;
    let mut before: Option<(Imprint, usize)> = None;
    for point in 1.. {
        let scene = start.fork();
        let Some(place) = dies(saga, &scene, point) else { break };
        counts.single += 1;
        let left = scene.imprint();
        if let Some((same, doubles)) = &before
            && *same == left
            && !every_run
        {
            counts.double += doubles;
            continue;
        }
        land(saga, &scene, Landing::Soon);
        let doubles = counts.double;
        let died =
            Died { saga, scene, every_run, told: format!("{} dies {place} ({point})", saga.name) };
        died.once(&mut ends, &mut counts)?;
        for first in saga.first {
            died.twice((point, *first), &mut ends, &mut counts)?;
        }
        before = Some((left, counts.double - doubles));
    }
    let expected: BTreeSet<String> = saga.ends.iter().map(|end| (*end).to_owned()).collect();
    if ends != expected {
        return Err(format!("{}: ends in {ends:?}, not {expected:?}", saga.name));
    }
    Ok(counts)
}

/// Without a death it ends as the first of its ends says, once the first of the last has run.
fn undisturbed(saga: &Saga, scene: &Scene) -> Result<(), String> {
    let _heard = crate::dice::run((saga.act)(scene, scene.world.app.clone()));
    land(saga, scene, Landing::Soon);
    doubt_passes(saga, scene);
    through(saga, scene, saga.last[0]);
    let end = end(saga, scene);
    match whole::fault(scene) {
        Some(fault) => Err(format!("{} undisturbed: {fault}", saga.name)),
        None if saga.ends.first() != Some(&end.as_str()) => {
            Err(format!("{} undisturbed ends as {end}", saga.name))
        }
        None => Ok(()),
    }
}

/// What lands too late finds that the resolver has been there.
fn doubt_passes(saga: &Saga, scene: &Scene) {
    if saga.landing == Landing::TooLate {
        through(saga, scene, Repair::Sweep);
        scene.world.scheduler.land();
    }
}

/// A saga that has died once.
struct Died<'a> {
    saga: &'a Saga,
    scene: Scene,
    every_run: bool,
    told: String,
}

impl Died<'_> {
    /// Each of the last repairs it.
    fn once(&self, ends: &mut BTreeSet<String>, counts: &mut Counts) -> Result<(), String> {
        for last in self.saga.last {
            let scene = self.scene.fork();
            doubt_passes(self.saga, &scene);
            settled(self.saga, &scene, *last, ends)
                .and_then(|()| asked_again(self.saga, &scene))
                .map_err(|fault| format!("{}, {last:?}: {fault}", self.told))?;
            counts.runs += 1;
        }
        Ok(())
    }

    /// What repairs it dies at each of its points, and one of the last repairs that, each in turn.
    fn twice(
        &self,
        (point, first): (usize, Repair),
        ends: &mut BTreeSet<String>,
        counts: &mut Counts,
    ) -> Result<(), String> {
        let saga = self.saga;
        let mut before = None;
        for second in 1.. {
            let scene = self.scene.fork();
            // Whoever asks again does so at once; a job runs when it is time.
            scene.world.advance(if first == Repair::Again { 0 } else { PAUSE });
            let repair = |app, _: &Arc<Fuse>| first.work(saga, &scene, app);
            let Came::Died(then) = die_at(&scene.world.app, Some(second), repair) else { break };
            counts.double += 1;
            let left = scene.imprint();
            if before.as_ref() == Some(&left) && !self.every_run {
                continue;
            }
            before = Some(left);
            land(saga, &scene, Landing::TooLate);
            let last = saga.last[(point + second) % saga.last.len()];
            settled(saga, &scene, last, ends).map_err(|fault| {
                format!("{}, {first:?} dies {then} ({second}), {last:?}: {fault}", self.told)
            })?;
            counts.runs += 1;
        }
        Ok(())
    }
}

fn dies(saga: &Saga, scene: &Scene, point: usize) -> Option<String> {
    match die_at(&scene.world.app, Some(point), |app, _| (saga.act)(scene, app)) {
        Came::Died(place) => Some(place),
        Came::Through(_) => None,
    }
}

fn land(saga: &Saga, scene: &Scene, when: Landing) {
    if saga.landing == when {
        scene.world.scheduler.land();
    }
}

/// One run with all faults over.
fn through(saga: &Saga, scene: &Scene, repair: Repair) {
    scene.world.scheduler.clear_faults();
    scene.world.advance(PAUSE);
    let work = repair.work(saga, scene, scene.world.app.clone());
    crate::dice::run(work).expect("a repair runs once faults are over");
}

/// One run, and all is whole.
fn settled(
    saga: &Saga,
    scene: &Scene,
    last: Repair,
    ends: &mut BTreeSet<String>,
) -> Result<(), String> {
    through(saga, scene, last);
    ends.insert(end(saga, scene));
    whole::fault(scene).map_or(Ok(()), Err)
}

/// Whoever started it asks once more with the same key, and all stays whole.
fn asked_again(saga: &Saga, scene: &Scene) -> Result<(), String> {
    let before = scene.subject();
    let heard = crate::dice::run((saga.act)(scene, scene.world.app.clone()));
    through(saga, scene, Repair::Sweep);
    if let Some(fault) = whole::fault(scene) {
        return Err(format!("asked again: {fault}"));
    }
    honest(scene, &heard, before.as_ref().map(|one| one.id.as_str()))
}

/// Success is said only of what stands, and a request that was remembered makes nothing new.
fn honest(scene: &Scene, heard: &Heard, before: Option<&str>) -> Result<(), String> {
    let placed = match heard {
        Heard::Placed(placed) => placed,
        Heard::No(error @ AppError::Internal { .. }) => {
            return Err(format!("asked again, and heard of an inner fault: {error:?}"));
        }
        Heard::No(_) | Heard::Done => return Ok(()),
    };
    if placed.replayed && before.is_some_and(|id| id != placed.reservation.id.as_str()) {
        return Err("a replay answers for another reservation".to_owned());
    }
    let now = scene.subject().map(|one| one.status());
    match placed.status {
        201 if now != Some(interlock_app::model::Status::Confirmed) => {
            Err(format!("201 was said of {now:?}"))
        }
        _ => Ok(()),
    }
}
