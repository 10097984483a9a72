//! The rules, one a row of `rules.tsv`.

use std::sync::LazyLock;

/// A rule of a standard.
#[derive(Debug)]
pub struct Rule {
    /// Its name: the format, then what it is about.
    pub id: &'static str,
    /// Whether what breaks it is an error.
    pub error: bool,
    /// Where it comes from.
    pub kind: &'static str,
    /// Standard and section.
    pub reference: &'static str,
    /// What is right.
    pub title: &'static str,
    /// What is said of what is wrong, with the names of what fills the gaps in braces.
    pub message: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rows = include_str!("rules.tsv").lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.filter_map(|row| {
        let cells: Vec<&'static str> = row.split('\t').collect();
        let [id, severity, kind, reference, title, message, advice] = cells[..] else { return None };
        Some(Rule { id, error: severity == "error", kind, reference, title, message, advice })
    })
    .collect()
});

/// All rules, in the order of the table.
#[must_use]
pub fn all() -> &'static [Rule] {
    &RULES
}

/// The number of the rule called `id`.
#[must_use]
pub fn find(id: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.id == id)
}

impl Rule {
    /// The severity in a word.
    #[must_use]
    pub fn severity(&self) -> &'static str {
        if self.error { "error" } else { "warning" }
    }

    /// The message, its gaps filled.
    #[must_use]
    pub fn say(&self, parts: &[(&str, &str)]) -> String {
        filled(self.message, parts)
    }
}

fn filled(template: &str, parts: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(parts.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_row_is_a_rule_with_a_name_of_its_own() {
        let rows = include_str!("rules.tsv").lines().filter(|line| !line.starts_with('#')).count() - 1;
        assert_eq!(all().len(), rows);
        for (number, rule) in all().iter().enumerate() {
            assert_eq!(find(rule.id), Some(number), "{} stands twice", rule.id);
            assert!(["xml", "schema", "protocol"].contains(&rule.kind), "{}", rule.id);
            assert!(rule.advice.ends_with('.') && !rule.reference.is_empty(), "{}", rule.id);
        }
    }

    #[test]
    fn every_rule_is_checked_somewhere_and_every_check_has_its_rule() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files: Vec<_> =
            fs::read_dir(root.join("validate")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.push(root.join("validate.rs"));
        let code: Vec<String> = files
            .iter()
            .filter(|path| path.extension().is_some_and(|end| end == "rs"))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        let code = code.join("\n");
        for rule in all() {
            let own = rule.id.split_once('.').map_or("", |(_, name)| name);
            let named = [rule.id, &format!(".{own}")].iter().any(|name| code.contains(&format!("\"{name}\"")));
            assert!(named, "{} is never checked", rule.id);
        }
        let names = code
            .split('"')
            .filter(|part| ["oai.", "xml."].iter().any(|format| part.len() > 4 && part.starts_with(format)));
        for name in names {
            assert!(find(name).is_some(), "{name} is no rule");
        }
    }

    #[test]
    fn gaps_are_filled_by_name() {
        assert_eq!(filled("{value} in `{parent}`", &[("parent", "header"), ("value", "x")]), "x in `header`");
    }
}
