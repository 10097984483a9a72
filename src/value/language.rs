//! Languages: BCP 47 tags from codes of ISO 639, tags as systems write them, and names in English,
//! in Dutch and in the language itself. The only file that names isolang and oxilangtag.

mod names;
mod registry;

use super::function::{Class, Function, Outcome, Rejected, Value, Why, placeholder, text, unknown};
use isolang::Language;
use names::{ALIASES, CATALOGUED, CODES, GROUPS, LOOSE, NAMES, PAIRED, SHORTENED, UNKNOWN};
use oxilangtag::LanguageTag;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "lang.bcp47",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::one(tag(text)?)),
        backward: Some(|value, _| Ok(Value::one(tag(text(value)?)?))),
        doc: "A language as the shortest BCP 47 tag, from a code, a tag, or its name in English, Dutch or itself.",
        example: ("Nederlands", &[]),
        source: "BCP 47, ISO 639",
    },
    Function {
        name: "lang.name_en",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::one(tag(text)?)),
        backward: Some(|value, _| name(text(value)?, |(_, english, _)| english)),
        doc: "The same; its English name goes back, or the tag where it has none of its own.",
        example: ("Dutch", &[]),
        source: "NBA, vernacularNames.language",
    },
];

/// The shortest code for a code of ISO 639, in lower case.
fn code(code: &str) -> Option<&str> {
    if let Some((_, preferred)) = CODES.iter().find(|(known, _)| *known == code) {
        return Some(preferred);
    }
    if GROUPS.contains(&code) {
        return Some(code);
    }
    match code.len() {
        2 => Language::from_639_1(code).map(|_| code),
        3 => Language::from_639_3(code).map(|language| language.to_639_1().unwrap_or(language.to_639_3())),
        _ => None,
    }
}

fn short(language: Language) -> &'static str {
    language.to_639_1().unwrap_or(language.to_639_3())
}

/// Whether a name is `lower`, which is in lower case.
fn alike(name: &str, lower: &str) -> bool {
    if lower.is_ascii() || name.is_ascii() { name.eq_ignore_ascii_case(lower) } else { name.to_lowercase() == lower }
}

/// The language a name names, in any case.
fn named(text: &str) -> Result<Option<&'static str>, Rejected> {
    let lower = text.to_lowercase();
    // What is as short as a code is one, or a slip: `GE` is hardly the Ge of Guizhou.
    if lower.len() <= 3 && lower.is_ascii() {
        return Ok(None);
    }
    if LOOSE.contains(&lower.as_str()) {
        return Err(Rejected::new(Why::Ambiguous, "a word that names more than one language"));
    }
    let same = |name: &str| alike(name, &lower);
    if let Some((tag, _)) = ALIASES.iter().find(|(_, name)| same(name)) {
        return Ok(Some(tag));
    }
    if let Some((tag, ..)) = NAMES.iter().find(|(_, english, dutch)| same(english) || same(dutch)) {
        return Ok(Some(tag));
    }
    let wanted = lower.clone();
    let mut found: Vec<_> = Language::match_names(move |name| alike(name, &wanted)).map(short).collect();
    if found.is_empty() {
        // `Nepali` for `Nepali (macrolanguage)`.
        let wanted = lower.clone();
        let bare =
            Language::match_names(move |name| name.split_once(" (").is_some_and(|(name, _)| alike(name, &wanted)));
        found.extend(bare.filter(|language| language.to_639_1().is_some()).map(short));
    }
    found.extend(Language::match_autonyms(move |name| alike(name, &lower)).map(short));
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [] => Ok(None),
        [tag] => Ok(Some(tag)),
        _ => Err(Rejected::new(Why::Ambiguous, "a name of several languages")),
    }
}

const SEVERAL: Rejected = Rejected::new(Why::Ambiguous, "several languages");
const UNREGISTERED: Rejected = Rejected::new(Why::Unknown, "a subtag that the registry does not have");
const SHORT_NAME: Rejected = Rejected::new(Why::Ambiguous, "the name of one language and the code of another");

fn tag(text: &str) -> Result<String, Rejected> {
    let text = text.trim();
    let lower = text.to_lowercase();
    // `NA` is what tables write for a gap; `na` is Nauru.
    if UNKNOWN.contains(&lower.as_str()) || matches!(text, "NA" | "NaN" | "NAN" | "Na") {
        return placeholder("no language is named");
    }
    if text.len() > 80 {
        return unknown("too long for a language");
    }
    if matches!(lower.len(), 2 | 3) {
        doubtful(text, &lower)?;
    }
    let dashed = lower.replace('_', "-");
    let refused = match registered(text, &dashed) {
        Ok(Some(tag)) => return Ok(tag),
        Ok(None) => None,
        Err(rejected) => Some(rejected),
    };
    let name = match described(text)? {
        Some(tag) => Some(tag),
        // `Low-German`; a hyphen within a name is part of it.
        None if text.contains(['-', '_']) => described(&text.replace(['-', '_'], " "))?,
        None => None,
    };
    match (name, refused) {
        (Some(tag), _) => Ok(tag.to_owned()),
        (None, Some(rejected)) => Err(rejected),
        (None, None) if several(text) => Err(SEVERAL),
        (None, None) => unknown("not a language by code or name"),
    }
}

/// Whether ISO 639-1 or 639-2 has a language, so that catalogues do.
fn catalogued(code: &str) -> bool {
    code.len() < 3 || GROUPS.contains(&code) || CATALOGUED.split(' ').any(|known| known == code)
}

/// Refuses a text as short as a code that people also write for something else.
fn doubtful(text: &str, lower: &str) -> Result<(), Rejected> {
    let Some(code) = code(lower) else { return Ok(()) };
    // `Mon` and `Ga` are languages, `mon` and `ga` the codes of others.
    let capitalized = text.starts_with(char::is_uppercase) && text.chars().skip(1).all(char::is_lowercase);
    let named = capitalized.then(|| Language::from_name(text)).flatten().map(short);
    // `En` is rather the code of English than the language En, which catalogues have no code for.
    if named.is_some_and(|name| code != name && (lower.len() == 3 || catalogued(name))) {
        return Err(SHORT_NAME);
    }
    if SHORTENED.contains(&lower) {
        return Err(Rejected::new(Why::Ambiguous, "a code, and the begin of another word"));
    }
    // A code that catalogues do not use may be the begin of a name: `ned` for Nederlands.
    let begins = |name: &str| name.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case(lower));
    let other = |(tag, english, dutch): &Named| *tag != code && (begins(english) || begins(dutch));
    if !catalogued(code) && NAMES.iter().any(other) {
        return Err(Rejected::new(Why::Ambiguous, "a code, and the begin of the name of another language"));
    }
    Ok(())
}

/// A tag whose every subtag is in the registry, in its canonical form; an error where it has the form
/// of a tag and can't be one. `dashed` is the text in lower case with hyphens.
fn registered(text: &str, dashed: &str) -> Result<Option<String>, Rejected> {
    if let Some(tag) = registry::replacement(dashed) {
        return Ok(Some(tag.to_owned()));
    }
    let Ok(parsed) = LanguageTag::parse_and_normalize(dashed) else { return Ok(None) };
    let Some(primary) = code(parsed.primary_language()) else { return Ok(None) };
    if dashed.contains('-') && bilingual(text, dashed) {
        return Err(SEVERAL);
    }
    let mut tag = match parsed.extended_language() {
        Some(extended) if registry::extends(extended, primary) => code(extended).unwrap_or(extended).to_owned(),
        Some(_) => return Err(UNREGISTERED),
        None => primary.to_owned(),
    };
    if let Some(script) = parsed.script() {
        let script = registry::script(script).ok_or(UNREGISTERED)?;
        tag = format!("{tag}-{script}");
    }
    if let Some(region) = parsed.region() {
        let region = registry::region(region).ok_or(UNREGISTERED)?;
        tag = format!("{tag}-{region}");
    }
    for variant in parsed.variant_subtags() {
        if !registry::variant(variant, &tag) {
            return Err(UNREGISTERED);
        }
        tag = format!("{tag}-{variant}");
    }
    if let Some(extension) = parsed.extension() {
        // Two extensions are registered (RFC 6067, RFC 6497).
        if parsed.extension_subtags().any(|(singleton, _)| !matches!(singleton, 'u' | 't')) {
            return Err(UNREGISTERED);
        }
        tag = format!("{tag}-{extension}");
    }
    if let Some(private) = parsed.private_use() {
        tag = format!("{tag}-{private}");
    }
    Ok(Some(tag))
}

/// Whether a text with the form of a tag is rather two languages: `eng-fra`, `nl-en`, `en-fr`.
fn bilingual(text: &str, dashed: &str) -> bool {
    let mut parts = dashed.split('-');
    let (Some(first), Some(second), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    if code(first).is_none() || code(second).is_none() || code(first) == code(second) {
        return false;
    }
    let paired = |code: &str| PAIRED.split(' ').any(|known| known == code);
    let same_case = |text: &str| text.chars().all(char::is_lowercase) || text.chars().all(char::is_uppercase);
    let alike = text.split(['-', '_']).collect::<String>();
    match second.len() {
        3 => !registry::extends(second, code(first).unwrap_or(first)),
        _ if registry::region(second).is_none() => true,
        _ => same_case(&alike) && code(first).is_some_and(paired) && paired(second),
    }
}

/// Whether a text is several languages, each by its code or its name.
fn several(text: &str) -> bool {
    let spelled = [" and ", " en ", " und ", " et ", " y ", " & ", "&", "+", "|", "/", ";", ",", "-"];
    spelled.iter().any(|separator| {
        let parts: Vec<&str> = text.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
        let language =
            |part: &&str| code(&part.to_lowercase()).is_some() || matches!(described(part), Ok(Some(_)) | Err(SEVERAL));
        let differ = parts.windows(2).any(|pair| !pair[0].eq_ignore_ascii_case(pair[1]));
        differ && parts.iter().all(language)
    })
}

/// The language of a name: as it stands, turned around at its comma, or as several names of one
/// language with `;` between them.
fn described(text: &str) -> Result<Option<&'static str>, Rejected> {
    if let Some(tag) = named(text)? {
        return Ok(Some(tag));
    }
    if text.contains(';') {
        let mut tags = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            match described(part)? {
                Some(tag) => tags.push(tag),
                None => return Ok(None),
            }
        }
        tags.dedup();
        return match tags.as_slice() {
            [tag] => Ok(Some(tag)),
            [] => Ok(None),
            _ => Err(SEVERAL),
        };
    }
    match text.split_once(',').map(|(name, kind)| (name.trim(), kind.trim())) {
        Some((name, kind)) if !name.is_empty() && !kind.is_empty() && !kind.contains(',') => {
            // `English, Old (ca. 450-1100)`; `Greek, Modern (1453-)`.
            let (kind, years) = kind.split_once('(').map_or((kind, ""), |(kind, years)| (kind.trim(), years));
            let years = if years.is_empty() { String::new() } else { format!(" ({years}") };
            match named(&format!("{kind} {name}{years}"))? {
                None if !years.is_empty() => named(&format!("{kind} {name}")),
                found => Ok(found),
            }
        }
        _ => Ok(None),
    }
}

type Named = (&'static str, &'static str, &'static str);

/// The name of a language, where it reads back to it, or its tag.
fn name(text: &str, side: fn(Named) -> &'static str) -> Outcome<'static> {
    let tag = tag(text)?;
    let known = NAMES.iter().find(|(known, ..)| *known == tag).map(|names| side(*names));
    let listed = || match tag.len() {
        2 => Language::from_639_1(&tag).map(|language| language.to_name()),
        3 => Language::from_639_3(&tag).map(|language| language.to_name()),
        _ => None,
    };
    match known.or_else(listed) {
        Some(name) if self::tag(name).as_deref() == Ok(&tag) => Ok(Value::one(name)),
        _ => Ok(Value::one(tag)),
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Value, code, name, tag};
    use isolang::Language;

    #[test]
    fn every_name_of_the_table_is_of_one_language_only() {
        for (known, english, dutch) in NAMES {
            assert_eq!(tag(known).as_deref(), Ok(*known));
            assert_eq!(code(known), Some(*known));
            for name in [english, dutch] {
                assert_eq!(tag(name).as_deref(), Ok(*known), "{name}");
                let listed = Language::from_name(name).map(super::short);
                assert!(listed.is_none_or(|listed| listed == *known), "{name} is {listed:?}");
            }
        }
    }

    #[test]
    fn every_two_letter_code_has_a_name_that_reads_back() {
        let letters = || 'a'..='z';
        let codes = letters().flat_map(|first| letters().map(move |second| format!("{first}{second}")));
        let nameless = codes.filter(|tag| {
            code(tag) == Some(tag) && name(tag, |(_, english, _)| english) == Ok(Value::one(tag.as_str()))
        });
        assert_eq!(nameless.collect::<Vec<_>>(), [""; 0]);
    }
}
