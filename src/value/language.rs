//! Languages: BCP 47 tags from codes of ISO 639, tags as systems write them, and names in English,
//! in Dutch and in the language itself. The only file that names isolang and oxilangtag.

use super::function::{Class, Function, Guard, Outcome, Rejected, Value, Why, placeholder, text, unknown};
use isolang::Language;
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
    Function {
        name: "lang.name_nl",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::one(tag(text)?)),
        backward: Some(|value, _| name(text(value)?, |(_, _, dutch)| dutch)),
        doc: "The same; its Dutch name goes back.",
        example: ("Engels", &[]),
        source: "Unicode CLDR, Dutch names",
    },
];

pub(super) const GUARDS: &[Guard] =
    &[Guard { name: "lang.is", test: |text| tag(text).is_ok(), doc: "A language that is known, by code or name." }];

/// Tags with the names people use, English and Dutch.
#[rustfmt::skip]
const NAMES: &[(&str, &str, &str)] = &[
    ("af", "Afrikaans", "Afrikaans"), ("am", "Amharic", "Amhaars"), ("ar", "Arabic", "Arabisch"),
    ("az", "Azerbaijani", "Azerbeidzjaans"), ("be", "Belarusian", "Belarussisch"), ("bg", "Bulgarian", "Bulgaars"),
    ("bn", "Bengali", "Bengaals"), ("br", "Breton", "Bretons"), ("bs", "Bosnian", "Bosnisch"),
    ("ca", "Catalan", "Catalaans"), ("co", "Corsican", "Corsicaans"), ("cs", "Czech", "Tsjechisch"),
    ("cy", "Welsh", "Welsh"), ("da", "Danish", "Deens"), ("de", "German", "Duits"), ("el", "Greek", "Grieks"),
    ("en", "English", "Engels"), ("eo", "Esperanto", "Esperanto"), ("es", "Spanish", "Spaans"),
    ("et", "Estonian", "Estisch"), ("eu", "Basque", "Baskisch"), ("fa", "Persian", "Perzisch"),
    ("fi", "Finnish", "Fins"), ("fo", "Faroese", "Faeröers"), ("fr", "French", "Frans"),
    ("fy", "Western Frisian", "Fries"), ("ga", "Irish", "Iers"), ("gd", "Scottish Gaelic", "Schots-Gaelisch"),
    ("gl", "Galician", "Galicisch"), ("grc", "Ancient Greek", "Oudgrieks"), ("gu", "Gujarati", "Gujarati"),
    ("ha", "Hausa", "Hausa"), ("haw", "Hawaiian", "Hawaïaans"), ("he", "Hebrew", "Hebreeuws"),
    ("hi", "Hindi", "Hindi"), ("hr", "Croatian", "Kroatisch"), ("hu", "Hungarian", "Hongaars"),
    ("hy", "Armenian", "Armeens"), ("id", "Indonesian", "Indonesisch"), ("is", "Icelandic", "IJslands"),
    ("it", "Italian", "Italiaans"), ("ja", "Japanese", "Japans"), ("jv", "Javanese", "Javaans"),
    ("ka", "Georgian", "Georgisch"), ("kk", "Kazakh", "Kazachs"), ("kl", "Kalaallisut", "Groenlands"),
    ("ko", "Korean", "Koreaans"), ("ku", "Kurdish", "Koerdisch"), ("la", "Latin", "Latijn"),
    ("lb", "Luxembourgish", "Luxemburgs"), ("li", "Limburgan", "Limburgs"), ("lt", "Lithuanian", "Litouws"),
    ("lv", "Latvian", "Lets"), ("mi", "Maori", "Maori"), ("mk", "Macedonian", "Macedonisch"),
    ("mn", "Mongolian", "Mongools"), ("ms", "Malay", "Maleis"), ("mt", "Maltese", "Maltees"),
    ("nds", "Low German", "Nedersaksisch"), ("ne", "Nepali", "Nepalees"), ("nl", "Dutch", "Nederlands"),
    ("no", "Norwegian", "Noors"), ("oc", "Occitan", "Occitaans"), ("pa", "Punjabi", "Punjabi"),
    ("pap", "Papiamento", "Papiaments"), ("pl", "Polish", "Pools"), ("pt", "Portuguese", "Portugees"),
    ("ro", "Romanian", "Roemeens"), ("ru", "Russian", "Russisch"), ("sa", "Sanskrit", "Sanskriet"),
    ("sk", "Slovak", "Slowaaks"), ("sl", "Slovenian", "Sloveens"), ("so", "Somali", "Somalisch"),
    ("sq", "Albanian", "Albanees"), ("sr", "Serbian", "Servisch"), ("srn", "Sranan Tongo", "Sranantongo"),
    ("su", "Sundanese", "Soendanees"), ("sv", "Swedish", "Zweeds"), ("sw", "Swahili", "Swahili"),
    ("ta", "Tamil", "Tamil"), ("te", "Telugu", "Telugu"), ("th", "Thai", "Thai"), ("ti", "Tigrinya", "Tigrinya"),
    ("tr", "Turkish", "Turks"), ("uk", "Ukrainian", "Oekraïens"), ("ur", "Urdu", "Urdu"),
    ("vi", "Vietnamese", "Vietnamees"), ("yi", "Yiddish", "Jiddisch"), ("zea", "Zeeuws", "Zeeuws"),
    ("kr", "Kanuri", "Kanuri"), ("qu", "Quechua", "Quechua"), ("to", "Tongan", "Tongaans"), ("wo", "Wolof", "Wolof"),
    ("zh", "Chinese", "Chinees"), ("zu", "Zulu", "Zoeloe"),
    ("mul", "Multiple languages", "Meerdere talen"), ("und", "Undetermined", "Onbepaalde taal"),
    ("zxx", "No linguistic content", "Geen linguïstische inhoud"),
];

/// Other names: those of ISO 639-2, and what people say.
const ALIASES: &[(&str, &str)] = &[
    ("ca", "Catalan; Valencian"),
    ("el", "Greek, Modern (1453-)"),
    ("es", "Spanish; Castilian"),
    ("es", "Castiliaans"),
    ("fa", "Farsi"),
    ("grc", "Greek, Ancient (to 1453)"),
    ("nds", "Nedersaksies"),
    ("nl", "Dutch; Flemish"),
    ("oc", "Occitan (post 1500)"),
    ("pa", "Panjabi"),
    ("ro", "Romanian; Moldavian; Moldovan"),
    ("si", "Sinhalese"),
    ("srn", "Sranan"),
];

/// Codes that isolang does not have, or that BCP 47 prefers another for: the bibliographic codes of
/// ISO 639-2, and codes that were withdrawn.
#[rustfmt::skip]
const CODES: &[(&str, &str)] = &[
    ("alb", "sq"), ("arm", "hy"), ("baq", "eu"), ("bur", "my"), ("chi", "zh"), ("cze", "cs"), ("dut", "nl"),
    ("fre", "fr"), ("geo", "ka"), ("ger", "de"), ("gre", "el"), ("ice", "is"), ("mac", "mk"), ("mao", "mi"),
    ("may", "ms"), ("per", "fa"), ("rum", "ro"), ("slo", "sk"), ("tib", "bo"), ("wel", "cy"),
    ("in", "id"), ("iw", "he"), ("ji", "yi"), ("mo", "ro"), ("scr", "hr"), ("scc", "sr"),
];

/// The codes of ISO 639-2 for groups of languages and for special cases.
const GROUPS: &[&str] = &[
    "afa", "alg", "apa", "art", "ath", "aus", "bad", "bai", "bat", "ber", "bih", "bnt", "btk", "cai", "cau", "cel",
    "cmc", "cpe", "cpf", "cpp", "crp", "cus", "day", "dra", "fiu", "gem", "ine", "ira", "iro", "kar", "khi", "kro",
    "map", "mis", "mkh", "mno", "mul", "mun", "myn", "nah", "nai", "nic", "nub", "oto", "paa", "phi", "pra", "roa",
    "sai", "sal", "sem", "sgn", "sio", "sit", "sla", "smi", "son", "ssa", "tai", "tup", "tut", "und", "wak", "wen",
    "ypk", "znd", "zxx",
];

/// Texts that say that no language is known, in lower case.
const UNKNOWN: &[&str] = &["", "?", "-", "onbekend", "unknown", "taal onbekend", "niet bekend", "n/a", "null"];

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
    if name.is_ascii() { name.eq_ignore_ascii_case(lower) } else { name.to_lowercase() == lower }
}

/// The language a name names, in any case.
fn named(text: &str) -> Result<Option<&'static str>, Rejected> {
    let lower = text.to_lowercase();
    // What is as short as a code is one, or a slip: `GE` is hardly the Ge of Guizhou.
    if lower.len() <= 3 && lower.is_ascii() {
        return Ok(None);
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

fn tag(text: &str) -> Result<String, Rejected> {
    let text = text.trim();
    let lower = text.to_lowercase();
    if UNKNOWN.contains(&lower.as_str()) {
        return placeholder("says that no language is known");
    }
    if text.len() > 80 {
        return unknown("too long for a language");
    }
    // `Mon` is a language, `mon` the code of another.
    if lower.len() == 3
        && text.starts_with(char::is_uppercase)
        && text.chars().skip(1).all(char::is_lowercase)
        && let (Some(code), Some(name)) = (code(&lower), Language::from_name(text))
        && code != short(name)
    {
        return Err(Rejected::new(Why::Ambiguous, "the name of one language and the code of another"));
    }
    let dashed = lower.replace('_', "-");
    if let Ok(parsed) = LanguageTag::parse_and_normalize(&dashed)
        && let Some(primary) = code(parsed.primary_language())
    {
        let rest = &parsed.as_str()[parsed.primary_language().len()..];
        return Ok(format!("{primary}{rest}"));
    }
    match named(text)? {
        Some(tag) => Ok(tag.to_owned()),
        None => unknown("not a language by code or name"),
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
