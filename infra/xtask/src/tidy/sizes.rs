//! How large things may be.
//!
//! The limits keep a thing readable in one look; tests may be long, because a table is one look.

use syn::spanned::Spanned;
use syn::visit::Visit;

use super::Faults;
use crate::tree::Tree;

const FILE_LINES: usize = 400;
const TEST_FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 60;
const HANDLER_LINES: usize = 40;
const PARAMETERS: usize = 5;
const LINE_CHARACTERS: usize = 100;

/// Checks every Rust file of ours, and the width of the templates.
pub(super) fn check(tree: &Tree, faults: &mut Faults) {
    for folder in ["functions", "shared", "infra"] {
        for path in tree.files(folder) {
            let Some(text) = tree.read(&path) else { continue };
            match path.rsplit('.').next() {
                Some("rs") => file(&path, &text, faults),
                Some("yaml" | "toml") if !of_tests(&path) => width(&path, &text, faults),
                Some(_) | None => {}
            }
        }
    }
}

fn file(path: &str, text: &str, faults: &mut Faults) {
    width(path, text, faults);
    let tests = of_tests(path);
    let (lines, most) = (text.lines().count(), if tests { TEST_FILE_LINES } else { FILE_LINES });
    if lines > most {
        faults.add(path, format!("{lines} lines, at most {most}"));
    }
    if tests {
        return;
    }
    match syn::parse_file(text) {
        Ok(parsed) => {
            let handler = path.starts_with("functions/");
            Functions { path, handler, faults }.visit_file(&parsed);
        }
        Err(error) => faults.add(path, format!("cannot be parsed: {error}")),
    }
}

/// Whether a file holds nothing but tests or what only they use.
fn of_tests(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("_tests.rs")
}

fn width(path: &str, text: &str, faults: &mut Faults) {
    for (number, line) in text.lines().enumerate() {
        let characters = line.chars().count();
        if characters > LINE_CHARACTERS {
            let place = format!("{path}:{}", number.saturating_add(1));
            faults.add(&place, format!("{characters} characters, at most {LINE_CHARACTERS}"));
        }
    }
}

/// Measures functions outside tests.
struct Functions<'a> {
    path: &'a str,
    handler: bool,
    faults: &'a mut Faults,
}

impl Functions<'_> {
    fn measure(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = signature.span().start().line;
        let lines = block.span().end().line.saturating_sub(first).saturating_add(1);
        let handler = self.handler && signature.ident == "handle";
        let most = if handler { HANDLER_LINES } else { FUNCTION_LINES };
        let place = format!("{}:{first}", self.path);
        if lines > most {
            let fault = format!("`{}` has {lines} lines, at most {most}", signature.ident);
            self.faults.add(&place, fault);
        }
        let parameters = signature.inputs.len();
        if parameters > PARAMETERS {
            let fault =
                format!("`{}` has {parameters} parameters, at most {PARAMETERS}", signature.ident);
            self.faults.add(&place, fault);
        }
    }
}

fn only_in_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let last = attribute.path().segments.last();
        let test = last.is_some_and(|segment| segment.ident == "test");
        let guarded = attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "test");
        test || guarded
    })
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !only_in_tests(&item.attrs) {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !only_in_tests(&item.attrs) {
            self.measure(&item.sig, &item.block);
            syn::visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !only_in_tests(&item.attrs) {
            self.measure(&item.sig, &item.block);
            syn::visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.measure(&item.sig, block);
        }
        syn::visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> Vec<String> {
        let mut faults = Faults::default();
        file(path, text, &mut faults);
        faults.lines().to_vec()
    }

    fn body(lines: usize) -> String {
        "    let _ = 1;\n".repeat(lines)
    }

    #[test]
    fn a_function_of_sixty_lines_is_the_longest() {
        let text = format!("fn long() {{\n{}}}\n", body(58));
        assert!(faults("shared/app/src/lib.rs", &text).is_empty());
        let text = format!("fn long() {{\n{}}}\n", body(59));
        assert_eq!(
            faults("shared/app/src/lib.rs", &text),
            ["shared/app/src/lib.rs:1: `long` has 61 lines, at most 60"]
        );
    }

    #[test]
    fn a_handler_has_forty_lines() {
        let text = format!("pub async fn handle() {{\n{}}}\n", body(39));
        assert_eq!(faults("functions/auth/src/login.rs", &text).len(), 1);
        assert!(faults("shared/http/src/serve.rs", &text).is_empty());
    }

    #[test]
    fn tests_may_be_long() {
        let text = format!("#[test]\nfn long() {{\n{}}}\n", body(200));
        assert!(faults("shared/app/src/lib.rs", &text).is_empty());
        let text = format!("#[cfg(test)]\nmod tests {{\nfn long() {{\n{}}}\n}}\n", body(200));
        assert!(faults("shared/app/src/lib.rs", &text).is_empty());
        assert!(faults("shared/app/tests/flow.rs", &body(500)).is_empty());
        assert_eq!(faults("shared/app/tests/flow.rs", &body(601)).len(), 1);
    }

    #[test]
    fn files_lines_and_parameters_have_limits() {
        assert_eq!(faults("shared/app/src/lib.rs", &"\n".repeat(401)).len(), 1);
        assert_eq!(faults("shared/app/src/lib.rs", &format!("// {}\n", "x".repeat(98))).len(), 1);
        let six = "fn many(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {}\n";
        assert_eq!(faults("shared/app/src/lib.rs", six).len(), 1);
    }

    #[test]
    fn width_counts_characters_not_bytes() {
        let text = format!("// {}\n", "…".repeat(97));
        assert!(faults("shared/app/src/lib.rs", &text).is_empty());
    }
}
