//! Credit lines: title, author, source, licence.

use std::fmt::Write as _;

use crate::license::recognise::claim::Warnings;
use crate::license::{Grant, License, Status, Unit};

/// How a credit line is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Style {
    /// Plain text
    #[default]
    Text,
    /// HTML
    Html,
    /// Markdown
    Markdown,
    /// Wikitext
    Wikitext,
    /// CSL-JSON: one item
    Csl,
}

impl Style {
    /// The style of a name such as `html`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Style> {
        Some(match name.to_ascii_lowercase().as_str() {
            "text" | "plain" => Style::Text,
            "html" => Style::Html,
            "markdown" | "md" => Style::Markdown,
            "wikitext" | "wiki" => Style::Wikitext,
            "csl" | "csl-json" => Style::Csl,
            _ => return None,
        })
    }
}

/// What is credited; parts that are not known are left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Work<'a> {
    /// The title.
    pub title: Option<&'a str>,
    /// The author.
    pub author: Option<&'a str>,
    /// Where it was found: an address, or words.
    pub source: Option<&'a str>,
    /// Whether it was changed.
    pub modified: bool,
}

/// A credit line and what it lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribution {
    /// The line.
    pub text: String,
    /// What is missing or not allowed: `title-missing`, `author-missing`, `source-missing`, `licence-not-exact`,
    /// `changes-not-permitted` for a modified work under a licence without derivatives.
    pub warnings: Vec<&'static str>,
}

impl License {
    /// A credit line for a work under this licence.
    #[must_use]
    pub fn attribution(&self, work: Work<'_>, style: Style) -> Attribution {
        let author = filled(work.author).or(self.holder());
        let work = Work { title: filled(work.title), author, source: filled(work.source), ..work };
        let mut warnings = Vec::new();
        for (missing, code) in [
            (work.title.is_none(), "title-missing"),
            (work.author.is_none() && !self.unit().is_some_and(Unit::public_domain), "author-missing"),
            (work.source.is_none(), "source-missing"),
            (self.status() != Status::Exact, "licence-not-exact"),
            (work.modified && self.permissions().derivatives == Grant::No, "changes-not-permitted"),
        ] {
            if missing {
                warnings.push(code);
            }
        }
        let text = if style == Style::Csl { self.csl(work) } else { self.line(work, style) };
        Attribution { text, warnings }
    }

    fn line(&self, work: Work<'_>, style: Style) -> String {
        let mut out = String::new();
        if work.modified {
            out.push_str("Modified from ");
        }
        let link = filled(work.source).filter(|s| is_address(s));
        match work.title {
            Some(t) => {
                let quoted = if style == Style::Wikitext {
                    format!("''{}''", escape(t, style))
                } else {
                    format!("“{}”", escape(t, style))
                };
                out.push_str(&linked(&quoted, link, style));
            }
            None if work.modified => out.push_str(&linked("a work", link, style)),
            None => out.push_str(&linked("This work", link, style)),
        }
        if let Some(a) = work.author {
            let _ = write!(out, " by {}", escape(a, style));
        }
        if let Some(s) = work.source.filter(|s| !is_address(s)) {
            let _ = write!(out, ", {}", escape(s, style));
        } else if let (Some(s), Style::Text) = (link, style) {
            let _ = write!(out, " ({s})");
        }
        self.terms(&mut out, style);
        out
    }

    /// The words about the licence.
    fn terms(&self, out: &mut String, style: Style) {
        let label = self.label();
        let uri = self.uri();
        let verb = match (self.unit(), self.status()) {
            (Some(Unit::Zero), Status::Exact) => " is dedicated to the public domain under ",
            (Some(Unit::Mark), Status::Exact) => " is marked with ",
            (Some(_), Status::Exact | Status::Unversioned) if !self.warnings.has(Warnings::UNCLEAR) => {
                " is licensed under "
            }
            (None, Status::Exact | Status::Statement | Status::Unversioned) => ": ",
            _ => {
                let raw = self.raw().trim();
                if !raw.is_empty() {
                    let _ = write!(out, ". Rights as stated: {}", escape(raw, style));
                }
                return;
            }
        };
        let Some(label) = label else { return };
        out.push_str(verb);
        match (&uri, style) {
            (Some(u), Style::Text) => {
                let _ = write!(out, "{label} ({u})");
            }
            (Some(u), _) => out.push_str(&linked(&escape(&label, style), Some(u), style)),
            (None, _) => out.push_str(&escape(&label, style)),
        }
    }

    fn csl(&self, work: Work<'_>) -> String {
        let mut fields: Vec<(&str, String)> = vec![("type", "graphic".to_owned())];
        let mut author = String::new();
        if let Some(t) = work.title {
            fields.push(("title", t.to_owned()));
        }
        if let Some(a) = work.author {
            author = format!(",\"author\":[{{\"literal\":{}}}]", json(a));
        }
        if let Some(s) = work.source {
            fields.push((if is_address(s) { "URL" } else { "source" }, s.to_owned()));
        }
        if let Some(u) = self.uri() {
            fields.push(("license", u.into_owned()));
        } else if let Some(l) = self.label().filter(|_| self.status() != Status::Invalid) {
            fields.push(("license", l));
        }
        if work.modified {
            fields.push(("note", "modified".to_owned()));
        }
        let list: Vec<String> = fields.iter().map(|(k, v)| format!("{}:{}", json(k), json(v))).collect();
        format!("{{{}{author}}}", list.join(","))
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

/// Only http and https become links.
fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

/// Controls that change the order in which a line is shown, so that it reads as another one.
fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn linked(text: &str, address: Option<&str>, style: Style) -> String {
    let Some(a) = address else {
        return text.to_owned();
    };
    match style {
        Style::Html => format!("<a href=\"{}\">{text}</a>", escape(a, Style::Html)),
        Style::Markdown => format!("[{text}](<{}>)", a.replace(['<', '>'], "")),
        Style::Wikitext => format!("[{} {text}]", a.replace(['[', ']', '|', '<', '>'], "")),
        Style::Text | Style::Csl => text.to_owned(),
    }
}

fn escape(text: &str, style: Style) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !reorders(*c)) {
        match (style, c) {
            (Style::Html, '&') => out.push_str("&amp;"),
            (Style::Html, '<') => out.push_str("&lt;"),
            (Style::Html, '>') => out.push_str("&gt;"),
            (Style::Html, '"') => out.push_str("&quot;"),
            (Style::Html, '\'') => out.push_str("&#39;"),
            (Style::Markdown, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '`' | '#') => {
                out.push('\\');
                out.push(c);
            }
            (Style::Wikitext, '[' | ']' | '{' | '}' | '|' | '<' | '>' | '\'' | '&') => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            (Style::Text | Style::Markdown | Style::Wikitext, c) if c.is_control() => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars().filter(|c| !reorders(*c)) {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::license::parse;

    #[test]
    fn styles() {
        let work = Work {
            title: Some("Gull <1>"),
            author: Some("A. Person"),
            source: Some("https://example.org/1"),
            modified: false,
        };
        let l = parse("CC BY-SA 3.0 NL");
        assert_eq!(
            l.attribution(work, Style::Text).text,
            "“Gull <1>” by A. Person (https://example.org/1) is licensed under CC BY-SA 3.0 NL (https://creativecommons.org/licenses/by-sa/3.0/nl/)"
        );
        assert!(l.attribution(work, Style::Html).text.contains("Gull &lt;1&gt;”</a> by A. Person"));
        assert!(l.attribution(work, Style::Csl).text.starts_with("{\"type\":\"graphic\",\"title\":\"Gull <1>\""));
        assert!(
            parse("CC0")
                .attribution(work, Style::Markdown)
                .text
                .contains("is dedicated to the public domain under [CC0 1.0]")
        );
    }

    #[test]
    fn changes_are_warned_of_and_controls_of_direction_left_out() {
        let work = Work { title: Some("\u{202e}llug"), modified: true, ..Work::default() };
        let a = parse("CC BY-ND 4.0").attribution(work, Style::Text);
        assert!(a.warnings.contains(&"changes-not-permitted") && a.text.contains("“llug”"), "{a:?}");
        assert!(!parse("CC BY 4.0").attribution(work, Style::Text).warnings.contains(&"changes-not-permitted"));
    }

    #[test]
    fn nothing_is_claimed_for_an_impossible_licence() {
        let a = parse("CC0 4.0").attribution(Work::default(), Style::Text);
        assert_eq!(a.text, "This work. Rights as stated: CC0 4.0");
        assert!(a.warnings.contains(&"licence-not-exact"));
        assert_eq!(
            parse("(c) Mike, some rights reserved (CC BY)").attribution(Work::default(), Style::Text).text,
            "This work by Mike is licensed under CC BY"
        );
    }
}
