//! Binaries are ten lines that differ in one name.
//!
//! What a binary does beyond starting its handler would run in Lambda and in no test.

use std::collections::BTreeMap;

use cargo_metadata::Metadata;

use super::{Faults, source};
use crate::functions::{self, Function};
use crate::tree::Tree;

const MOST_LINES: usize = 10;

/// Checks the files of all binaries and that each file is a binary of the manifest.
pub(super) fn check(tree: &Tree, metadata: &Metadata, faults: &mut Faults) {
    let all = functions::list(metadata);
    let mut owner = BTreeMap::new();
    for function in &all {
        if let Some(other) = owner.insert(&function.name, &function.package) {
            faults.add(&function.bin_file(), format!("`{other}` has a bin of this name too"));
        }
        let file = function.bin_file();
        let Some(text) = tree.read(&file) else {
            faults.add(&file, "is missing");
            continue;
        };
        let module = tree.read(&function.module_file()).unwrap_or_default();
        for fault in check_one(function, &text, &module) {
            faults.add(&file, fault);
        }
    }
    for path in tree.files("functions") {
        let in_bin = path.contains("/src/bin/");
        if in_bin && !all.iter().any(|function| function.bin_file() == path) {
            faults.add(&path, "is no bin of its manifest");
        }
    }
}

fn check_one(function: &Function, text: &str, module: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > MOST_LINES {
        faults.push(format!("{lines} lines, at most {MOST_LINES}"));
    }
    let body = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    if !text.starts_with("//! ") {
        faults.push("its first line must say what it serves".to_owned());
    }
    if function.is_job() {
        return faults;
    }
    if body(text) != body(&expected(function)) {
        faults.push(format!("differs from the expected text:\n{}", expected(function)));
    }
    if let Some(declared) = source::route(module) {
        let header = text.lines().next().unwrap_or_default().trim_start_matches("//! ");
        let named = declared.endpoints.iter().any(|endpoint| header.contains(endpoint.as_str()));
        if !named {
            faults.push("its first line must name its route".to_owned());
        }
    }
    faults
}

/// The text of a binary that serves a route.
fn expected(function: &Function) -> String {
    let (package, module) = (&function.package, function.module());
    format!(
        "//! `METHOD /path`\n\
         use {package}::{module};\n\
         \n\
         #[tokio::main(flavor = \"current_thread\")]\n\
         async fn main() -> Result<(), interlock_lambda::Error> {{\n    \
             interlock_lambda::serve(&{module}::ROUTE, {module}::handle).await\n\
         }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str =
        r#"pub const ROUTE: Route = Route::get("auth.me", "/api/auth/me").any_caller();"#;

    fn me() -> Function {
        Function::new("auth-me", "auth")
    }

    #[test]
    fn the_expected_text_passes() {
        let text = expected(&me()).replace("METHOD /path", "GET /api/auth/me");
        assert_eq!(check_one(&me(), &text, MODULE), Vec::<String>::new());
    }

    #[test]
    fn a_binary_that_does_more_is_found() {
        let text = expected(&me()).replace("METHOD /path", "GET /api/auth/me");
        let more = text.replace("    interlock", "    println!();\n    interlock");
        assert_eq!(check_one(&me(), &more, MODULE).len(), 1);
    }

    #[test]
    fn the_first_line_names_the_route() {
        let text = expected(&me()).replace("METHOD /path", "GET /api/auth/you");
        assert_eq!(check_one(&me(), &text, MODULE), ["its first line must name its route"]);
    }
}
