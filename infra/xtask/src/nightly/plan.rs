//! Which runs there are and their full counts (RELIABILITY 5.3); nothing here starts one.

/// One run: a program with its count.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its name for `--only`.
    pub(crate) name: &'static str,
    what: &'static str,
    program: Program,
    count: Count,
}

/// What is started.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Program {
    /// Cargo with these words; a lone `{}` becomes the count.
    Cargo(&'static [&'static str]),
    /// Another command of this tool.
    Own(&'static str),
}

/// How much, and how the program is told.
#[derive(Debug, Clone, Copy)]
enum Count {
    /// In its words.
    Word(u64),
    /// In variables, each with its own count.
    Variables(&'static [(&'static str, u64)]),
    /// Not a matter of counts.
    Once,
}

/// All runs, the shortest first.
pub(crate) const PLAN: &[Run] = &[
    Run {
        name: "build",
        what: "all functions for Lambda, each zip within its budget",
        program: Program::Own("build"),
        count: Count::Once,
    },
    Run {
        name: "sbom",
        what: "a bill of materials for each zip",
        program: Program::Own("sbom"),
        count: Count::Once,
    },
    Run {
        name: "advisories",
        what: "every crate looked up in the copy of the known weaknesses",
        program: Program::Own("advisories"),
        count: Count::Once,
    },
    Run {
        name: "features",
        what: "tests of the crates without their optional features",
        program: Program::Cargo(&["t"]),
        count: Count::Once,
    },
    Run {
        name: "documents",
        what: "the documentation of the source, without a warning",
        program: Program::Cargo(&["doc", "--workspace", "--no-deps", "--document-private-items"]),
        count: Count::Once,
    },
    Run {
        name: "properties",
        what: "every property of every crate, so many cases each",
        program: Program::Cargo(&["test", "--workspace", "--exclude", "interlock-local"]),
        count: Count::Variables(&[("PROPTEST_CASES", 20_000)]),
    },
    Run {
        name: "tampering",
        what: "random tamperings with a sealed chain, each found",
        program: Program::Cargo(&[
            "test",
            "--profile",
            "sim",
            "--package",
            "interlock-audit",
            "--test",
            "tampering",
            "--",
            "--nocapture",
        ]),
        count: Count::Variables(&[("INTERLOCK_TAMPERINGS", 100_000)]),
    },
    Run {
        name: "reproducible",
        what: "two functions built twice from clones in other folders, the same zips",
        program: Program::Own("reproducible"),
        count: Count::Once,
    },
    Run {
        name: "schemathesis",
        what: "examples of each operation, as member, manager and admin, and of links between them",
        program: Program::Own("schemathesis"),
        count: Count::Word(100),
    },
    Run {
        name: "restores",
        what: "restores at random instants over the use cases",
        program: Program::Cargo(&["test", "--test", "restore_drill", "--", "--nocapture"]),
        count: Count::Variables(&[("INTERLOCK_RESTORES", 1000)]),
    },
    Run {
        name: "tables",
        what: "sequences on the table in memory, the embedded one and ministack where it is",
        program: Program::Cargo(&[
            "test",
            "--profile",
            "sim",
            "--test",
            "conformance",
            "differential",
            "--",
            "--nocapture",
        ]),
        count: Count::Variables(&[("INTERLOCK_FIDELITY_SEQUENCES", 100_000)]),
    },
    Run {
        name: "crash",
        what: "every crash point of every saga, once and twice, each repaired anew",
        program: Program::Cargo(&["test", "--test", "crash_points", "--", "--nocapture"]),
        count: Count::Variables(&[("CRASH_EVERY_RUN", 1)]),
    },
    Run {
        name: "linear",
        what: "histories of eight clients, in memory and against the embedded table",
        program: Program::Cargo(&[
            "test",
            "--profile",
            "sim",
            "--test",
            "linear",
            "--",
            "--nocapture",
        ]),
        count: Count::Variables(&[
            ("LINEAR_HISTORIES", 20_000),
            ("LINEAR_OPERATIONS", 40),
            ("LINEAR_EMBEDDED", 500),
        ]),
    },
    Run {
        name: "model",
        what: "worlds of the model of ledger and sagas",
        program: Program::Cargo(&[
            "test",
            "--profile",
            "sim",
            "--test",
            "model",
            "--",
            "--nocapture",
        ]),
        count: Count::Variables(&[("MODEL_WORLDS", 10_000_000)]),
    },
    Run {
        name: "watching",
        what: "hostile sequences, honest viewers, cases of the naive evaluator and mad bodies",
        program: Program::Cargo(&[
            "test",
            "--profile",
            "sim",
            "--no-default-features",
            "--package",
            "interlock-watch",
            "--package",
            "training",
            "--test",
            "hostile",
            "--test",
            "viewers",
            "--test",
            "differential",
            "--test",
            "fuzz",
            "--",
            "--nocapture",
        ]),
        count: Count::Variables(&[
            ("WATCH_SEQUENCES", 1_000_000),
            ("WATCH_VIEWERS", 100_000),
            ("WATCH_CASES", 10_000_000),
            ("WATCH_BODIES", 300_000),
        ]),
    },
    Run {
        name: "policy",
        what: "cases of the naive evaluator of policies, mad documents, and every property",
        program: Program::Cargo(&[
            "test",
            "--profile",
            "sim",
            "--package",
            "interlock-policy",
            "--test",
            "random",
            "--",
            "--nocapture",
        ]),
        count: Count::Variables(&[
            ("POLICY_CASES", 10_000_000),
            ("POLICY_DOCUMENTS", 1_000_000),
            ("POLICY_PROPERTIES", 20_000),
        ]),
    },
    Run {
        name: "benchmarks",
        what: "what decisions and updates of what was watched cost",
        program: Program::Cargo(&[
            "bench",
            "--locked",
            "--manifest-path",
            "infra/bench/Cargo.toml",
            "--target-dir",
            "target/bench",
        ]),
        count: Count::Once,
    },
    Run {
        name: "mutants",
        what: "mutants of policy and watching, each caught; needs `cargo install cargo-mutants`",
        program: Program::Own("mutants"),
        count: Count::Once,
    },
    Run {
        name: "queues",
        what: "scripts on our queue and on ministack, where it is, through the SDK's client",
        program: Program::Cargo(&["test", "--test", "queue_fidelity", "--", "--nocapture"]),
        count: Count::Variables(&[("INTERLOCK_FIDELITY_SCRIPTS", 1000)]),
    },
    Run {
        name: "races",
        what: "rounds of each race of sixty-four clients over HTTP",
        program: Program::Cargo(&["test", "--test", "chaos", "--", "--nocapture", "races::"]),
        count: Count::Variables(&[("INTERLOCK_RACE_ROUNDS", 1000)]),
    },
    Run {
        name: "kills",
        what: "rounds of kills under a mixed load, each whole after one run of the jobs",
        program: Program::Cargo(&["test", "--test", "chaos", "--", "--nocapture", "kills::"]),
        count: Count::Variables(&[("INTERLOCK_KILL_ROUNDS", 300)]),
    },
    Run {
        name: "stack-restores",
        what: "restores of the running table, each whole after one full run",
        program: Program::Cargo(&["test", "--test", "chaos", "--", "--nocapture", "restore::"]),
        count: Count::Variables(&[("INTERLOCK_STACK_RESTORES", 20)]),
    },
    Run {
        name: "fuzz",
        what: "mad inputs at every door, so many seconds of a processor each",
        program: Program::Cargo(&[
            "test",
            "--profile",
            "sim",
            "--no-default-features",
            "--package",
            "system",
            "--test",
            "matrix",
            "--",
            "--nocapture",
            "fuzz::",
        ]),
        count: Count::Variables(&[("INTERLOCK_FUZZ_SECONDS", 1800)]),
    },
    Run {
        name: "sim",
        what: "schedules of the deterministic simulation",
        program: Program::Cargo(&["sim", "--schedules", "{}"]),
        count: Count::Word(10_000_000),
    },
    Run {
        name: "defects",
        what: "schedules at most for each seeded defect, under faults as usual",
        program: Program::Cargo(&["sim", "--defects", "--unbiased", "--schedules", "{}"]),
        count: Count::Word(1_000_000),
    },
];

impl Run {
    /// What it does, with its counts.
    pub(crate) fn title(&self, scale: f64) -> String {
        let counts = self.counts(scale);
        if counts.is_empty() {
            return self.what.to_owned();
        }
        format!("{} ({})", self.what, counts.join(", "))
    }

    /// The count that is told in words; 1 where there is none.
    pub(crate) fn number(&self, scale: f64) -> u64 {
        match self.count {
            Count::Word(count) => scaled(count, scale),
            Count::Variables(_) | Count::Once => 1,
        }
    }

    /// The words for the program.
    pub(crate) fn words(&self, scale: f64) -> Vec<String> {
        let words = match self.program {
            Program::Cargo(words) => words,
            Program::Own(_) => &[],
        };
        let count = self.number(scale).to_string();
        let fill = |word: &&str| if *word == "{}" { count.clone() } else { (*word).to_owned() };
        words.iter().map(fill).collect()
    }

    /// The variables for the program.
    pub(crate) fn variables(&self, scale: f64) -> Vec<(&'static str, String)> {
        let value =
            |(name, count): &(&'static str, u64)| (*name, scaled(*count, scale).to_string());
        match self.count {
            Count::Variables(variables) => variables.iter().map(value).collect(),
            Count::Word(_) | Count::Once => Vec::new(),
        }
    }

    /// What is started.
    pub(crate) fn program(&self) -> Program {
        self.program
    }

    fn counts(&self, scale: f64) -> Vec<String> {
        match self.count {
            Count::Word(count) => vec![scaled(count, scale).to_string()],
            Count::Variables(_) => self
                .variables(scale)
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            Count::Once => Vec::new(),
        }
    }
}

/// A part of a count, never none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts are far below the width of either, and the part is at most one"
)]
fn scaled(count: u64, scale: f64) -> u64 {
    ((count as f64 * scale) as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy;

    #[test]
    fn a_part_of_a_count_is_never_none() {
        assert_eq!(scaled(10_000_000, 1.0), 10_000_000);
        assert_eq!(scaled(300, 0.01), 3);
        assert_eq!(scaled(20, 0.01), 1);
    }

    #[test]
    fn a_count_reaches_its_program() {
        let of = |name| PLAN.iter().find(|run| run.name == name).unwrap();
        assert_eq!(of("races").variables(0.5), [("INTERLOCK_RACE_ROUNDS", "500".to_owned())]);
        assert!(of("races").title(1.0).ends_with("(INTERLOCK_RACE_ROUNDS=1000)"));
        assert!(of("documents").variables(1.0).is_empty());
    }

    #[test]
    fn every_test_that_a_run_names_exists() {
        let metadata = tidy::metadata().unwrap();
        let exists = |name: &str| {
            let mut targets = metadata.packages.iter().flat_map(|package| &package.targets);
            targets.any(|target| target.is_test() && target.name == name)
        };
        for run in PLAN {
            for pair in run.words(1.0).windows(2).filter(|pair| pair[0] == "--test") {
                assert!(exists(&pair[1]), "{}: {}", run.name, pair[1]);
            }
        }
    }
}
