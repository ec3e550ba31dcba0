//! The words of the catalogue and the previews made of them.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

use interlock_notify::{Kind, Language, render, words};
use support::samples::samples;
use support::{reader, site};

/// The places of a text, in order of their names.
fn places(text: &str) -> BTreeSet<String> {
    let after = text.split('{').skip(1);
    after.map(|part| part.split_once('}').unwrap().0.to_owned()).collect()
}

#[test]
fn every_language_has_the_same_keys_with_the_same_places() {
    let catalogue = |language| -> BTreeMap<&str, BTreeSet<String>> {
        words::entries(language).map(|(key, text)| (key, places(text))).collect()
    };
    let mut english = catalogue(Language::English);
    for language in [Language::German, Language::Portuguese] {
        let mut other = catalogue(language);
        // A form of a date may lack what its language does not write.
        english.retain(|key, _| !key.starts_with("form."));
        other.retain(|key, _| !key.starts_with("form."));
        assert_eq!(other, english, "{language:?}");
    }
}

#[test]
fn no_key_is_there_twice_and_no_text_is_empty() {
    for language in Language::ALL {
        let mut seen = BTreeSet::new();
        for (key, text) in words::entries(language) {
            assert!(seen.insert(key), "{language:?} has `{key}` twice");
            assert_eq!(text.trim(), text, "{language:?} {key}");
            assert!(!text.is_empty(), "{language:?} {key}");
        }
    }
}

#[test]
fn every_kind_has_a_sample_named_after_it() {
    for kind in Kind::ALL {
        let named = |(name, message): &(&str, interlock_notify::Message)| {
            message.kind() == kind && name.split('-').next() == Some(kind.word())
        };
        assert!(samples().iter().any(named), "{kind:?}");
    }
}

/// An empty label, an empty paragraph or a place left open would be a key that is missing.
#[test]
fn no_message_in_any_language_has_a_hole() {
    for (name, message) in samples() {
        for language in Language::ALL {
            let mail = render(&message, &reader(language), &site()).unwrap();
            for hole in ["<p></p>", "<h2></h2>", "\"></th>", "<td></td>", "></a>", "(, "] {
                assert!(!mail.html.contains(hole), "{name} {language:?} has {hole}");
            }
            for text in [mail.subject.as_str(), mail.text.as_str()] {
                assert!(!text.contains(['{', '}']), "{name} {language:?}: {text}");
                assert!(!text.is_empty() && !text.starts_with([':', ',']), "{name} {language:?}");
            }
            assert!(!mail.text.lines().any(|line| line.starts_with(':')), "{name} {language:?}");
        }
    }
}

#[test]
fn no_two_languages_say_a_message_alike() {
    for (name, message) in samples() {
        let said: BTreeSet<String> = Language::ALL
            .into_iter()
            .map(|language| render(&message, &reader(language), &site()).unwrap().text)
            .collect();
        assert_eq!(said.len(), 3, "{name}");
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/mails")
}

fn previews() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut list = String::from(
        "# Every message\n\nMade by `shared/notify/tests/catalogue.rs`; `cargo xtask bless` writes \
         it anew.\nThe reader of the samples is in Asia/Kolkata, the machine in Europe/Berlin, the \
         host in America/Sao_Paulo.\n\n| Message | Subject | English | Deutsch | Português |\n\
         |---|---|---|---|---|\n",
    );
    for (name, message) in samples() {
        let mut cells = String::new();
        for language in Language::ALL {
            let mail = render(&message, &reader(language), &site()).unwrap();
            let file = format!("{}/{name}", language.tag());
            let text = format!("Subject: {}\n\n{}\n", mail.subject, mail.text.trim_end());
            files.insert(format!("{file}.txt"), text);
            files.insert(format!("{file}.html"), format!("{}\n", mail.html.trim_end()));
            write!(cells, " [text]({file}.txt) · [HTML]({file}.html) |").unwrap();
        }
        let english = render(&message, &reader(Language::English), &site()).unwrap();
        writeln!(list, "| `{name}` | {} |{cells}", english.subject).unwrap();
    }
    files.insert("README.md".to_owned(), list);
    files
}

fn found() -> BTreeMap<String, String> {
    let tags = Language::ALL.map(Language::tag);
    let folders = tags.into_iter().map(|tag| folder().join(tag)).chain([folder()]);
    let entries = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    let files = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let relative = |path: PathBuf| {
        let name = path.strip_prefix(folder()).unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(&path).unwrap())
    };
    files.map(relative).collect()
}

#[expect(clippy::disallowed_methods, reason = "a switch for whoever runs the test")]
fn blessing() -> bool {
    std::env::var_os("INTERLOCK_BLESS").is_some()
}

#[test]
fn the_pages_of_docs_mails_are_what_is_sent() {
    let wanted = previews();
    if blessing() {
        for tag in Language::ALL.map(Language::tag) {
            drop(std::fs::remove_dir_all(folder().join(tag)));
            std::fs::create_dir_all(folder().join(tag)).unwrap();
        }
        for (name, content) in &wanted {
            std::fs::write(folder().join(name), content).unwrap();
        }
    }
    let found = found();
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&wanted), "run `cargo xtask bless`");
    for (name, content) in &wanted {
        assert_eq!(&found[name], content, "{name}: run `cargo xtask bless`");
    }
}
