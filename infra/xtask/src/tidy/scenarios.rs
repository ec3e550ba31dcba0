//! Which operations the acceptance suite and the tour go through.
//!
//! A path is requested where it stands in a text; a job runs where its name does.

use super::source::Endpoints;
use crate::functions::Function;
use crate::tree::Tree;

/// Where the scenarios are.
pub(super) const FOLDER: &str = "infra/local/tests";
/// A scenario too, printed.
const TOUR: &str = "infra/local/src/tour";

/// What the scenarios say.
#[derive(Debug, Default)]
pub(super) struct Scenarios {
    text: String,
    paths: Vec<String>,
}

impl Scenarios {
    /// Read from their folders.
    pub(super) fn read(tree: &Tree) -> Self {
        let files = tree.files(FOLDER).into_iter().chain(tree.files(TOUR));
        Self::of(files.filter_map(|path| tree.read(&path)).collect())
    }

    fn of(text: String) -> Self {
        let quoted = text.split('"').filter(|piece| piece.starts_with("/api/"));
        let path = |piece: &str| piece.split('?').next().unwrap_or(piece).to_owned();
        let paths = quoted.map(path).collect();
        Self { text, paths }
    }

    /// Whether a function is named, or one of its paths requested.
    pub(super) fn cover(&self, function: &Function, endpoints: &Endpoints) -> bool {
        let path = |endpoint: &String| endpoint.split(' ').nth(1).unwrap_or_default().to_owned();
        self.text.contains(&function.name)
            || endpoints
                .iter()
                .map(path)
                .any(|wanted| self.paths.iter().any(|requested| same(&wanted, requested)))
    }
}

/// Whether a requested path can be one of a pattern; braces on either side stand for anything.
fn same(pattern: &str, requested: &str) -> bool {
    let mut left = pattern.split('/');
    let mut right = requested.split('/');
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(left), Some(right))
                if left == right || left.starts_with('{') || right.contains('{') => {}
            (_, _) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_with_its_values_and_without_its_query() {
        let scenarios = Scenarios::of(
            concat!(
                r#"get("/api/machines/mch_laser/eligibility?start=x");"#,
                r#"get(&format!("/api/reservations/{id}"))"#,
            )
            .to_owned(),
        );
        let covers = |path: &str| {
            let endpoints = [format!("GET {path}")].into();
            scenarios.cover(&Function::new("some-name", "some"), &endpoints)
        };
        assert!(covers("/api/machines/{machineId}/eligibility"));
        assert!(covers("/api/reservations/{reservationId}"));
        assert!(!covers("/api/reservations"));
        assert!(!covers("/api/machines/{machineId}/checkout"));
    }

    #[test]
    fn a_job_is_found_by_its_name() {
        let scenarios = Scenarios::of("run(\"reconcile\")".to_owned());
        assert!(scenarios.cover(&Function::new("reconcile", "jobs"), &Endpoints::new()));
        assert!(!scenarios.cover(&Function::new("outbox-calcom", "jobs"), &Endpoints::new()));
    }
}
