//! What infra/samconfig.toml says of a stack, and how a value of it is replaced.
//!
//! Nothing but the one value is touched, so that comments, order and shape stay whoever wrote them.

use std::ops::Range;

/// The name of the file, as it is told.
pub(super) const FILE: &str = "infra/samconfig.toml";

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
        let entries = self.entries().into_iter();
        let texts = entries.filter_map(|range| self.config.get(range));
        texts.map(|text| text.replace("\\\"", "\"")).collect()
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
        let text = self.config.get(self.section()?)?;
        let line = text.lines().find_map(|line| line.trim_start().strip_prefix("region"))?;
        let (_, value) = line.split_once('=')?;
        Some(value.split('#').next()?.trim().trim_matches('"').to_owned())
    }

    /// The whole text with another value of a parameter; nothing where it says so already.
    pub(super) fn with(self, name: &str, value: &str) -> Result<Option<String>, String> {
        let (head, entry) = (format!("{name}="), format!("{name}={value}"));
        let entries = self.entries();
        let text = |range: &Range<usize>| self.config.get(range.clone()).unwrap_or_default();
        if let Some(range) = entries.iter().find(|range| text(range).starts_with(&head)) {
            let same = text(range) == entry;
            return Ok((!same).then(|| self.spliced(range.clone(), &entry)));
        }
        let Some(last) = entries.last() else {
            let place = format!("{FILE}: `{}.{}`", self.env, self.stack);
            return Err(format!("{place} has no parameter_overrides; add {entry}"));
        };
        if self.is_list() {
            let after = last.end.saturating_add(1);
            return Ok(Some(self.spliced(after..after, &format!(",\n    \"{entry}\""))));
        }
        Ok(Some(self.spliced(last.end..last.end, &format!(" {entry}"))))
    }

    fn spliced(self, range: Range<usize>, text: &str) -> String {
        let before = self.config.get(..range.start).unwrap_or_default();
        let after = self.config.get(range.end..).unwrap_or_default();
        [before, text, after].concat()
    }

    /// What stands between the head of the stack and that of the next.
    fn section(self) -> Option<Range<usize>> {
        let head = format!("[\"{}.{}\".deploy.parameters]", self.env, self.stack);
        let start = self.config.find(&head)?.saturating_add(head.len());
        let rest = self.config.get(start..)?;
        let end = rest.find("\n[").map_or(self.config.len(), |end| start.saturating_add(end));
        Some(start..end)
    }

    /// Where the value of `parameter_overrides` begins.
    fn begin(self) -> Option<usize> {
        let section = self.section()?;
        let text = self.config.get(section.clone())?;
        let name = text.find("\nparameter_overrides")?;
        let sign = text.get(name..)?.find('=')?;
        let value = name.saturating_add(sign).saturating_add(1);
        let blank = text.get(value..)?.find(|letter: char| !letter.is_whitespace())?;
        Some(section.start.saturating_add(value).saturating_add(blank))
    }

    fn is_list(self) -> bool {
        let begin = self.begin().and_then(|begin| self.config.get(begin..));
        begin.is_some_and(|text| text.starts_with('['))
    }

    /// Where each parameter stands, without its quotation marks.
    fn entries(self) -> Vec<Range<usize>> {
        let (Some(begin), Some(section)) = (self.begin(), self.section()) else {
            return Vec::new();
        };
        let text = self.config.get(begin..section.end).unwrap_or_default();
        if self.is_list() {
            return moved(quoted(text), begin);
        }
        let whole = quoted(text).into_iter().next().unwrap_or_default();
        let inner = text.get(whole.clone()).unwrap_or_default();
        moved(words(inner), begin.saturating_add(whole.start))
    }
}

fn moved(ranges: Vec<Range<usize>>, by: usize) -> Vec<Range<usize>> {
    let one = |range: Range<usize>| range.start.saturating_add(by)..range.end.saturating_add(by);
    ranges.into_iter().map(one).collect()
}

/// The texts in quotation marks of either kind, up to the end of a list; what a comment says is
/// none of it.
fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut open, mut escaped, mut comment) = (None, false, false);
    for (at, letter) in text.char_indices() {
        match (open, letter) {
            (None, '\n') => comment = false,
            (None, _) if comment => {}
            (None, '#') => comment = true,
            (None, ']') => break,
            (None, '"' | '\'') => open = Some((letter, at.saturating_add(1))),
            (Some((mark, from)), _) if mark == letter && !escaped => {
                found.push(from..at);
                open = None;
            }
            (None | Some(_), _) => {}
        }
        escaped = open.is_some_and(|(mark, _)| mark == '"') && letter == '\\' && !escaped;
    }
    found
}

/// What stands between blanks, but for those in quotation marks, which are part of a value.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut quoted) = (None, false);
    for (at, letter) in text.char_indices() {
        quoted ^= letter == '"';
        match (start, letter.is_whitespace() && !quoted) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                found.push(from..at);
                start = None;
            }
            (None, true) | (Some(_), false) => {}
        }
    }
    found.extend(start.map(|from| from..text.len()));
    found
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
