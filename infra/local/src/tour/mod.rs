//! `cargo local --tour`: the main job over HTTP on a temporary data folder.
//! Prints every request with its answer and fails at the first surprise.

mod booking;
mod letters;
mod lost;
mod training;
mod walk;

use std::path::PathBuf;

use crate::cli::{Options, say};
use crate::stack::Stack;
use crate::{LocalError, random};
use walk::Walk;

/// Walks the main job and answers an error at the first surprise.
pub async fn run(options: &Options) -> Result<(), LocalError> {
    let folder = TemporaryFolder::new();
    // Jobs run only where the tour says so: a schedule could repair before the tour looks.
    let options = Options {
        port: 0,
        data: folder.0.clone(),
        no_schedules: true,
        no_web: true,
        tour: true,
        ..options.clone()
    };
    let stack = Stack::start(&options).await?;
    let outcome = walk(&stack.url).await;
    stack.shut_down().await;
    drop(folder);
    outcome?;
    say("\nno surprise");
    Ok(())
}

async fn walk(base: &str) -> Result<(), LocalError> {
    let walk = Walk::new(base)?;
    Walk::title("log in, and see what is missing");
    let ada = walk.log_in("ada@demo.test").await?;
    training::refused(&walk, &ada, 3).await?;
    Walk::title("watch the training");
    training::watch(&walk, &ada, "mod_shop_basics", 180).await?;
    training::watch(&walk, &ada, "mod_laser_safety", 240).await?;
    training::refused(&walk, &ada, 1).await?;
    Walk::title("be checked out by a manager");
    let mia = walk.log_in("mia@demo.test").await?;
    training::check_out(&walk, &mia, &ada).await?;
    Walk::title("see free slots, and book");
    let slots = booking::free_slots(&walk, &ada).await?;
    let first = booking::reserve(&walk, &ada, &slots.first, "tour-1").await?;
    Walk::title("hear of the checkout and of the booking");
    letters::arrive(&walk, 2, ("REQUEST", 1)).await?;
    booking::replay(&walk, &ada, &slots.first, "tour-1", &first).await?;
    let max = walk.log_in("max@demo.test").await?;
    booking::taken(&walk, &max, &slots.first).await?;
    Walk::title("move, and cancel");
    booking::reschedule(&walk, &ada, &first.id, &slots.second).await?;
    letters::arrive(&walk, 3, ("REQUEST", 2)).await?;
    booking::cancel(&walk, &ada, &first.id).await?;
    letters::arrive(&walk, 4, ("CANCEL", 1)).await?;
    Walk::title("book again while webhooks get lost, and the repair");
    lost::drop_all(&walk).await?;
    let again = booking::reserve(&walk, &ada, &slots.first, "tour-2").await?;
    lost::cancel_unseen(&walk, &ada, &again.id).await?;
    lost::reconcile(&walk, &ada, &again.id).await?;
    letters::arrive(&walk, 5, ("CANCEL", 2)).await
}

/// A data folder that goes with its owner.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> Self {
        let name = format!("interlock-tour-{}", random::hexadecimal::<6>());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // Nothing useful can be done about a folder that the system does not let go of.
        let _kept = std::fs::remove_dir_all(&self.0);
    }
}
