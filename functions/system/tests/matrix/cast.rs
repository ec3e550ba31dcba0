//! Who calls.

use interlock_app::model::{Account, ManagerScope};
use interlock_http::{Handler, RawRequest, Route};
use interlock_policy::{AccountStatus, Role, UserId};
use interlock_testkit::World;

use crate::browser::{self, Answer};
use crate::samples::Sample;
use crate::workshop::{self, Names};

/// Those to whom what is the owner's is foreign, and who decide about nobody he has to do with.
pub(crate) const FOREIGN: [&str; 3] = ["member", "host", "manager elsewhere"];

/// Somebody who calls.
pub(crate) struct Person {
    /// What he is, as the page says it.
    pub(crate) is: &'static str,
    /// What his browser shows; nobody's shows nothing.
    pub(crate) cookie: Option<String>,
}

/// The workshop and everybody in it.
pub(crate) struct Cast {
    world: World,
    /// Everybody, in the order of the page.
    pub(crate) people: Vec<Person>,
    /// What the samples name, and what it is called here.
    pub(crate) names: Names,
    /// The reservation that waits for a yes, in place of the one that is confirmed.
    waiting: (String, String),
}

impl Cast {
    /// The workshop with one of everything the samples are about.
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let people = people(&world).await;
        let cookie = |is: &str| {
            let person = people.iter().find(|person| person.is == is);
            person.and_then(|person| person.cookie.clone()).unwrap()
        };
        let (names, waiting) =
            workshop::furnish(&world, (&cookie("owner"), &cookie("admin"))).await;
        Self { world, people, names, waiting }
    }

    /// Sends a sample as somebody, in a workshop of its own.
    pub(crate) async fn ask(
        &self,
        (route, handler): (&'static Route, Handler),
        sample: &Sample,
        person: &Person,
    ) -> Answer {
        let raw = self.request(route, sample, person.cookie.as_deref());
        browser::ask(&self.world.fork(), (route, handler), raw).await
    }

    /// A sample as a request, about what it can be about.
    pub(crate) fn request(
        &self,
        route: &Route,
        sample: &Sample,
        cookie: Option<&str>,
    ) -> RawRequest {
        let mut raw = sample.by(cookie);
        if ["reservations.approve", "reservations.decline"].contains(&route.name) {
            raw.path = raw.path.replace(&self.waiting.0, &self.waiting.1);
        }
        raw
    }

    /// The workshop as it was before anybody asked anything.
    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    /// What somebody shows.
    pub(crate) fn cookie(&self, is: &str) -> Option<&str> {
        self.people.iter().find(|person| person.is == is)?.cookie.as_deref()
    }
}

/// What makes a person.
struct Made {
    is: &'static str,
    name: &'static str,
    roles: &'static [Role],
    scope: Option<ManagerScope>,
    status: AccountStatus,
}

impl Made {
    const fn plain(is: &'static str, name: &'static str, roles: &'static [Role]) -> Self {
        Self { is, name, roles, scope: None, status: AccountStatus::Active }
    }
}

async fn people(world: &World) -> Vec<Person> {
    let lasers = ManagerScope { machines: vec![world.laser()], categories: vec![] };
    let elsewhere = ManagerScope { machines: vec![], categories: vec!["mills".to_owned()] };
    let suspended = AccountStatus::Suspended;
    let wanted = [
        Made::plain("expired", "old", &[Role::Member]),
        Made { status: AccountStatus::Banned, ..Made::plain("banned", "ban", &[Role::Member]) },
        Made { status: suspended, ..Made::plain("suspended", "sue", &[Role::Member]) },
        Made::plain("owner", "ada", &[Role::Member]),
        Made::plain("member", "eve", &[Role::Member]),
        Made::plain("host", "coach", &[Role::Member, Role::Host]),
        Made::plain("host of the laser", workshop::HOST, &[Role::Member, Role::Host]),
        Made { scope: Some(lasers), ..Made::plain("manager of lasers", "mia", &[Role::Manager]) },
        Made {
            scope: Some(elsewhere),
            ..Made::plain("manager elsewhere", "tom", &[Role::Manager])
        },
        Made::plain("admin", "root", &[Role::Admin]),
    ];
    let mut people = vec![Person { is: "nobody", cookie: None }, invited(world).await];
    for made in wanted {
        let id = person(world, &made).await;
        let cookie = Some(world.session(&id).await);
        if made.is == "expired" {
            world.advance(13 * 3600);
        }
        people.push(Person { is: made.is, cookie });
    }
    people
}

/// Made by an admin, and without a password until the link of the invitation was used. No session
/// can be his before, so what he shows is made up.
async fn invited(world: &World) -> Person {
    let id = world.person("new").await;
    let cookie = Some(format!("__Host-session={id}.{}", "0".repeat(64)));
    Person { is: "invited", cookie }
}

/// With everything the laser asks for, and a password.
async fn person(world: &World, made: &Made) -> UserId {
    let id = world.eligible(made.name).await;
    let account = world.account_of(&id).unwrap();
    let (roles, scope) = (made.roles.to_vec(), made.scope.clone());
    world.put(&Account { roles, scope, status: made.status, ..account }).await;
    world.password(&id, "interlock-demo").await;
    id
}
