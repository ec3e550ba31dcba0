//! What infra/samconfig.toml says of a stack, and how a value of it is replaced.
//!
//! Nothing but the one value is touched, so that comments, order and shape stay whoever wrote them.

use toml_edit::{Array, DocumentMut, Item, Value};

/// The name of the file, as it is told.
pub(super) const FILE: &str = "infra/samconfig.toml";
/// Where a stack says its parameters, as a list or as one text.
const OVERRIDES: &str = "parameter_overrides";

/// One stack of an environment in the text of the file.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) config: &'a str,
    pub(super) env: &'a str,
    pub(super) stack: &'a str,
}

impl Part<'_> {
    /// The parameters that the stack is given, each as `Name=Value`.
    pub(super) fn overrides(self) -> Vec<String> {
        match self.setting(OVERRIDES) {
            Some(Value::Array(list)) => {
                list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            Some(value) => words(value.as_str().unwrap_or_default()),
            None => Vec::new(),
        }
    }

    /// The value of a parameter, if it is given one.
    pub(super) fn value(self, name: &str) -> Option<String> {
        let head = format!("{name}=");
        let overrides = self.overrides();
        let found = overrides.iter().find_map(|entry| entry.strip_prefix(&head));
        found.map(|value| value.trim_matches('"').to_owned())
    }

    /// Where the stack is deployed.
    pub(super) fn region(self) -> Option<String> {
        self.setting("region")?.as_str().map(str::to_owned)
    }

    /// The whole text with another value of a parameter; nothing where it says so already.
    pub(super) fn with(self, name: &str, value: &str) -> Result<Option<String>, String> {
        let (head, entry) = (format!("{name}="), format!("{name}={value}"));
        let mut overrides = self.overrides();
        let place = overrides.iter().position(|own| own.starts_with(&head));
        match place.and_then(|at| overrides.get_mut(at)) {
            Some(own) if *own == entry => return Ok(None),
            Some(own) => own.clone_from(&entry),
            None => overrides.push(entry.clone()),
        }
        let read = self.config.parse::<DocumentMut>();
        let mut document = read.map_err(|error| format!("{FILE}: {error}"))?;
        let path = [&self.key(), "deploy", "parameters", OVERRIDES];
        let item = path.iter().try_fold(document.as_item_mut(), |item, key| item.get_mut(key));
        match item.and_then(Item::as_value_mut) {
            Some(Value::Array(list)) => put(list, place, &entry),
            Some(text) => {
                let decor = text.decor().clone();
                *text = Value::from(overrides.join(" "));
                *text.decor_mut() = decor;
            }
            None => {
                let stack = format!("{FILE}: `{}`", self.key());
                return Err(format!("{stack} has no parameter_overrides; add {entry}"));
            }
        }
        Ok(Some(document.to_string()))
    }

    /// A value of what the stack is deployed with.
    fn setting(self, name: &str) -> Option<Value> {
        let document = self.config.parse::<DocumentMut>().ok()?;
        let item = document.get(&self.key())?.get("deploy")?.get("parameters")?.get(name)?;
        item.as_value().cloned()
    }

    /// The head of the stack in the file.
    fn key(self) -> String {
        format!("{}.{}", self.env, self.stack)
    }
}

/// Puts an entry in the place of another, or at the end, and shaped as its neighbours are.
fn put(list: &mut Array, place: Option<usize>, entry: &str) {
    let neighbour = place.or_else(|| list.len().checked_sub(1));
    let decor = neighbour.and_then(|at| list.get(at)).map(|value| value.decor().clone());
    let mut value = Value::from(entry);
    if let Some(decor) = decor {
        *value.decor_mut() = decor;
    }
    match place {
        Some(at) => drop(list.replace_formatted(at, value)),
        None => list.push_formatted(value),
    }
}

/// What stands between blanks, but for those in quotation marks, which are part of a value.
fn words(text: &str) -> Vec<String> {
    let mut quoted = false;
    let parts = text.split(|letter: char| {
        quoted ^= letter == '"';
        letter.is_whitespace() && !quoted
    });
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "[\"dev.edge\".deploy.parameters]\nregion = \"us-east-1\" # there\n\
        parameter_overrides = [\n    \"AppDomain=lab.test\", # not \"Other=1\"\n    \
        \"ApiHost=old\",\n]\n\n[\"dev.ops\".deploy.parameters]\n\
        parameter_overrides = \"Deployment=dev ApiHost=mine\"\n";

    fn part<'a>(config: &'a str, stack: &'a str) -> Part<'a> {
        Part { config, env: "dev", stack }
    }

    #[test]
    fn a_list_and_a_text_are_read_alike() {
        assert_eq!(part(LIST, "edge").overrides(), ["AppDomain=lab.test", "ApiHost=old"]);
        assert_eq!(part(LIST, "ops").overrides(), ["Deployment=dev", "ApiHost=mine"]);
        assert_eq!(part(LIST, "edge").value("ApiHost").as_deref(), Some("old"));
        assert_eq!(part(LIST, "edge").region().as_deref(), Some("us-east-1"));
        assert_eq!(part(LIST, "api").overrides(), Vec::<String>::new());
    }

    #[test]
    fn one_value_of_one_stack_is_replaced_and_nothing_else() {
        let new = part(LIST, "edge").with("ApiHost", "new").unwrap().unwrap();
        assert_eq!(new, LIST.replace("ApiHost=old", "ApiHost=new"));
        assert_eq!(part(&new, "edge").with("ApiHost", "new"), Ok(None));
        let new = part(LIST, "ops").with("ApiHost", "new").unwrap().unwrap();
        assert_eq!(new, LIST.replace("ApiHost=mine", "ApiHost=new"));
    }

    #[test]
    fn what_is_not_there_is_added_and_a_stack_without_a_place_for_it_is_told() {
        for stack in ["edge", "ops"] {
            let new = part(LIST, stack).with("Started", "true").unwrap().unwrap();
            assert_eq!(part(&new, stack).value("Started").as_deref(), Some("true"), "{new}");
            assert_eq!(part(&new, stack).overrides().len(), 3, "{new}");
        }
        let error = part(LIST, "api").with("Started", "true").unwrap_err();
        assert!(error.contains("`dev.api`") && error.contains("add Started=true"), "{error}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_and_not_written() {
        let broken = LIST.replace("[\n", "{\n");
        let error = part(&broken, "edge").with("ApiHost", "new").unwrap_err();
        assert!(error.starts_with(FILE) && !error.contains("add ApiHost"), "{error}");
    }

    #[test]
    fn blanks_in_a_quoted_value_part_no_words() {
        let night = "SleepAt=\"cron(0 20 * * ? *)\"";
        let list = format!("[\n    \"A=1\",\n    '{night}',\n    \"B=2\",\n]");
        let escaped = format!("\"A=1 {} B=2\"", night.replace('"', "\\\""));
        for overrides in [list, escaped, format!("'A=1 {night} B=2'")] {
            let config =
                format!("[\"dev.ops\".deploy.parameters]\nparameter_overrides = {overrides}\n");
            let ops = part(&config, "ops");
            assert_eq!(ops.overrides(), ["A=1", night, "B=2"], "{config}");
            assert_eq!(ops.value("SleepAt").as_deref(), Some("cron(0 20 * * ? *)"));
            let new = ops.with("B", "3").unwrap().unwrap();
            assert_eq!(part(&new, "ops").overrides(), ["A=1", night, "B=3"], "{new}");
        }
    }

    #[test]
    fn a_value_that_is_quoted_for_sam_is_read_without_the_marks() {
        for empty in ["\"HostedZoneId=\\\"\\\"\"", "'HostedZoneId=\"\"'"] {
            let config = format!(
                "[\"dev.edge\".deploy.parameters]\nparameter_overrides = [\n    {empty},\n    \
                 \"Firewall=off\",\n]\n"
            );
            let edge = part(&config, "edge");
            assert_eq!(edge.overrides(), ["HostedZoneId=\"\"", "Firewall=off"], "{config}");
            assert_eq!(edge.value("HostedZoneId").as_deref(), Some(""));
            assert_eq!(edge.value("Firewall").as_deref(), Some("off"));
        }
    }
}
