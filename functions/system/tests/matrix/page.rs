//! The page: for each route, what comes back and to whom.

use std::fmt::Write;

use interlock_http::{Handler, Route};

use crate::browser::Answer;
use crate::cast::Cast;
use crate::samples::Sample;

const HEAD: &str = "\
Who may do what

Made by functions/system/tests/matrix from the samples in events/; `cargo xtask bless` writes it.
Each route is called with its sample, each time in the same workshop, by each of these:

nobody             without a session
invited            made by an admin, and without a password yet; an address is proven by the link
                   that chooses the first one, so nobody unverified has a session
expired            with a session whose time is over
banned             with a session from before the ban
suspended          may look, and change only what is his own
owner              a member, whose account, session, reservations and proofs the samples are about
member             another member
host               a host of something else than the laser
host of the laser  whom its reservations are about
manager of lasers  whose scope is the laser
manager elsewhere  whose scope does not have it
admin

\"of nothing\" is the same request about a thing that is not there.
A number of 400 or more has the code of the problem beside it (docs/PROBLEMS.md).
";

/// The whole page.
pub(crate) async fn of(cast: &Cast, routes: &[&(&'static Route, Handler)]) -> String {
    let mut page = HEAD.to_owned();
    for (route, handler) in routes {
        let sample = Sample::of(route, &cast.names);
        let paths: Vec<_> = route.paths().collect();
        let method = route.method.as_str();
        write!(page, "\n{method} {} ({})\n", paths.join(", "), route.name).unwrap();
        page += &lines(cast, (route, *handler), &sample).await;
        if route.path.contains('{') {
            page += "  of nothing\n";
            page += &lines(cast, (route, *handler), &sample.of_nothing(route)).await;
        }
    }
    page
}

/// A line for each thing that comes back, in the order of who meets it first.
async fn lines(cast: &Cast, route: (&'static Route, Handler), sample: &Sample) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for person in &cast.people {
        let answer = cast.ask(route, sample, person).await;
        assert!(answer.status < 500, "{}: {}", route.0.name, answer.text);
        let told = told(&answer);
        match groups.iter_mut().find(|(known, _)| *known == told) {
            Some((_, people)) => people.push(person.is),
            None => groups.push((told, vec![person.is])),
        }
    }
    let line = |(told, people): (String, Vec<&str>)| {
        let all = people.len() == cast.people.len();
        let who = if all { "everybody".to_owned() } else { people.join(", ") };
        format!("    {told:<28} {who}\n")
    };
    groups.into_iter().map(line).collect()
}

fn told(answer: &Answer) -> String {
    match answer.told() {
        (status, "") => status.to_string(),
        (status, code) => format!("{status} {code}"),
    }
}
