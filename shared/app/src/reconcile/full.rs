//! The nightly pass: the kinds of every resource, then every booking and reservation ahead.

use super::kinds;
use super::note::close_gone;
use super::pass::{Flow, Pace, earliest};
use super::times::Times;
use crate::model::Place;
use crate::resources::all_resources;
use crate::{Act, App, AppError};

/// Goes on from the place of the checkpoint. What fails of one account or booking is told at the
/// end and holds up nothing else.
pub(super) async fn run(app: &App, pace: &mut Pace, act: &Act) -> Result<Flow, AppError> {
    let resources = all_resources(app).await?;
    match kinds::run(app, pace, act, &resources).await? {
        Flow::Done => {}
        flow @ (Flow::Later | Flow::Overtaken) => return Ok(flow),
    }
    if let Some(Place::Kinds { .. }) | None = pace.checkpoint.place {
        let from = earliest(&pace.run);
        pace.checkpoint.place = Some(Place::Times { account: None, from, skip: 0 });
        if !pace.save(app).await? {
            return Ok(Flow::Overtaken);
        }
    }
    let times = Times { resources: &resources, act };
    match times.run(app, pace).await? {
        Flow::Done => {}
        flow @ (Flow::Later | Flow::Overtaken) => return Ok(flow),
    }
    pace.tally.record(&mut pace.run);
    if pace.run.failed == 0 {
        close_gone(app, &pace.tally).await?;
    }
    Ok(Flow::Done)
}
