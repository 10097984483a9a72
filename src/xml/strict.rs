//! What XML 1.0 forbids and reading forgives: names, attributes, comments, declarations.

/// An attribute as it stands: its name, its value, where the value starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The qualified name.
    pub name: &'a str,
    /// The value with its references unread.
    pub value: &'a str,
    /// Position of the value in what was given.
    pub at: usize,
}

/// The attributes in `raw`, what follows the name in a tag (production 41), or what is wrong.
pub fn attributes(raw: &str) -> Result<Vec<Attribute<'_>>, String> {
    let mut found: Vec<Attribute> = Vec::new();
    let mut at = 0;
    loop {
        let gap = blanks(&raw[at..]);
        at += gap;
        if at == raw.len() {
            return Ok(found);
        }
        let rest = &raw[at..];
        if gap == 0 {
            return Err(format!("a blank is missing before {:?}", shown(rest)));
        }
        let (name, value) = rest.split_once('=').ok_or_else(|| format!("{:?} has no value", shown(rest)))?;
        let name = name.trim_end_matches(BLANK);
        if name.is_empty() || name.contains(BLANK) {
            return Err(format!("{:?} has no value", shown(rest)));
        }
        let value = value.trim_start_matches(BLANK);
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let quote = quote.ok_or_else(|| format!("the value of {name:?} stands without quotes"))?;
        let start = raw.len() - value.len() + 1;
        let value = &raw[start..];
        let end = value.find(quote).ok_or_else(|| format!("the value of {name:?} does not end"))?;
        let value = &value[..end];
        if value.contains('<') {
            return Err(format!("`<` in the value of {name:?}"));
        }
        if found.iter().any(|other| other.name == name) {
            return Err(format!("{name:?} stands twice"));
        }
        found.push(Attribute { name, value, at: start });
        at = start + end + 1;
    }
}

/// The blanks of XML (production 3).
pub const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(BLANK).len()
}

fn shown(text: &str) -> String {
    text.chars().take(30).collect()
}

/// Whether it may name an element or attribute: a name, or two with a colon between them (XML 1.0
/// production 5, Namespaces in XML production 7).
#[must_use]
pub fn is_qualified(name: &str) -> bool {
    match name.split_once(':') {
        Some((prefix, local)) => is_name(prefix) && is_name(local),
        None => is_name(name),
    }
}

/// Whether it is a name without a colon.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(starts_name) && chars.all(|c| starts_name(c) || continues_name(c))
}

fn starts_name(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(c: char) -> bool {
    matches!(c, '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}

/// Whether it may be the name of a namespace: a URI or the relative form of one (RFC 3986 §4.1).
#[must_use]
pub fn is_uri(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let hex =
        |at: usize| text.as_bytes().get(at + 1..at + 3).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit));
    let escaped = text.match_indices('%').all(|(at, _)| hex(at));
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    let scheme = first.split_once(':').is_none_or(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    let authority = text.split_once("//").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    let host = authority.and_then(|authority| authority.rsplit('@').next());
    let port = host.and_then(|host| host.rsplit_once(':')).filter(|(_, port)| !port.ends_with(']'));
    let numbered = port.is_none_or(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let address = host.is_some_and(|host| host.starts_with('[') && host.find(']').is_some_and(|end| end > 1));
    let brackets = text.matches(['[', ']']).count() == if address { 2 } else { 0 };
    text.bytes().all(allowed) && escaped && scheme && numbered && brackets && text.matches('#').count() < 2
}

/// What is wrong with a comment or instruction, markup included, if anything is.
#[must_use]
pub fn aside(markup: &str) -> Option<String> {
    if let Some(comment) = markup.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
        let wrong = comment.contains("--") || comment.ends_with('-');
        return wrong.then(|| format!("`--` inside the comment {:?}", shown(markup)));
    }
    let content = markup.strip_prefix("<?")?.strip_suffix("?>")?;
    let target = content.split(BLANK).next().unwrap_or_default();
    let wrong = !is_name(target) || target.eq_ignore_ascii_case("xml");
    wrong.then(|| format!("{:?} is no instruction", shown(markup)))
}

/// The encoding that an XML declaration names (production 23), or what is wrong with it.
pub fn declaration(markup: &str) -> Result<Option<&str>, String> {
    let wrong = || format!("{:?} is no XML declaration", markup.chars().take(80).collect::<String>());
    let content = markup.strip_prefix("<?xml").and_then(|rest| rest.strip_suffix("?>")).ok_or_else(wrong)?;
    let parts = attributes(content).map_err(|_| wrong())?;
    let order = ["version", "encoding", "standalone"];
    let places: Vec<Option<usize>> =
        parts.iter().map(|part| order.iter().position(|name| *name == part.name)).collect();
    let version = parts.first().filter(|part| part.name == "version");
    let numbered = version
        .and_then(|part| part.value.strip_prefix("1."))
        .is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit()));
    let encoding = parts.iter().find(|part| part.name == "encoding").map(|part| part.value);
    let named = encoding.is_none_or(|name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    });
    let standalone = parts.iter().find(|part| part.name == "standalone");
    let decided = standalone.is_none_or(|part| matches!(part.value, "yes" | "no"));
    if numbered && named && decided && places.iter().all(Option::is_some) && places.is_sorted() {
        Ok(encoding)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_need_blanks_quotes_and_names_of_their_own() {
        let names = |raw| attributes(raw).map(|found| found.iter().map(|a| (a.name, a.value)).collect::<Vec<_>>());
        assert_eq!(names(" a=\"1\"\n b = '2' "), Ok(vec![("a", "1"), ("b", "2")]));
        assert_eq!(attributes(" a=\"1\"").map(|found| found[0].at), Ok(4));
        for wrong in
            [" a", " a=1", " a=\"1\"b=\"2\"", " a=\"1\" a=\"2\"", " a=\"<\"", " a=\"1", " =\"1\"", " a b=\"1\""]
        {
            assert!(attributes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_declaration_is_version_encoding_standalone() {
        assert_eq!(declaration("<?xml version=\"1.0\" encoding='UTF-8' standalone=\"no\" ?>"), Ok(Some("UTF-8")));
        assert_eq!(declaration("<?xml version=\"1.0\"?>"), Ok(None));
        for wrong in
            ["<?xml?>", "<?xml encoding=\"UTF-8\"?>", "<?xml version=\"2.0\"?>", "<?xml version=\"1.0\" x=\"\"?>"]
        {
            assert!(declaration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_have_at_most_one_colon() {
        assert!(is_qualified("dc:title") && is_qualified("é.1-x"));
        assert!(!is_qualified(":a") && !is_qualified("a:b:c") && !is_qualified("a:") && !is_qualified("1a"));
    }

    #[test]
    fn comments_hold_no_double_hyphen() {
        assert!(aside("<!-- a - b -->").is_none() && aside("<?php x?>").is_none());
        assert!(aside("<!-- a -- b -->").is_some() && aside("<?XML x?>").is_some() && aside("<? x?>").is_some());
    }
}
