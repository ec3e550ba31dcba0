//! Where in a file a switch can be put.

use std::collections::HashMap;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::list::Genre;

/// The pieces of a file that can be wrapped, by what is changed in them and where that begins.
#[derive(Default)]
pub(super) struct Places {
    around: HashMap<(Genre, usize), Range<usize>>,
    /// What runs while compiling, when nothing can be switched.
    fixed: Vec<Range<usize>>,
}

impl Places {
    /// Reads a file.
    pub(super) fn of(text: &str) -> Result<Self, String> {
        let file = syn::parse_file(text).map_err(|error| error.to_string())?;
        let mut places = Self::default();
        places.visit_file(&file);
        Ok(places)
    }

    /// The piece in which something that begins there is changed; nothing where it cannot be.
    pub(super) fn around(&self, genre: Genre, start: usize) -> Option<Range<usize>> {
        self.around.get(&(genre, start)).filter(|_| self.runs(start)).cloned()
    }

    /// Whether what stands there runs with the program and not before.
    pub(super) fn runs(&self, start: usize) -> bool {
        !self.fixed.iter().any(|range| range.contains(&start))
    }

    fn add(&mut self, genre: Genre, changed: &impl Spanned, whole: &impl Spanned) {
        let start = changed.span().byte_range().start;
        self.around.insert((genre, start), whole.span().byte_range());
    }

    fn fix(&mut self, item: &impl Spanned) {
        self.fixed.push(item.span().byte_range());
    }
}

impl<'ast> Visit<'ast> for Places {
    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if !binds(&binary.left) && !binds(&binary.right) {
            self.add(Genre::Operator, &binary.op, binary);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        self.add(Genre::Operator, &unary.op, unary);
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_struct(&mut self, whole: &'ast syn::ExprStruct) {
        for field in &whole.fields {
            self.add(Genre::Field, field, whole);
        }
        visit::visit_expr_struct(self, whole);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if let Some((_, guard)) = arm.guard.as_ref().filter(|(_, guard)| !binds(guard)) {
            self.add(Genre::Guard, guard, guard);
        }
        visit::visit_arm(self, arm);
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        if function.sig.constness.is_some() {
            self.fix(function);
        }
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if function.sig.constness.is_some() {
            self.fix(function);
        }
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.fix(item);
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.fix(item);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.fix(item);
    }
}

/// Whether it is part of a chain of conditions that binds a name; that is no value to be wrapped.
fn binds(expression: &syn::Expr) -> bool {
    let syn::Expr::Binary(binary) = expression else {
        return matches!(expression, syn::Expr::Let(_));
    };
    matches!(binary.op, syn::BinOp::And(_)) && (binds(&binary.left) || binds(&binary.right))
}
