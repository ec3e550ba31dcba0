//! Cursors of every list: only what we gave, for this list, opens a page, and it shows nothing
//! that its caller could not see without it.

use std::collections::BTreeSet;

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD};
use interlock_app::ports::store::Position;
use interlock_http::{RawRequest, cursor};

use super::oracle::{Promised, sent};
use super::{Door, SENDERS, Tally, doors};
use crate::browser::{Answer, ask};
use crate::cast::Cast;
use crate::chance::dice::Dice;
use crate::chance::{odd, one_of, pace};

/// A list as somebody sees it.
struct List {
    door: usize,
    /// His request without a cursor.
    raw: RawRequest,
    /// Whatever he may see of it.
    items: BTreeSet<String>,
    /// Where its second page begins.
    cursor: Option<String>,
}

fn items(answer: &Answer) -> impl Iterator<Item = String> {
    answer.body["items"].as_array().into_iter().flatten().map(ToString::to_string)
}

/// The request for a page of a list.
fn page(raw: &RawRequest, (name, value): (&str, &str)) -> RawRequest {
    let mut raw = raw.clone();
    raw.query.retain(|(own, _)| own != name);
    raw.query.push((name.to_owned(), value.to_owned()));
    raw
}

/// Every list of everybody who may see it.
async fn lists(cast: &Cast, doors: &[Door]) -> Vec<List> {
    let mut lists = Vec::new();
    let paged = |door: &Door| ["limit", "cursor"].iter().all(|one| door.route.query.contains(one));
    for (number, door) in doors.iter().enumerate().filter(|(_, door)| paged(door)) {
        for person in SENDERS {
            let cookie = cast.cookie(person).unwrap();
            let mut raw = door.raw.clone().header("cookie", cookie);
            // A list that is asked for something narrow has no second page.
            raw.query.retain(|(name, _)| ["from", "to"].contains(&name.as_str()));
            for kind in ["history", "awaiting"] {
                if door.route.query.contains(&kind) {
                    raw = page(&raw, (kind, "true"));
                }
            }
            let world = cast.world().fork();
            let whole = ask(&world, (door.route, door.handler), page(&raw, ("limit", "100"))).await;
            if !whole.body["items"].is_array() {
                continue;
            }
            raw = page(&raw, ("limit", "1"));
            let first = ask(&world, (door.route, door.handler), raw.clone()).await;
            let cursor = first.body["nextCursor"].as_str().map(str::to_owned);
            lists.push(List { door: number, raw, items: items(&whole).collect(), cursor });
        }
    }
    lists
}

/// Makes another cursor of one.
fn bent(dice: &mut Dice, given: &str) -> String {
    let bytes = BASE64URL_NOPAD.decode(given.as_bytes()).unwrap();
    let (signature, body) = bytes.split_at(32);
    let position: Position = serde_json::from_slice(body).unwrap();
    let encoded = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    match dice.between(0, 14) {
        0 => odd::text(dice),
        1 => cursor::seal(&[9; 32], &odd::text(dice), &position).unwrap(),
        // With our key, for a list there is not.
        2 => cursor::seal(&[7; 32], &odd::text(dice), &position).unwrap(),
        3 => given.repeat(dice.pick(&[2, 3, 100])),
        4 => BASE64.encode(&bytes) + *one_of(dice, &["=", " ", "\n"]),
        5 => BASE64URL.encode(&[bytes.as_slice(), b" "].concat()),
        6 => encoded(signature),
        7 => encoded(body),
        8 => encoded(&[&[0; 32], body].concat()),
        9 => encoded(&[signature, b"{}"].concat()),
        10 => format!("{}{given}", one_of(dice, &[" ", "%20", "=", "\u{feff}", "\0"])),
        11 => given.chars().rev().collect(),
        12 => {
            let mut bytes = bytes.clone();
            odd::mar(dice, &mut bytes);
            encoded(&bytes)
        }
        _ => {
            let mut text = given.as_bytes().to_vec();
            odd::mar(dice, &mut text);
            String::from_utf8_lossy(&text).into_owned()
        }
    }
}

#[tokio::test]
async fn only_a_cursor_that_was_given_for_a_list_opens_it() {
    let cast = Cast::new().await;
    let (promised, mut tally) = (Promised::read(), Tally::default());
    let doors = doors(&cast).await;
    let lists = lists(&cast, &doors).await;
    let given: Vec<&List> = lists.iter().filter(|list| list.cursor.is_some()).collect();
    let kinds: BTreeSet<usize> = given.iter().map(|list| list.door).collect();
    assert!(kinds.len() >= 5, "of {} lists only {} have two pages", lists.len(), kinds.len());
    pace::play("cursors", 500, async |round| {
        let mut dice = Dice::new(round);
        let (from, list) = (*one_of(&mut dice, &given), one_of(&mut dice, &lists));
        let list = if dice.one_in(2) { from } else { list };
        let own = from.cursor.as_deref().unwrap();
        let text = if dice.one_in(4) { own.to_owned() } else { bent(&mut dice, own) };
        let door = &doors[list.door];
        let raw = page(&list.raw, ("cursor", &text));
        let (answer, took) = sent(&cast.world().fork(), door, raw, &promised).await;
        tally.count(answer.status);
        let about = format!("{} with `{text}` of {}", door.route.name, doors[from.door].route.name);
        if text == own && std::ptr::eq(from, list) {
            assert_eq!(answer.status, 200, "{about}: {}", answer.text);
        }
        if answer.status == 200 {
            assert!(text == own && from.door == list.door, "{about} opened a page");
            assert!(items(&answer).all(|item| list.items.contains(&item)), "{about} shows more");
        } else {
            assert_eq!(answer.told(), (400, "invalid_cursor"), "{about}");
        }
        took
    })
    .await;
    tally.tell("cursors");
}
