//! Cookies, headers, queries and paths of every route.

use http::{HeaderName, HeaderValue};
use interlock_http::RawRequest;

use super::oracle::{Promised, sent};
use super::{Tally, doors};
use crate::cast::Cast;
use crate::chance::dice::Dice;
use crate::chance::{below, odd, one_of, pace};

/// Headers somebody reads, and some that nobody may believe.
const NAMES: [&str; 20] = [
    "cookie",
    "cookie",
    "cookie",
    "origin",
    "sec-fetch-site",
    "content-type",
    "if-match",
    "idempotency-key",
    "accept-language",
    "x-requested-with",
    "x-request-id",
    "user-agent",
    "authorization",
    "x-forwarded-for",
    "x-forwarded-proto",
    "host",
    "x-cal-signature-256",
    "content-length",
    "content-encoding",
    "x-http-method-override",
];

/// What such a header may say.
const VALUES: [&str; 40] = [
    "*",
    "W/\"1\"",
    "\"1\"",
    "\"1\", \"2\"",
    "\"18446744073709551616\"",
    "\"-1\"",
    "1",
    "\"\"",
    "\"zq7marked\"",
    "no-secret-provided",
    "interlock",
    "Interlock",
    "interlock, interlock",
    "XMLHttpRequest",
    "https://app.test",
    "https://app.test/",
    "https://app.test.zq7marked.test",
    "HTTPS://APP.TEST",
    "null",
    "same-origin",
    "same-site",
    "none",
    "application/json",
    "application/json;charset=utf-8",
    "application/json; charset=zq7marked",
    "application/json, text/plain",
    "application/problem+json",
    "text/plain",
    "multipart/form-data; boundary=zq7marked",
    "de",
    "pt-BR,pt;q=0.9,en;q=0.8",
    "de;q=9999999999,en;q=0.0000001",
    ";;;,,,;q=;q=x;q=1.e",
    "gzip",
    "Bearer zq7marked",
    "Basic enE3bWFya2Vk",
    "203.0.113.7, 10.0.0.1",
    "DELETE",
    "0",
    "99999999999999999999",
];

/// Parts of a header with cookies.
const COOKIES: [&str; 16] = [
    "__Host-session=",
    "__Host-session",
    "__Host-session=usr_ada",
    "__Host-session=usr_zq7marked.0000000000000000000000000000000000000000000000000000000000000000",
    "__Host-session=usr_ada.0000000000000000000000000000000000000000000000000000000000000000",
    "__Host-session=usr_ada.zq7marked",
    "__Host-session=..",
    "__Host-session=\"usr_ada.00\"",
    "__host-session=usr_ada.00",
    "__Host-device=usr_ada.0000000000000000000000000000000000000000000000000000000000000000",
    "__Host-pending=usr_ada.0000000000000000000000000000000000000000000000000000000000000000",
    "__Host-pending=zq7marked",
    "session=zq7marked",
    "theme=dark",
    "=",
    ";;;;",
];

/// Pieces of a path, as they come or as a gateway reads them.
const PIECES: [&str; 22] = [
    "..",
    ".",
    "",
    "%2e%2e",
    "%2F",
    "%",
    "%zz",
    "%00",
    "%ff%fe",
    "%25zq7marked",
    "zq7marked",
    "usr_zq7marked",
    "usr_ada/usr_ada",
    "usr_ada;x=zq7marked",
    "usr_%61da",
    "mch_laser",
    "mch_LASER",
    "hst_laser",
    "rsv_zq7marked",
    "mod_basics ",
    "\u{1f469}\u{200d}\u{1f680}",
    "usr_\u{430}da",
];

/// A value of a header: one that means something somewhere, one with mistakes, or any text.
fn value(dice: &mut Dice, name: &str, known: &[String]) -> Vec<u8> {
    let mut bytes = match dice.between(0, 8) {
        0 => odd::text(dice).into_bytes(),
        1 => odd::bytes(dice, 80),
        2 => one_of(dice, &VALUES).repeat(dice.pick(&[1, 2, 40, 300])).into_bytes(),
        _ if name == "cookie" => {
            let part = |dice: &mut Dice| {
                let good = dice.one_in(2);
                if good { one_of(dice, known).as_str() } else { *one_of(dice, &COOKIES) }
            };
            let parts: Vec<&str> = (0..dice.between(1, 5)).map(|_| part(dice)).collect();
            parts.join(*one_of(dice, &["; ", ";", ",", " "])).into_bytes()
        }
        _ => dice.pick(&VALUES).as_bytes().to_vec(),
    };
    if dice.one_in(4) {
        odd::mar(dice, &mut bytes);
    }
    bytes
}

/// Changes a header: another value, a second one, or none.
fn bend_header(dice: &mut Dice, raw: &mut RawRequest, known: &[String]) {
    let name = HeaderName::from_static(dice.pick(&NAMES));
    // What no server would hand on as a header is left out.
    let Ok(value) = HeaderValue::from_bytes(&value(dice, name.as_str(), known)) else { return };
    match dice.between(0, 5) {
        0 => drop(raw.headers.remove(name)),
        1 => drop(raw.headers.append(name, value)),
        _ => drop(raw.headers.insert(name, value)),
    }
}

fn bend_query(dice: &mut Dice, raw: &mut RawRequest, names: &[&str]) {
    let any = names.is_empty() || dice.one_in(6);
    let strange = ["limit", "cursor", "zq7marked", "", "limit[]", "a&b"];
    let name = (*one_of(dice, if any { &strange } else { names })).to_owned();
    let value = match dice.between(0, 4) {
        0 => (*one_of(dice, &PIECES)).to_owned(),
        1 => (*one_of(dice, &["0", "1", "100", "101", "4294967296", "-1", "1.0", "+1"])).to_owned(),
        _ => odd::text(dice),
    };
    let at = below(dice, raw.query.len());
    match dice.between(0, 5) {
        0 if !raw.query.is_empty() => drop(raw.query.remove(at)),
        1 if !raw.query.is_empty() => raw.query[at].1 = value,
        2 if !raw.query.is_empty() => raw.query.push(raw.query[at].clone()),
        _ => raw.query.push((name, value)),
    }
}

/// Changes a piece of the path, or what the gateway makes of one.
fn bend_path(dice: &mut Dice, raw: &mut RawRequest, pattern: &str) {
    let any = dice.one_in(3);
    let piece = if any { odd::text(dice) } else { (*one_of(dice, &PIECES)).to_owned() };
    let parameters: Vec<&str> = pattern
        .split('/')
        .filter_map(|part| part.strip_prefix('{').and_then(|part| part.strip_suffix('}')))
        .collect();
    if !parameters.is_empty() && dice.one_in(2) {
        raw.path_parameters.push(((*one_of(dice, &parameters)).to_owned(), piece));
    } else {
        let mut pieces: Vec<&str> = raw.path.split('/').collect();
        let at = below(dice, pieces.len());
        pieces[at] = &piece;
        raw.path = pieces.join("/");
    }
}

/// What was shown of a session, and by which pages.
struct Shown {
    cookies: String,
    origins: Vec<Vec<u8>>,
    marked: bool,
}

impl Shown {
    fn of(raw: &RawRequest) -> Self {
        let all = |name: &str| raw.headers.get_all(name).iter();
        let bytes = |value: &HeaderValue| value.as_bytes().to_vec();
        Self {
            cookies: all("cookie").filter_map(|value| value.to_str().ok()).collect(),
            origins: all("origin").map(bytes).collect(),
            marked: all("x-requested-with").any(|value| value.as_bytes() == b"interlock"),
        }
    }

    /// Whether somebody of the workshop showed who he is, on a page of ours if he wrote.
    fn lets_in(&self, known: &[String], writes: bool) -> bool {
        let who = known.iter().any(|cookie| self.cookies.contains(cookie.as_str()));
        let ours = self.origins.iter().all(|origin| origin == b"https://app.test");
        who && (!writes || (ours && self.marked))
    }
}

#[tokio::test]
async fn no_cookie_header_query_or_path_makes_a_call_fail() {
    let cast = Cast::new().await;
    let (promised, mut tally) = (Promised::read(), Tally::default());
    let doors = doors(&cast).await;
    let known: Vec<String> = cast.people.iter().filter_map(|one| one.cookie.clone()).collect();
    pace::play("cookie and headers", 500, async |round| {
        let mut dice = Dice::new(round);
        let door = one_of(&mut dice, &doors);
        let any = dice.one_in(4);
        let sender = cast.cookie(door.sender(&mut dice)).unwrap();
        let cookie = if any { one_of(&mut dice, &known).as_str() } else { sender };
        let mut raw = door.raw.clone().header("cookie", cookie);
        for _ in 0..dice.between(1, 5) {
            match dice.between(0, 8) {
                0 => bend_path(&mut dice, &mut raw, door.route.path),
                1 | 2 => bend_query(&mut dice, &mut raw, door.route.query),
                3 => raw.source_ip = Some(odd::text(&mut dice)),
                _ => bend_header(&mut dice, &mut raw, &known),
            }
        }
        let shown = Shown::of(&raw);
        let (answer, took) = sent(&cast.world().fork(), door, raw, &promised).await;
        if answer.status < 400 && door.route.access.needs_session() {
            let writes = !door.route.method.is_safe();
            assert!(shown.lets_in(&known, writes), "{} let in {}", door.route.name, shown.cookies);
        }
        tally.count(answer.status);
        took
    })
    .await;
    tally.tell("cookie and headers");
}
