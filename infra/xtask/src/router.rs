//! The routes of the template in the words of `cargo lambda watch` (docs/CONTRIBUTING.md).
//!
//! Printed and kept nowhere, so that it cannot be older than the template.

use std::collections::BTreeMap;

use crate::functions;
use crate::tidy;
use crate::tree::Tree;

/// Prints the configuration.
pub(crate) fn run() -> Result<(), String> {
    print!("{}", told(&Tree::here())?);
    Ok(())
}

fn told(tree: &Tree) -> Result<String, String> {
    let endpoints = tidy::endpoints(tree)?;
    let mut routes: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for function in functions::list(&tidy::metadata()?) {
        for endpoint in endpoints.get(&function.resource()).into_iter().flatten() {
            if let Some((method, path)) = endpoint.split_once(' ') {
                let of_path = routes.entry(path.to_owned()).or_default();
                of_path.push((method.to_owned(), function.name.clone()));
            }
        }
    }
    let one = |(method, function): &(String, String)| {
        format!("{{ method = \"{method}\", function = \"{function}\" }}")
    };
    let line = |(path, of_path): (&String, &Vec<(String, String)>)| {
        format!("\"{path}\" = [{}]\n", of_path.iter().map(one).collect::<Vec<_>>().join(", "))
    };
    Ok(format!("[watch.router]\n{}", routes.iter().map(line).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_the_template_leads_to_its_function() {
        let text = told(&Tree::here()).unwrap();
        assert!(text.starts_with("[watch.router]\n"));
        let health = "\"/api/health\" = [{ method = \"GET\", function = \"health\" }]\n";
        assert!(text.contains(health), "{text}");
        let machines = text.lines().find(|line| line.starts_with("\"/api/machines\" ")).unwrap();
        assert!(machines.contains("machines-list") && machines.contains("machines-create"));
        let all: usize = tidy::endpoints(&Tree::here()).unwrap().values().map(Vec::len).sum();
        assert_eq!(text.matches("method = ").count(), all);
    }
}
