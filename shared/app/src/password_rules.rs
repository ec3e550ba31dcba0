//! Which passwords are taken.
//!
//! Length decides, and what everybody tries first is refused; nothing is asked about kinds of
//! letters, nothing is cut off, and nothing expires (RELIABILITY P2).

use crate::login::short_enough;
use crate::model::Account;
use crate::{AppError, common_passwords};

/// Fewest characters of a password.
const SHORTEST: usize = 8;
/// Shortest word that says something about a person.
const SHORTEST_WORD: usize = 3;
/// Characters that a password must have beside words anybody would try.
const OWN_CHARACTERS: usize = 6;
/// Words that are tried first against anybody here.
const TRIED_FIRST: [&str; 30] = [
    "password",
    "passwort",
    "passw0rd",
    "p@ssw0rd",
    "senha",
    "secret",
    "interlock",
    "admin",
    "manager",
    "member",
    "welcome",
    "letmein",
    "iloveyou",
    "changeme",
    "default",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "qwerty",
    "qwertz",
    "asdf",
    "yxcv",
    "zxcv",
    "1q2w3e4r",
    "1qaz2wsx",
    "abc123",
    "monkey",
    "dragon",
    "sunshine",
    "football",
];
/// Rows along which fingers and heads walk.
const ROWS: [&str; 6] = [
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
];

/// Refuses a password at a place of the body, with what is wrong with it.
pub(crate) fn judge(pointer: &str, password: &str, account: &Account) -> Result<(), AppError> {
    short_enough(pointer, password)?;
    let refused = |code, detail: &str| Err(AppError::invalid(pointer, code, detail));
    if password.chars().count() < SHORTEST {
        return refused("too_short", "eight characters are the least");
    }
    if own_characters(password, account) < OWN_CHARACTERS || common_passwords::contains(password) {
        return refused("too_common", "the password is among those that are tried first");
    }
    Ok(())
}

/// How many different characters are left when the words that are tried first, what is known of
/// the person, and rows of the keyboard are taken out.
fn own_characters(password: &str, account: &Account) -> usize {
    let mut left = password.to_lowercase();
    let (email, name) = (account.email.to_lowercase(), account.name.to_lowercase());
    let known = email.split(['@', '.', '-', '_', '+']).chain(name.split_whitespace());
    let known = known.filter(|word| word.chars().count() >= SHORTEST_WORD);
    for word in TRIED_FIRST.into_iter().chain(known) {
        left = left.replace(word, "");
    }
    let mut kept: Vec<char> = Vec::new();
    let mut previous = None;
    for letter in left.chars() {
        if !follows(previous, letter) && !kept.contains(&letter) {
            kept.push(letter);
        }
        previous = Some(letter);
    }
    kept.len()
}

/// Whether a character only repeats the one before or takes the next step along a row.
fn follows(previous: Option<char>, letter: char) -> bool {
    let Some(previous) = previous else { return false };
    let step: String = [previous, letter].iter().collect();
    previous == letter || ROWS.iter().any(|row| row.contains(&step))
}

#[cfg(test)]
mod tests {
    use interlock_policy::{AccountStatus, Role};
    use jiff::Timestamp;

    use super::*;

    fn told(password: &str) -> &'static str {
        let account = Account {
            id: "usr_ada".parse().unwrap(),
            email: "ada.lovelace@demo.test".into(),
            name: "Ada Lovelace".into(),
            roles: vec![Role::Member],
            status: AccountStatus::Active,
            suspension: None,
            time_zone: "UTC".parse().unwrap(),
            scope: None,
            membership: crate::model::Membership::default(),
            identity: None,
            session_epoch: 0,
            created_at: Timestamp::UNIX_EPOCH,
        };
        match judge("/newPassword", password, &account) {
            Ok(()) => "",
            Err(AppError::Invalid(faults)) => faults[0].code,
            Err(error) => unreachable!("{error}"),
        }
    }

    #[test]
    fn length_is_what_is_asked_for_and_nothing_of_kinds() {
        for password in [
            "correct horse battery",
            "kfwpxtrq",
            "ünbeträchtlich",
            "tausend  leere  zimmer",
            "🐎🔋📎🪑🌧🎈🧵🪨",
            &"long and longer ".repeat(8),
        ] {
            assert_eq!(told(password), "", "{password}");
        }
        assert_eq!(told("kfwpxtr"), "too_short");
        assert_eq!(told(""), "too_short");
        assert_eq!(told(&"x1y2".repeat(257)), "too_long");
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for password in [
            "password",
            "Password1!",
            "passwort2026",
            "12345678",
            "1234567890",
            "87654321",
            "aaaaaaaaaaaa",
            "abababababab",
            "abcdefgh",
            "qwertyui",
            "qwertz123",
            "interlock",
            "interlock-demo",
            "Interlock1!",
            "lovelace",
            "AdaLovelace1",
            "ada.lovelace@demo.test",
            "1q2w3e4r5t",
            "Chocolate",
            "trustno1",
            "mustang67",
        ] {
            assert_eq!(told(password), "too_common", "{password}");
        }
    }
}
