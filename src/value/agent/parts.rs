//! Whether a name is of a person or of an organisation, and the parts of a person's name. Where nothing
//! proves which, neither is claimed.

use super::is_unknown;
use super::several::several;
use super::words::{
    is_article, is_degree, is_given_name, is_legal_form, is_no_initial, is_organization, is_periodical, is_place,
    is_seldom_surname, is_short_given_name, is_state, is_surname, is_surname_too, is_title, is_written_legal_form,
    may_be_given_names,
};
use crate::value::function::{Rejected, Why, placeholder, unknown};
use std::borrow::Cow;

/// Who a name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Person,
    Organization,
    Several,
}

impl Kind {
    pub(super) fn id(self) -> &'static str {
        match self {
            Kind::Person => "person",
            Kind::Organization => "organization",
            Kind::Several => "multi",
        }
    }
}

/// Words before a family name, in lower case.
const PARTICLES: &[&str] = &[
    "'s", "'t", "aan", "af", "al", "bij", "bin", "d'", "da", "dalla", "de", "degli", "del", "della", "dello", "den",
    "der", "des", "di", "do", "dos", "du", "el", "het", "ibn", "in", "la", "le", "les", "los", "onder", "op", "over",
    "te", "ten", "ter", "tot", "uit", "van", "vom", "von", "voor", "zu", "zum", "zur",
];

/// Particles that are ordinary prepositions and articles, which stand before a name only with another:
/// `in 't Veld`, `op den Velde`.
const PREPOSITIONS: &[&str] = &["aan", "bij", "het", "in", "onder", "op", "over", "tot", "uit", "voor"];

const SUFFIXES: &[&str] = &["jr", "jr.", "sr", "sr.", "junior", "senior", "ii", "iii", "iv", "fils", "filho"];

fn particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

fn suffix(word: &str) -> bool {
    SUFFIXES.contains(&word.to_lowercase().as_str())
}

/// A suffix that only persons have; a numeral also follows kings, ships and machines.
fn generation(word: &str) -> bool {
    suffix(word) && !numeral(word)
}

fn numeral(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|letter| matches!(letter, 'I' | 'V' | 'X'))
}

/// `J.`, `A.B.`, `Ph.`: given names cut short, with their stops.
pub(super) fn dotted(word: &str) -> bool {
    let letters = word.trim_end_matches('.');
    let cut = |part: &str| {
        let mut chars = part.chars();
        let one = chars.next().is_some_and(char::is_uppercase);
        one && (part.chars().count() == 1 || chars.all(char::is_lowercase) && is_short_given_name(part))
    };
    word.ends_with('.')
        && letters.split(['.', '-', '‐']).filter(|part| !part.is_empty()).all(cut)
        && !is_no_initial(word)
}

/// `JCH`, `V`: initials without stops.
pub(super) fn capitals(word: &str) -> bool {
    (1..=5).contains(&word.chars().count())
        && word.chars().all(|letter| letter.is_uppercase() && letter.is_alphabetic() || letter == '-')
        && word.starts_with(char::is_uppercase)
        && !barred(word)
        && !is_state(word)
        && !numeral(word)
}

/// `ST`: two capitals that are an abbreviation only in another form, `St.`
fn bare_initials(word: &str) -> bool {
    let letters = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    letters && !is_no_initial(&format!("{}.{}.", &word[..1], &word[1..])) && !is_legal_form(word) && !is_state(word)
}

/// Abbreviations of places, of legal forms and of degrees.
fn barred(word: &str) -> bool {
    is_no_initial(word) || is_legal_form(word) || is_degree(word)
}

/// `M.A.`: two initials, or a degree; either way it is a person's.
fn initials_or_degree(word: &str) -> bool {
    is_degree(word) && !is_legal_form(word) && word.len() == 4 && dotted(word)
}

pub(super) fn capital(word: &str) -> bool {
    let first = word.trim_start_matches(['\'', '’']).chars().next();
    first.is_some_and(char::is_uppercase)
        && word.chars().all(|l| l.is_alphabetic() || matches!(l, '-' | '‐' | '‑' | '\'' | '’' | '.'))
}

type Parts<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// The parts of one person's name.
pub(super) fn parts(name: &str) -> Result<Parts<'_>, Rejected> {
    if is_unknown(name) {
        return placeholder("nobody is named");
    }
    match (kind(name), person(name.trim())) {
        // `Smith J, Jones K` would also be a family name and a given one.
        (_, _) if several(name).is_ok_and(|names| names.len() > 1) => {
            Err(Rejected::new(Why::Ambiguous, "several names"))
        }
        (Some(Kind::Person), Some(words)) if name.contains(',') && words.given.iter().any(|word| is_degree(word)) => {
            Err(Rejected::new(Why::Ambiguous, "initials, or a degree"))
        }
        (Some(Kind::Person), Some(words)) => Ok(words.named()),
        (Some(Kind::Person), None) => unknown("a title stands before the name"),
        (Some(_), _) => unknown("the name of an organisation"),
        (None, _) => unknown("nothing proves that it is one person"),
    }
}

/// The words of a person's name, by what they are.
pub(super) struct Words<'a> {
    family: Vec<&'a str>,
    pub(super) given: Vec<&'a str>,
    particle: Vec<&'a str>,
    suffix: Vec<&'a str>,
}

impl<'a> Words<'a> {
    fn named(self) -> Parts<'a> {
        let named =
            [("family", self.family), ("given", self.given), ("particle", self.particle), ("suffix", self.suffix)];
        let named = named.into_iter().filter(|(_, words)| !words.is_empty());
        named.map(|(part, words)| (part, words.join(" ").into())).collect()
    }
}

fn person(name: &str) -> Option<Words<'_>> {
    if name.contains(',') { inverted(name) } else { straight(name, false) }
}

/// `Surname, Given particle, suffix`, or `Given Surname, suffix`.
pub(super) fn inverted(name: &str) -> Option<Words<'_>> {
    let sections: Vec<&str> = name.split(',').map(str::trim).collect();
    if let [name, last] = *sections.as_slice()
        && suffix(last)
    {
        let mut words = straight(name, true)?;
        words.suffix.push(last);
        return Some(words);
    }
    let sections: Vec<Vec<&str>> = sections.iter().map(|section| section.split_whitespace().collect()).collect();
    let (family, rest) = sections.split_first()?;
    let before = family.iter().take_while(|word| particle(word)).count();
    let (mut particles, family) = (family[..before].to_vec(), family[before..].to_vec());
    let [first, ..] = *family.as_slice() else { return None };
    let named = family.len() <= 3 && family.iter().all(|word| capital(word) || particle(word));
    if !named || family.iter().any(|word| word.ends_with('.') && *word != "St.") {
        return None;
    }
    let of_place = is_place(&family);
    let (mut given, mut suffixes) = (Vec::new(), Vec::new());
    for (at, section) in rest.iter().enumerate() {
        match section.as_slice() {
            [one] if suffix(one) && at > 0 => suffixes.push(*one),
            words if at > 0 && !words.is_empty() && words.iter().all(|word| particle(word)) => {
                particles.extend(words);
            }
            words if at == 0 => {
                let names = words.iter().take_while(|word| capital(word)).count();
                let (names, after) = words.split_at(names);
                let (after, last) = match after {
                    [after @ .., last] if generation(last) => (after, Some(*last)),
                    _ => (after, None),
                };
                let names = match names {
                    [names @ .., last] if suffix(last) && !names.is_empty() => {
                        suffixes.push(*last);
                        names
                    }
                    _ => names,
                };
                suffixes.extend(last);
                if names.is_empty() || names.len() > 4 || !after.iter().all(|word| particle(word)) {
                    return None;
                }
                given.extend(names);
                particles.extend(after);
            }
            _ => return None,
        }
    }
    // With a particle behind them the letters of a legal form are initials: `Berg, A.B. van den`.
    let initials = !particles.is_empty();
    let lettered = |word: &str| word.split('.').all(|letter| letter.chars().count() < 2);
    // `Zwollo, D.C.` is a person, `Washington, D.C.` a city.
    let capital_city = |word: &str| of_place || !matches!(word, "D.C." | "N.Y.");
    let excused = |word: &str| {
        let alone = family.len() == 1 && (initials_or_degree(word) || !capital_city(word) || bare_initials(word));
        initials && lettered(word) || alone
    };
    let state = |word: &str| of_place && is_state(&word.replace('.', ""));
    let no_name = |word: &&&str| barred(word) && !excused(word) || numeral(word) || state(word);
    let article = matches!(*given.as_slice(), [one] if is_article(one));
    if article || is_place(&given) || given.iter().any(|word| no_name(&word)) {
        return None;
    }
    let lettered_name = |word: &str| (initials || !capital_city(word)) && word.ends_with('.') && lettered(word);
    let short = |word: &&str| dotted(word) || capitals(word) || bare_initials(word) || lettered_name(word);
    let all_short = given.iter().all(short);
    // Two names in full with a comma between, or a family name of several words and a given one?
    let proper = |word: &&&str| capital(word) && **word != "St." && !particle(&word.to_lowercase());
    let several_words = family.iter().filter(proper).count() > 1;
    if several_words && !all_short {
        let all_given = given.iter().all(|word| short(word) || is_given_name(word));
        if is_given_name(first) || !all_given {
            return None;
        }
    }
    let surname = !of_place && !several_words && is_surname(family[family.len() - 1]);
    let named = surname && may_be_given_names(&given);
    let suffixed = suffixes.iter().any(|word| generation(word));
    let proven = given.iter().any(short) || is_given_name(given[0]) || named || suffixed;
    proven.then_some(Words { family, given, particle: particles, suffix: suffixes })
}

/// `J. de Vries`, `Jan de Vries`, `Meijere JCH de`; two plain words prove nothing, unless a suffix
/// does.
fn straight(name: &str, proven: bool) -> Option<Words<'_>> {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let suffix =
        if words.len() > 2 && suffix(words[words.len() - 1]) { words.split_off(words.len() - 1) } else { vec![] };
    if words.len() < 2 || words.len() > 7 || words.iter().any(|word| numeral(word)) || is_place(&words) {
        return None;
    }
    let proven = proven || suffix.iter().any(|word| generation(word));
    if words.len() > 2 && capital(words[0]) && !words[0].ends_with('.') && capitals(words[1]) {
        let particle = words.split_off(2);
        let all = particle.iter().all(|word| self::particle(word));
        return all.then(|| Words { family: vec![words[0]], given: vec![words[1]], particle, suffix });
    }
    let named = |word: &&str| capital(word) && (!word.ends_with('.') || dotted(word));
    if let Some(at) = words.iter().position(|word| self::particle(word)) {
        let end = words[at..].iter().take_while(|word| self::particle(word)).count() + at;
        let (given, particle, family) = (&words[..at], &words[at..end], &words[end..]);
        let proper = !given.is_empty()
            && given.len() <= 4
            && (1..=2).contains(&family.len())
            && given.iter().chain(family).all(named)
            && !family.iter().any(|word| word.ends_with('.'))
            && !(particle.len() == 1 && PREPOSITIONS.contains(&particle[0]))
            && (!is_place(family) || given.iter().all(|word| dotted(word)))
            && !is_place(given);
        let certain = proven || given.iter().any(|word| dotted(word)) || is_given_name(given.first()?);
        return (proper && certain).then(|| Words {
            family: family.to_vec(),
            given: given.to_vec(),
            particle: particle.to_vec(),
            suffix,
        });
    }
    let (family, given) = words.split_last()?;
    if !words.iter().all(named) || family.ends_with('.') || is_place(&[*family]) || barred(family) {
        return None;
    }
    // After the last initial stands the family name alone; before the first may stand a name in full.
    let first_short = given.iter().position(|word| dotted(word));
    // `A.B. Volvo` begins with a legal form, `S.A. Tolsma` with initials.
    if given.first().is_some_and(|word| is_legal_form(word)) && !is_surname(family) {
        return None;
    }
    let certain = proven
        || first_short.is_some_and(|at| {
            let before = at <= 1 || given[..at].iter().all(|word| is_given_name(word));
            before && given[at..].iter().all(|word| dotted(word) || is_given_name(word)) && !is_place(&given[..at])
        });
    certain.then(|| Words { family: vec![*family], given: given.to_vec(), particle: vec![], suffix })
}

/// The text without what stands in brackets.
fn unbracketed(text: &str) -> String {
    let mut depth = 0_u32;
    let mut bare = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    bare
}

/// What the words of a text prove of an organisation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    Nothing,
    /// Its only word of an organisation is a family name too, or it may be a periodical.
    Either,
    Organization,
}

fn proof(section: &str) -> Proof {
    let words: Vec<&str> = section.split([' ', '\u{a0}', '/', ',', ';', ':']).filter(|word| !word.is_empty()).collect();
    let clean = |word: &&str| word.trim_matches(['"', '“', '”', '«', '»', '\'', '‘']).to_owned();
    let words: Vec<String> = words.iter().map(clean).collect();
    if words.iter().any(|word| is_periodical(word)) {
        return Proof::Either;
    }
    if words.iter().any(|word| is_organization(word) || is_written_legal_form(word)) {
        return Proof::Organization;
    }
    let seldom = words.iter().position(|word| is_seldom_surname(word));
    let Some(at) = seldom.or_else(|| words.iter().position(|word| is_surname_too(word))) else {
        return Proof::Nothing;
    };
    // All that stands before it would be given names.
    let person = words[..at].iter().all(|word| dotted(word) || is_given_name(word) || particle(word));
    let more = words.get(at + 1).is_some_and(|next| !suffix(next) && !dotted(next) && !is_given_name(next));
    match (at, seldom) {
        (0, _) if more => Proof::Organization,
        (1.., Some(_)) if !person => Proof::Organization,
        _ => Proof::Either,
    }
}

/// Whether a text begins as a person's name does: with initials or with a given name and one more word.
fn begins_as_person(section: &str) -> bool {
    let mut words = section.split_whitespace();
    let first = words.next().unwrap_or_default();
    dotted(first) || is_given_name(first) && !is_place(&[first]) && words.next().is_some()
}

/// Who a name is, where that is certain.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let name = untitled(name.trim());
    let bare = unbracketed(name);
    let ends = [",", " - ", " – ", " — ", " at "];
    let cut = ends.iter().filter_map(|end| bare.find(end)).min().unwrap_or(bare.len());
    let (first, rest) = bare.split_at(cut);
    match (proof(first), proof(rest)) {
        (Proof::Organization, of_rest) => {
            // `Naturalis, Leiden` has a place after it, `Museum, Jan` perhaps a person.
            let alone = first.trim().contains(' ') || !rest.starts_with(',');
            // `Peter H. Raven Library` names an organisation, `Peter H. Raven` a person.
            let person_after =
                of_rest != Proof::Organization && rest.split(',').any(|part| begins_as_person(part.trim()));
            (alone && !person_after).then_some(Kind::Organization)
        }
        // `ANSYS, Inc.`; a person with an affiliation is neither.
        (Proof::Nothing, Proof::Organization) => {
            let form = rest.trim_start_matches(',').trim();
            (is_organization(form) && is_legal_form(form) && !first.trim().is_empty()).then_some(Kind::Organization)
        }
        (_, Proof::Organization | Proof::Either) => None,
        // `Bond, J.` is a family name, `Bond, James` could be either.
        (Proof::Either, Proof::Nothing) => {
            let words = person(name)?;
            let short = |word: &&str| dotted(word) || capitals(word);
            let proven = if name.contains(',') {
                words.given.iter().any(short) && !first.trim().contains(' ')
            } else {
                words.given.iter().any(short) && is_surname_too(words.family[words.family.len() - 1])
            };
            proven.then_some(Kind::Person)
        }
        (Proof::Nothing, Proof::Nothing) => person(name).map(|_| Kind::Person),
    }
}

/// A name without the titles before it.
fn untitled(name: &str) -> &str {
    let mut rest = name;
    while let Some((first, after)) = rest.split_once(' ')
        && is_title(first)
    {
        rest = after.trim_start();
    }
    rest
}
