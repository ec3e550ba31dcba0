//! What managers and admins do: as use cases of production, on instances that may die.

use std::sync::Arc;

use interlock_app::model::Actor;
use interlock_app::{
    Act, App, AppError, CheckoutAnswer, Decision, GuideChange, RevokeCheckout, Snapshot, Terms,
    UpdateResource, UpdateUser, check_out, read_resource, revoke_checkout, update_resource,
    update_user,
};
use interlock_policy::{AccountStatus, ResourceId, UserId};

use crate::client::{self, Want, Wish};
use crate::context::Ctx;
use crate::dice::nth;
use crate::exec::REQUEST_LIMIT;
use crate::faults::Fault;
use crate::fixture::{ADMIN, MANAGER, PEOPLE, RESOURCES, id, resource_id};
use crate::hub::{Life, lock};
use crate::ports;

/// Begins a request of somebody who asks once and does not ask again.
fn begin<F, W>(ctx: &Arc<Ctx>, who: &str, work: F)
where
    F: FnOnce(Arc<Ctx>, App, Act) -> W,
    W: Future<Output = Result<Option<Fault>, AppError>> + Send + 'static,
{
    let app = ports::app(ctx);
    let Ok(request_id) = app.id() else { return };
    let act = Act { actor: Actor::User { user_id: id(who) }, request_id };
    let (work, own) = (work(ctx.clone(), app, act), ctx.clone());
    let told = Box::pin(async move {
        let done = work.await;
        own.hub.note(|| format!("staff: {done:?}"));
        if let Ok(Some(fault)) = done {
            own.hub.hit(own.number(), fault);
        }
    });
    ctx.hub.spawn(ctx.clone(), Life::Function(REQUEST_LIMIT), told);
}

/// Bans a person or lets him in again.
pub(crate) fn ban(ctx: &Arc<Ctx>, who: u64, out: bool) {
    let Some(name) = nth(&PEOPLE, who) else { return };
    let (status, fault) = if out {
        (AccountStatus::Banned, Fault::Banned)
    } else {
        (AccountStatus::Active, Fault::Unbanned)
    };
    begin(ctx, ADMIN, move |ctx, app, act| async move {
        let user_id: UserId = id(name);
        let changes = lock(&ctx.hub.checker).status_of_person(&user_id) != Some(status);
        update_user(&app, &id(ADMIN), &UpdateUser { user_id, status, suspension: None, act })
            .await?;
        Ok(changes.then_some(fault))
    });
}

/// Puts a resource out of use or back in use.
pub(crate) fn set_machine(ctx: &Arc<Ctx>, which: u64, off: bool) {
    let Some(name) = nth(&RESOURCES, which) else { return };
    let fault = if off { Fault::Deactivated } else { Fault::Activated };
    begin(ctx, ADMIN, move |_, app, act| async move {
        let found = read_resource(&app, Snapshot::default(), &resource_id(name)).await?;
        let request = UpdateResource {
            id: found.value.id.clone(),
            version: Some(found.version),
            name: None,
            category: None,
            guide: GuideChange::default(),
            active: Some(!off),
            mapping: None,
            policy_needs_second: None,
            four_eyes: None,
            act,
        };
        update_resource(&app, Snapshot::default(), &request).await?;
        Ok((found.value.active == off).then_some(fault))
    });
}

/// Takes a checkout away or gives it again.
pub(crate) fn set_checkout(ctx: &Arc<Ctx>, who: u64, machine: u64, lost: bool) {
    let machines: Vec<&str> = RESOURCES.into_iter().filter(|one| one.starts_with("mch")).collect();
    let (Some(name), Some(machine)) = (nth(&PEOPLE, who), nth(&machines, machine)) else { return };
    let (user_id, resource_id): (UserId, ResourceId) = (id(name), resource_id(machine));
    begin(ctx, MANAGER, move |_, app, act| async move {
        let by = id(MANAGER);
        if lost {
            let reason = "not seen for a year".to_owned();
            let request = RevokeCheckout { resource_id, user_id, by, reason, to_level: None, act };
            let taken = revoke_checkout(&app, &request).await?;
            return Ok((!taken.is_empty()).then_some(Fault::CheckoutLost));
        }
        let decision = Decision::Approve(Terms::default());
        check_out(&app, &CheckoutAnswer { resource_id, by, decision, act }, &user_id).await?;
        Ok(Some(Fault::CheckoutGranted))
    });
}

/// Says yes or no to what waits for it.
pub(crate) fn decide(ctx: &Arc<Ctx>, which: u64, key: u64) {
    let Some(reservation) = lock(&ctx.hub.checker).nth_waiting(which) else { return };
    let yes = !key.is_multiple_of(4);
    let key = format!("{MANAGER}-{reservation}-{yes}-{}", key % 3);
    let what = Want::Word(reservation, yes);
    let wish = Wish { user: id(MANAGER), staff: true, what, key, patience: 3 };
    client::ask(&ctx.hub, wish, ctx.number());
}
