//! Plain text: blanks, markup, one element that holds several.

use super::function::{Class, Function, Outcome, Rejected, Stays, Value, Why, placeholder, text, unknown};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "text.trim",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::one(text.trim())),
        backward: Some(|value, _| Ok(Value::one(text(value)?.trim()))),
        doc: "Takes blanks off both ends.",
        example: ("  Noordzee ", &[]),
        source: "",
    },
    Function {
        name: "text.clean",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::One(clean(text))),
        backward: Some(|value, _| Ok(Value::One(clean(text(value)?)))),
        doc: "Trims, makes runs of blanks one space and line ends `\\n`; a blank line between paragraphs stays.",
        example: ("Een  film\r\nover\u{a0}vogels ", &[]),
        source: "",
    },
    Function {
        name: "text.strip_tags",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::One(strip_tags(text))),
        backward: Some(|value, _| Ok(Value::One(with_entities(text(value)?)))),
        doc: "Takes the tags of HTML out and resolves references; `a < b` is no tag.",
        example: ("<p>Jan &amp; <i>Piet</i></p>", &[]),
        source: "HTML",
    },
    Function {
        name: "text.split_intro_body",
        arguments: &[],
        class: Class::Iso,
        forward: |text, _| Ok(split_intro_body(text)),
        backward: Some(|value, _| join_intro_body(value)),
        doc: "Splits at the first blank line into `intro` and `body`.",
        example: ("Kort.\n\nLang.", &[]),
        source: "Open Images, dc:description",
    },
    Function {
        name: "split",
        arguments: &["separator"],
        class: Class::Iso,
        forward: |text, arguments| Ok(Value::Many(text.split(separator(arguments)?).map(Cow::Borrowed).collect())),
        backward: Some(|value, arguments| join(value, separator(arguments)?)),
        doc: "One text to several at a separator; nothing is trimmed, so the way back is exact.",
        example: ("vogels;zee", &[";"]),
        source: "",
    },
    Function {
        name: "const",
        arguments: &["text"],
        class: Class::OneWay,
        forward: |_, arguments| match arguments {
            [text] => Ok(Value::One(Cow::Owned((*text).to_owned()))),
            _ => unknown("const needs its text"),
        },
        backward: None,
        doc: "The same text, whatever comes in.",
        example: ("CC0 1.0", &["Copyright"]),
        source: "",
    },
];

/// Texts that a function, and its way back, leave as they are: found out sooner than worked out.
pub(super) const STAYS: &[(&str, Stays)] = &[("text.split_intro_body", Stays::OneLine)];

fn separator<'a>(arguments: &[&'a str]) -> Result<&'a str, Rejected> {
    match arguments {
        [separator] if !separator.is_empty() => Ok(separator),
        _ => unknown("no separator is given"),
    }
}

fn join<'a>(value: &'a Value<'_>, separator: &str) -> Outcome<'a> {
    match value {
        Value::Many(parts) if parts.is_empty() => placeholder("nothing to join"),
        Value::Many(parts) => {
            let joined = parts.join(separator);
            // A separator may also arise where two parts meet: `a;` and `;b` joined at `;;`.
            if joined.split(separator).eq(parts.iter().map(Cow::as_ref)) {
                Ok(Value::one(joined))
            } else {
                Err(Rejected::new(Why::Ambiguous, "a part holds the separator"))
            }
        }
        _ => unknown("not several texts"),
    }
}

/// Whether a character is a blank that is no line end; zero-width ones count as nothing.
fn blank(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control()
}

fn clean(text: &str) -> Cow<'_, str> {
    let mut cleaned = String::with_capacity(text.len());
    let mut lines = 0;
    for line in text.trim_matches(blank).replace("\r\n", "\n").split(['\n', '\r']) {
        let words = line.split(blank).filter(|word| !word.is_empty());
        let before = cleaned.len();
        for word in words {
            if cleaned.len() == before {
                // Several blank lines are one; what stands before the first line is trimmed away.
                cleaned.extend(std::iter::repeat_n('\n', if before == 0 { 0 } else { lines.min(2) }));
                lines = 0;
            } else {
                cleaned.push(' ');
            }
            cleaned.push_str(word);
        }
        lines += 1;
    }
    if cleaned == text { Cow::Borrowed(text) } else { Cow::Owned(cleaned) }
}

/// Elements of HTML as they stand in descriptions; anything else between angle brackets is text.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// Elements that end a line of text.
const BLOCKS: &[&str] = &[
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tr",
    "ul",
];

/// The element a tag names and the length of the tag, where `text` begins with one.
fn tag(text: &str) -> Option<(&'static str, usize)> {
    let inner = text.strip_prefix('<')?;
    let named = inner.strip_prefix('/').unwrap_or(inner);
    let end = named.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(named.len());
    let (name, after) = named.split_at(end);
    let element = ELEMENTS.iter().find(|known| known.eq_ignore_ascii_case(name))?;
    let close = after.find('>')?;
    let attributes = &after[..close];
    let proper = attributes.is_empty() || attributes.starts_with([' ', '\t', '\n', '\r', '/']);
    (proper && !attributes.contains('<')).then(|| (*element, text.len() - after.len() + close + 1))
}

fn strip_tags(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((element, length)) = tag(rest) {
            if BLOCKS.contains(&element) && !plain.is_empty() && !plain.ends_with('\n') {
                plain.push('\n');
            }
            rest = &rest[length..];
        } else {
            plain.push('<');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    let plain = if text.ends_with('>') && plain.ends_with('\n') { plain.trim_end_matches('\n') } else { &plain };
    Cow::Owned(html_escape::decode_html_entities(plain).into_owned())
}

/// The text as HTML that reads back to it; where it reads as itself, it stays.
fn with_entities(text: &str) -> Cow<'_, str> {
    if strip_tags(text) == text { Cow::Borrowed(text) } else { html_escape::encode_text(text) }
}

fn split_intro_body(text: &str) -> Value<'_> {
    // A lone line end is found faster than two.
    match text.contains('\n').then(|| text.split_once("\n\n")).flatten() {
        Some((intro, body)) => Value::Fields(vec![("intro", intro.into()), ("body", body.into())]),
        None => Value::Fields(vec![("intro", text.into())]),
    }
}

fn join_intro_body<'a>(value: &'a Value<'_>) -> Outcome<'a> {
    let Some(intro) = value.field("intro") else {
        return unknown("there is no intro");
    };
    if intro.contains('\n') && intro.contains("\n\n") {
        return Err(Rejected::new(Why::Ambiguous, "the intro holds a blank line"));
    }
    Ok(match value.field("body") {
        Some(body) => Value::one(format!("{intro}\n\n{body}")),
        None => Value::one(intro),
    })
}
