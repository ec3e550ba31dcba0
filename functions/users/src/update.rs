//! Changes one thing of a person: whether he may act, what he may do, how he is shown, where he
//! belongs, what a manager may approve people on, how an issuer outside names him, or whether his
//! data must be kept.

use interlock_app::model::{Account, ManagerScope, Suspension, UserBody};
use interlock_app::{
    App, AppError, Said, SetIdentity, SetLegalHold, SetMembership, SetProfile, SetRoles, SetScope,
    UpdateUser, set_identity, set_legal_hold, set_membership, set_profile, set_roles, set_scope,
    update_user,
};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::{AccountStatus, Role, ZoneName};
use jiff::Timestamp;
use serde::Deserialize;

/// `PATCH /api/users/{userId}` (S0-046, S0-051).
pub const ROUTE: Route = Route::patch("users.update", "/api/users/{userId}")
    .allow(Role::Admin)
    .factor(FactorRule::Fresh);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Update {
    status: Option<AccountStatus>,
    reason: Option<String>,
    until: Option<Timestamp>,
    roles: Option<Vec<Role>>,
    name: Option<String>,
    time_zone: Option<ZoneName>,
    groups: Option<Vec<String>>,
    #[serde(default)]
    membership_until: Said<Timestamp>,
    #[serde(default)]
    scope: Said<ManagerScope>,
    #[serde(default)]
    external_subject: Said<String>,
    legal_hold: Option<bool>,
}

/// The one thing that changes.
enum Wish {
    Status(AccountStatus, Option<Suspension>),
    Roles(Vec<Role>),
    Profile(Option<String>, Option<ZoneName>),
    Membership(Option<Vec<String>>, Said<Timestamp>),
    Scope(Option<ManagerScope>),
    Identity(Option<String>),
    LegalHold(bool),
}

impl Update {
    /// The one thing that is named, with the place of the second where there are two.
    fn wish(self) -> Result<Wish, Problem> {
        let Self { status, roles, name, time_zone, groups, membership_until, scope, .. } = self;
        let (subject, legal_hold) = (self.external_subject, self.legal_hold);
        let said = self.reason.is_some() || self.until.is_some();
        let said = said.then_some(Suspension { reason: self.reason, until: self.until });
        if let (None, Some(_)) = (status, &said) {
            let detail = "a reason or an end is said of a status";
            return Err(Problem::fault("/status", "required", detail));
        }
        let shown = name.is_some() || time_zone.is_some();
        let belongs = groups.is_some() || membership_until.is_said();
        let named = [
            status.map(|status| ("/status", Wish::Status(status, said))),
            roles.map(|roles| ("/roles", Wish::Roles(roles))),
            shown.then_some(("/name", Wish::Profile(name, time_zone))),
            belongs.then_some(("/groups", Wish::Membership(groups, membership_until))),
            scope.is_said().then(|| ("/scope", Wish::Scope(scope.into()))),
            subject.is_said().then(|| ("/externalSubject", Wish::Identity(subject.into()))),
            legal_hold.map(|held| ("/legalHold", Wish::LegalHold(held))),
        ];
        let mut named = named.into_iter().flatten();
        let Some((_, wish)) = named.next() else {
            let detail = "status, roles, name, zone, groups, membership, scope, subject or hold";
            return Err(Problem::fault("/status", "missing_field", detail));
        };
        match named.next() {
            Some((second, _)) => Err(Problem::fault(second, "not_both", "one change at a time")),
            None => Ok(wish),
        }
    }
}

/// 200 with the person; 403 `role_required` for a role the caller may not give or take, 404, 409
/// `state_conflict` for one's own status, roles or scope.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let wish = call.json::<Update>()?.wish()?;
    Ok(Reply::ok(&UserBody::at(&changed(&app, &call, wish).await?, app.now())))
}

async fn changed(app: &App, call: &Call, wish: Wish) -> Result<Account, Problem> {
    let (user_id, admin, act) = (call.user_id()?, call.caller_id()?, call.act()?);
    let changed: Result<Account, AppError> = match wish {
        Wish::Status(status, suspension) => {
            update_user(app, admin, &UpdateUser { user_id, status, suspension, act }).await
        }
        Wish::Roles(roles) => set_roles(app, admin, &SetRoles { user_id, roles, act }).await,
        Wish::Profile(name, time_zone) => {
            set_profile(app, admin, &SetProfile { user_id, name, time_zone, act }).await
        }
        Wish::Membership(groups, until) => {
            set_membership(app, admin, &SetMembership { user_id, groups, until, act }).await
        }
        Wish::LegalHold(held) => {
            set_legal_hold(app, admin, &SetLegalHold { user_id, held, act }).await
        }
        Wish::Scope(scope) => set_scope(app, admin, &SetScope { user_id, scope, act }).await,
        Wish::Identity(subject) => {
            set_identity(app, admin, &SetIdentity { user_id, subject, act }).await
        }
    };
    Ok(changed?)
}
