//! Which version of the C library a program needs.
//!
//! Amazon Linux 2023, where every function runs, has 2.34; a program that asks for more does not
//! start there, and nothing else here would tell.

use object::Endianness;
use object::elf::FileHeader64;
use object::read::elf::FileHeader;

/// The version of the platform.
const PLATFORM: [u32; 2] = [2, 34];
/// How names of its versions begin.
const PREFIX: &str = "GLIBC_";

/// Names of versions that a program asks for beyond the platform's, sorted; none is good. Errors:
/// what cannot be read as a program of 64 bits.
pub(crate) fn beyond(program: &[u8]) -> Result<Vec<String>, String> {
    let mut names = names(program).map_err(|error| format!("is no program: {error}"))?;
    names.retain(|name| name.strip_prefix(PREFIX).is_some_and(is_beyond));
    names.sort();
    names.dedup();
    Ok(names)
}

/// What is no number, as in `GLIBC_PRIVATE`, is of one build of the library and no other.
fn is_beyond(version: &str) -> bool {
    let numbers: Result<Vec<u32>, _> = version.split('.').map(str::parse).collect();
    numbers.map_or(true, |numbers| numbers.as_slice() > PLATFORM.as_slice())
}

/// Names of all versions of libraries that a program asks for.
fn names(program: &[u8]) -> object::read::Result<Vec<String>> {
    let header = FileHeader64::<Endianness>::parse(program)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, program)?;
    let Some((mut needs, strings)) = sections.gnu_verneed(endian, program)? else {
        return Ok(Vec::new());
    };
    let strings = sections.strings(endian, program, strings)?;
    let mut names = Vec::new();
    while let Some((_, mut versions)) = needs.next()? {
        while let Some(version) = versions.next()? {
            names.push(String::from_utf8_lossy(version.name(endian, strings)?).into_owned());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This test itself, which the linker of this machine made.
    fn program() -> Vec<u8> {
        std::fs::read(std::env::current_exe().unwrap()).unwrap()
    }

    /// The same program asking for another version whose name is as long.
    fn asking(from: &str, to: &str) -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        let (mut program, from) = (program(), format!("{from}\0"));
        let places: Vec<usize> = program
            .windows(from.len())
            .enumerate()
            .filter(|(_, window)| *window == from.as_bytes())
            .map(|(at, _)| at)
            .collect();
        assert!(!places.is_empty(), "{from}");
        for at in places {
            program[at..at + to.len()].copy_from_slice(to.as_bytes());
        }
        program
    }

    #[test]
    fn the_versions_a_real_program_asks_for_are_read() {
        let names = names(&program()).unwrap();
        assert!(
            names.iter().any(|name| name == "GLIBC_2.2.5" || name == "GLIBC_2.17"),
            "{names:?}"
        );
    }

    #[test]
    fn a_program_that_asks_for_more_than_the_platform_has_is_found_out() {
        let names = names(&program()).unwrap();
        let old = names.iter().find(|name| name.len() == "GLIBC_2.35".len()).unwrap();
        assert_eq!(beyond(&asking(old, "GLIBC_2.35")).unwrap().last().unwrap(), "GLIBC_2.35");
        assert!(!beyond(&asking(old, "GLIBC_2.34")).unwrap().contains(&"GLIBC_2.34".to_owned()));
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (version, expected) in [
            ("2.2.5", false),
            ("2.9", false),
            ("2.34", false),
            ("2.34.1", true),
            ("2.35", true),
            ("2.100", true),
            ("3.0", true),
            ("PRIVATE", true),
        ] {
            assert_eq!(is_beyond(version), expected, "{version}");
        }
    }

    #[test]
    fn what_is_no_program_is_told_as_such() {
        for bytes in [&b""[..], b"#!/bin/sh\n", &program()[..100]] {
            assert!(beyond(bytes).is_err());
        }
    }
}
