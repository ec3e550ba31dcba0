//! Routes as the source declares them.
//!
//! The constant `ROUTE` is read, not run: its method, its name and every path in it.

use std::collections::BTreeSet;

use syn::visit::Visit;

/// Method and path, written as in `GET /api/machines`.
pub(super) type Endpoints = BTreeSet<String>;

/// What a module says of its route.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Declared {
    /// Name such as `reservations.create`.
    pub(super) name: String,
    /// All its endpoints.
    pub(super) endpoints: Endpoints,
}

/// The `ROUTE` of a module, if it has one.
pub(super) fn route(text: &str) -> Option<Declared> {
    let file = syn::parse_file(text).ok()?;
    let constant = file.items.iter().find_map(|item| {
        if let syn::Item::Const(constant) = item {
            (constant.ident == "ROUTE").then_some(&constant.expr)
        } else if let syn::Item::Static(constant) = item {
            (constant.ident == "ROUTE").then_some(&constant.expr)
        } else {
            None
        }
    })?;
    let mut words = Words::default();
    words.visit_expr(constant);
    let method = words.method?;
    let paths = words.texts.iter().filter(|text| text.starts_with("/api/"));
    Some(Declared {
        name: words.texts.first()?.clone(),
        endpoints: paths.map(|path| format!("{method} {path}")).collect(),
    })
}

/// Collects the method and the texts of an expression in the order they are written.
#[derive(Default)]
struct Words {
    method: Option<String>,
    texts: Vec<String>,
}

impl<'ast> Visit<'ast> for Words {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let mut segments = path.path.segments.iter().rev();
        let last = segments.next().map(|segment| segment.ident.to_string());
        if segments.next().is_some_and(|segment| segment.ident == "Route") {
            self.method = last.map(|method| method.to_uppercase());
        }
    }

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.texts.push(literal.value());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_gives_its_name_and_every_endpoint() {
        let text = r#"
            pub const ROUTE: Route =
                Route::post("reservations.create", "/api/machines/{machineId}/reservations")
                    .twin("/api/hosts/{hostId}/reservations")
                    .allow(Role::Member)
                    .query(&["limit"])
                    .idempotent(true);
        "#;
        let declared = route(text).unwrap();
        assert_eq!(declared.name, "reservations.create");
        assert_eq!(
            declared.endpoints.into_iter().collect::<Vec<_>>(),
            [
                "POST /api/hosts/{hostId}/reservations",
                "POST /api/machines/{machineId}/reservations"
            ]
        );
    }

    #[test]
    fn a_module_without_a_route_gives_none() {
        assert_eq!(route("pub fn handle() {}"), None);
    }
}
