//! Values that have surprised readers before.
//!
//! Texts carry a mark where they can, so that an answer that repeats one is seen to.

use serde_json::Value;

use super::dice::Dice;
use super::{below, one_of};

/// Stands in texts; no refusal may say it.
pub(crate) const MARK: &str = "zq7marked";
/// Stands in names of fields; a refusal may say it where it points at its place.
pub(crate) const NAME: &str = "zq7named";

/// Values of JSON as they are written.
const WRITTEN: [&str; 30] = [
    "null",
    "true",
    "false",
    "-1",
    "-0",
    "0",
    "0.0005",
    "1",
    "5",
    "59.999",
    "86400",
    "86400.001",
    "1e308",
    "-1e308",
    "1e-320",
    "2147483648",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "9007199254740993",
    "\"5\"",
    "\"\"",
    "\"NaN\"",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "\"wat_0\"",
    "\"\\u0000\\ud83d\\ude00\"",
];

/// Texts.
const TEXTS: [&str; 44] = [
    "",
    " ",
    "\t\n",
    "\u{0}",
    "0",
    "-1",
    "1e9",
    "true",
    "null",
    "zq7marked",
    " zq7marked ",
    "ZQ7MARKED",
    "zq7marked\r\nset-cookie: a=b",
    "zq7marked\u{0}",
    "usr_zq7marked",
    "mch_zq7marked",
    "rsv_zq7marked",
    "mod_zq7marked",
    "mch_laser",
    "usr_ada",
    "usr_",
    "zq7marked@test.example",
    "ada@test.example",
    "a@b@zq7marked",
    "{\"zq7marked\":1}",
    "<b>zq7marked</b>",
    "../../zq7marked",
    "https://zq7marked.test/in",
    "https://127.0.0.1:1/zq7marked",
    "file:///zq7marked",
    "\u{202e}zq7marked",
    "\u{feff}zq7marked",
    "ſtraße\u{301}\u{301}\u{301}",
    "\u{1f469}\u{200d}\u{1f680}",
    "\u{10ffff}\u{fffd}",
    "%zq7marked%s%n",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Etc/Unknown",
    "europe/berlin",
    "00000000-0000-4000-8000-000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "zq7marked-zq7marked-zq7marked-zq7marked-zq7marked-zq7marked-zq7marked",
    "interlock-demo",
];

/// Instants, days and lengths of time, most of them none.
const TIMES: [&str; 22] = [
    "2026-06-03T09:00:00Z",
    "2026-06-03T09:30:00+02:00",
    "2026-06-03T09:00:00",
    "2026-06-03 09:00:00Z",
    "2026-06-03T09:00:00.000000001Z",
    "2026-06-03T09:00:00+99:99",
    "2026-06-03T09:00:00-25:59",
    "2026-02-30T09:00:00Z",
    "2026-06-03T24:00:00Z",
    "2026-06-03T23:59:60Z",
    "1970-01-01T00:00:00Z",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "-009999-01-02T01:59:59Z",
    "+010000-01-01T00:00:00Z",
    "2026-06-03T09:00:00Z[Europe/Berlin]",
    "2026-06-03",
    "99999-12-31",
    "23:59:60",
    "24:00",
    "P1D",
    "PT9999999999999H",
];

/// A value out of place.
pub(crate) fn value(dice: &mut Dice) -> Value {
    if dice.one_in(2) {
        serde_json::from_str(dice.pick(&WRITTEN)).unwrap_or(Value::Null)
    } else {
        text(dice).into()
    }
}

/// A text: one that has surprised, a time, or one that is very long.
pub(crate) fn text(dice: &mut Dice) -> String {
    match dice.between(0, 24) {
        0..=6 => dice.pick(&TIMES).to_owned(),
        7 => {
            let many = [1, 63, 64, 65, 100, 255, 256, 257, 500, 1000, 2048, 8193, 20_000];
            let piece = *one_of(dice, &["a", "zq7marked", "\u{e9}", "\u{1f680}", "\\", "\"", " "]);
            piece.repeat(dice.pick(&many))
        }
        8 => (0..dice.between(1, 12))
            .filter_map(|_| char::from_u32(u32::try_from(dice.between(0, 0x11_0000)).ok()?))
            .collect(),
        _ => dice.pick(&TEXTS).to_owned(),
    }
}

/// Bytes of no form at all.
pub(crate) fn bytes(dice: &mut Dice, most: u64) -> Vec<u8> {
    (0..dice.between(0, most)).map(|_| dice.throw().to_le_bytes()[0]).collect()
}

/// Makes mistakes in bytes: one is another, is gone, is there twice, or the rest is.
pub(crate) fn mar(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..dice.between(1, 6) {
        let at = below(dice, bytes.len());
        match dice.between(0, 8) {
            _ if bytes.is_empty() => bytes.push(b'{'),
            0 | 1 => bytes[at] = dice.throw().to_le_bytes()[0],
            2 => bytes.truncate(at),
            3 => drop(bytes.remove(at)),
            4 => {
                let end = (at + below(dice, 40)).min(bytes.len());
                let piece: Vec<u8> = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => drop(bytes.splice(at..at, [0xed, 0xa0, 0x80])),
            _ => bytes.insert(at, dice.pick(b"0123456789-+eE.\"[]{},: \\/\0\xff")),
        }
    }
}
