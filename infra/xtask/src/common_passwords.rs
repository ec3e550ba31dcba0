//! Makes the set of refused passwords from a list of the most used ones.
//!
//! Only hashes cut short are kept; the list itself is in no commit (RELIABILITY P2).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use interlock_app::common_passwords::encode;

use crate::tree::Tree;

/// Where the set is.
const SET: &str = "shared/app/src/common_passwords.bin";
/// How many passwords are taken.
const MEMBERS: usize = 100_000;
/// Shorter ones are refused for their length.
const SHORTEST: usize = 8;

/// Writes the set.
pub(crate) fn run(list: &Path) -> Result<(), String> {
    let name = list.display();
    let text = fs::read_to_string(list).map_err(|error| format!("{name}: {error}"))?;
    let (members, read) = most_used(&text, MEMBERS);
    if members.len() < MEMBERS {
        return Err(format!("{name} has {} passwords that are long enough", members.len()));
    }
    let set = encode(members.iter().map(String::as_str));
    let file = Tree::here().root().join(SET);
    fs::write(&file, &set).map_err(|error| format!("{SET}: {error}"))?;
    println!("{MEMBERS} passwords of the first {read} in {} bytes", set.len());
    Ok(())
}

/// The first so many that are long enough, in lower case and each once; and how many lines that
/// took.
fn most_used(list: &str, most: usize) -> (BTreeSet<String>, usize) {
    let (mut members, mut read) = (BTreeSet::new(), 0);
    for line in list.lines() {
        if members.len() == most {
            break;
        }
        read += 1;
        if line.chars().count() >= SHORTEST {
            members.insert(line.to_lowercase());
        }
    }
    (members, read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_long_ones_are_taken_each_once() {
        let list = "123456\npassword\nPASSWORD\r\nübermut\nüberdruss\nfootball\nbaseball\n";
        let (members, read) = most_used(list, 3);
        let members: Vec<_> = members.iter().map(String::as_str).collect();
        assert_eq!((members, read), (vec!["football", "password", "überdruss"], 6));
        assert_eq!(most_used(list, 100).0.len(), 4);
    }
}
