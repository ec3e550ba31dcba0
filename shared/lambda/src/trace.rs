//! The platform's trace, by which one invocation is found among those before and after it.

use lambda_runtime::Context;

/// Length of a trace's id: `1-`, eight digits of its time, `-`, twenty-four of its own.
const LENGTH: usize = 35;

/// The id of the trace that an invocation belongs to.
pub(crate) fn of(context: &Context) -> Option<String> {
    context.xray_trace_id.as_deref().and_then(root).map(str::to_owned)
}

/// The id in `Root=…;Parent=…;Sampled=…`; what has another form is none and never logged.
fn root(header: &str) -> Option<&str> {
    let id = header.split(';').find_map(|part| part.trim().strip_prefix("Root="))?;
    let form = id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    (id.len() == LENGTH && form).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1-5759e988-bd862e3fe1be46a994272793";

    #[test]
    fn the_id_stands_after_root_wherever_that_is() {
        for header in [
            "Root=1-5759e988-bd862e3fe1be46a994272793",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            "Parent=53995c3f42cd8ad8; Root=1-5759e988-bd862e3fe1be46a994272793",
        ] {
            assert_eq!(root(header), Some(ID), "{header}");
        }
    }

    #[test]
    fn what_has_another_form_is_no_id() {
        for header in ["", "Root=", "Root=1-2", "Root=1-5759e988-bd862e3fe1be46a99427279\n", ID] {
            assert_eq!(root(header), None, "{header}");
        }
    }
}
