//! What someone did, in Dutch and English words and as MARC relators.

use crate::value::function::{Outcome, Rejected, Value, Why, placeholder, unknown};
use std::borrow::Cow;

/// Words in lower case and the MARC relator; the first word of a code is its term. `""`: a role that
/// the relators do not have, or not as one thing.
#[rustfmt::skip]
const ROLES: &[(&str, &str)] = &[
    ("actor", "act"), ("acteur", "act"), ("actrice", "act"), ("adapter", "adp"), ("bewerker", "adp"),
    ("artist", "art"), ("kunstenaar", "art"), ("author", "aut"), ("auteur", "aut"), ("tekst", "aut"),
    ("cartographer", "ctg"), ("cartograaf", "ctg"), ("cinematographer", "cng"), ("camera", "cng"),
    ("cameraman", "cng"), ("cameravrouw", "cng"), ("collector", "col"), ("verzamelaar", "col"), ("leg.", "col"),
    ("commentator", "cmm"), ("commentaar", "cmm"), ("commentary", "cmm"), ("composer", "cmp"), ("componist", "cmp"),
    ("conductor", "cnd"), ("dirigent", "cnd"), ("consultant", "csl"), ("adviseur", "csl"),
    ("contributor", "ctb"), ("medewerker", "ctb"), ("copyright holder", "cph"), ("rechthebbende", "cph"),
    ("curator", "cur"), ("beheerder", "cur"), ("conservator", "cur"), ("designer", "dsr"), ("ontwerper", "dsr"),
    ("director", "drt"), ("regie", "drt"), ("regisseur", "drt"), ("donor", "dnr"), ("schenker", "dnr"),
    ("editor", "edt"), ("redacteur", "edt"), ("redactie", "edt"), ("engraver", "egr"), ("graveur", "egr"),
    ("film editor", "flm"), ("montage", "flm"), ("host", "hst"), ("illustrator", "ill"), ("tekenaar", "ill"),
    ("interviewee", "ive"), ("geïnterviewde", "ive"), ("interviewer", "ivr"), ("lithographer", "ltg"),
    ("lithograaf", "ltg"), ("musician", "mus"), ("muzikant", "mus"), ("narrator", "nrt"), ("verteller", "nrt"),
    ("commentaarstem", "nrt"), ("voice-over", "nrt"), ("owner", "own"), ("eigenaar", "own"), ("patron", "pat"),
    ("opdrachtgever", "pat"), ("photographer", "pht"), ("fotograaf", "pht"), ("fotografe", "pht"), ("foto", "pht"),
    ("foto's", "pht"), ("fotografie", "pht"), ("photo", "pht"), ("photos", "pht"), ("photo by", "pht"),
    ("photography", "pht"), ("presenter", "pre"), ("presentator", "pre"), ("presentatie", "pre"),
    ("producer", "pro"), ("producent", "pro"), ("productie", "pro"), ("production", "pro"), ("publisher", "pbl"),
    ("uitgever", "pbl"), ("recipient", "rcp"), ("ontvanger", "rcp"), ("recordist", "rcd"), ("opname", "rcd"),
    ("researcher", "res"), ("onderzoeker", "res"), ("scenarist", "sce"), ("scenario", "sce"), ("singer", "sng"),
    ("zanger", "sng"), ("zangeres", "sng"), ("sponsor", "spn"), ("translator", "trl"), ("vertaler", "trl"),
    ("geluid", ""), ("sound", ""), ("muziek", ""), ("music", ""), ("determiner", ""), ("determinator", ""),
    ("identifier", ""), ("det.", ""), ("maker", ""), ("vervaardiger", ""),
];

fn role(word: &str) -> Option<&'static (&'static str, &'static str)> {
    let lower = word.trim().to_lowercase();
    ROLES.iter().find(|(known, _)| *known == lower)
}

/// The words of a text: roles between commas, or one.
fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '/']).map(str::trim)
}

/// Whether a text is words for roles and nothing else.
pub(super) fn known(text: &str) -> bool {
    !text.is_empty() && list(text).all(|word| role(word).is_some())
}

pub(super) fn codes(text: &str) -> Outcome<'static> {
    if text.trim().is_empty() {
        return placeholder("blank");
    }
    let mut codes = Vec::new();
    for word in list(text) {
        let code = ROLES.iter().find(|(_, code)| !code.is_empty() && *code == word).or_else(|| role(word));
        match code {
            Some((_, "")) => return Err(Rejected::new(Why::Unknown, "a role without one MARC relator")),
            Some((_, code)) => codes.push(Cow::Borrowed(*code)),
            None => return unknown("not a role that is known"),
        }
    }
    Ok(if let [code] = codes.as_slice() { Value::One(code.clone()) } else { Value::Many(codes) })
}

pub(super) fn words(value: &Value<'_>) -> Outcome<'static> {
    let codes: Vec<&str> = match value {
        Value::One(code) => vec![code.as_ref()],
        Value::Many(codes) => codes.iter().map(AsRef::as_ref).collect(),
        Value::Fields(_) => return unknown("not codes of roles"),
    };
    let term = |code: &&str| {
        let found = ROLES.iter().find(|(_, known)| !known.is_empty() && known == code);
        found.map(|(term, _)| *term)
    };
    match codes.iter().map(term).collect::<Option<Vec<_>>>() {
        Some(terms) if !terms.is_empty() => Ok(Value::one(terms.join(", "))),
        _ => unknown("not a MARC relator that is known"),
    }
}
