//! Scientific names: their parts, and which texts are certainly one. Qualifiers stay: a name with
//! `cf.` is not the name without it.

mod words;

use super::function::{Class, Function, Guard, Rejected, Value, Why, placeholder, text};
use std::borrow::Cow;
use words::{AUTHORS, EPITHET, GENUS, LEARNED, MICROBES, NO_AUTHORS, NO_EPITHETS, PARTICLES, PHRASES, UNNAMED};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "taxon.parts",
        arguments: &[],
        class: Class::OneWay,
        forward: |text, _| Ok(Value::Fields(parse(text)?.fields())),
        backward: None,
        doc: "A scientific name as `genus`, `subgenus`, `species`, `rank`, `infraspecific`, `authorship`, with \
              `qualifier` (cf., aff., sp.), `hybrid` (×) and `status` (nom. illeg.) where it has them.",
        example: ("Larus cf. fuscus Linnaeus, 1758", &[]),
        source: "ICZN, ICNafp; Darwin Core",
    },
    Function {
        name: "taxon.canonical",
        arguments: &[],
        class: Class::Lens,
        forward: |text, _| Ok(Value::one(parse(text)?.canonical()?)),
        backward: Some(|value, _| Ok(Value::one(parse(text(value)?)?.canonical()?))),
        doc: "A scientific name without its authors; qualifiers and the hybrid sign stay.",
        example: ("Oenanthe oenanthe leucorhoa (Gmelin, 1789)", &[]),
        source: "ICZN, ICNafp",
    },
];

pub(super) const GUARDS: &[Guard] = &[
    Guard {
        name: "taxon.is",
        test: |text| parse(text).is_ok_and(|name| name.species.is_some()),
        doc: "Has the form of a species name or of one below it. For fields that hold names.",
    },
    Guard {
        name: "taxon.is_certain",
        test: certain,
        doc: "Certainly a species name or one below it, also among free subjects: with authors, or Latin in both words.",
    },
];

#[derive(Default)]
struct Name<'a> {
    genus: &'a str,
    subgenus: Option<&'a str>,
    species: Option<&'a str>,
    rank: Option<&'a str>,
    infraspecific: Option<&'a str>,
    authorship: Option<String>,
    /// What is said of the name itself: `nom. illeg.`
    status: Option<&'a str>,
    qualifier: Option<&'a str>,
    /// Whether the qualifier stands before the epithet below the species.
    below: bool,
    hybrid: Option<Hybrid>,
}

#[derive(Clone, Copy, PartialEq)]
enum Hybrid {
    Genus,
    Species,
}

const NOT_ONE: Rejected = Rejected::new(Why::Unknown, "not a scientific name");
const ONE_WORD: Rejected = Rejected::new(Why::Ambiguous, "one word");

/// `sp.` and its like stand for an epithet, `cf.` and its like before one.
const OPEN: &[&str] = &["sp.", "spec.", "spp.", "sp", "spec", "spp", "indet.", "indet"];
const DOUBT: &[&str] = &["cf.", "cf", "aff.", "aff", "nr.", "?"];
const RANKS: &[&str] = &[
    "subsp.", "ssp.", "subsp", "ssp", "var.", "var", "f.", "forma", "fo.", "subvar.", "subf.", "morph", "ab.", "race",
    "cv.",
];

/// `Larus`, `Philodendron-alba`: a capital, then small letters.
fn genus(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && word.chars().count() > 1
        && letters.all(|letter| letter.is_lowercase() || letter == '-')
        && !word.ends_with('-')
}

/// `fuscus`, `novae-angliae`.
fn epithet(word: &str) -> bool {
    word.chars().count() > 1
        && word.chars().all(|letter| letter.is_lowercase() || matches!(letter, '-' | '\''))
        && word.starts_with(char::is_lowercase)
        && word.ends_with(char::is_lowercase)
        && !AUTHORS.contains(&word)
        && !PARTICLES.contains(&word)
        && !NO_EPITHETS.contains(&word)
}

/// Whether an epithet below the species, without its rank and without authors, has the form of a Latin
/// word: `skull` has not.
fn latin(word: &str) -> bool {
    word.ends_with(|letter: char| "aeiosxrnmyu".contains(letter))
}

/// A year in which a name can have been published.
fn year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) && ("1735".."2100").contains(&text)
}

/// Whether the rest of a name can be its authors: `L.`, `(Linnaeus, 1758)`, `de Vries ex Hack.`.
fn authorship(words: &[&str]) -> bool {
    let bare = |word: &str| word.trim_start_matches(['(', '[']).to_owned();
    let particles = words.iter().take_while(|word| PARTICLES.contains(&bare(word).as_str())).count();
    let begins = match words.get(particles) {
        Some(first) => {
            let first = bare(first);
            let particle = ["d'", "d’", "l'"].iter().any(|particle| {
                let rest = first.strip_prefix(particle);
                rest.is_some_and(|name| name.starts_with(char::is_uppercase))
            });
            first.starts_with(char::is_uppercase)
                || particle
                || particles == 0 && matches!(first.as_str(), "sensu" | "auct.")
        }
        None => false,
    };
    let name = |word: &str| {
        let letters = word.chars().all(|letter| letter.is_alphabetic() || ".-'’‐‑&,".contains(letter));
        // `Lactobacillus rhamnosus GG` is a strain; `DC` is de Candolle.
        let short = word.len() < 4 && word.len() > 1 && word.chars().all(char::is_uppercase) && word != "DC";
        letters && word.starts_with(char::is_uppercase) && !short && !NO_AUTHORS.contains(&word)
    };
    let named = |word: &&str| {
        let bare = word.trim_matches(['(', ')', '[', ']', ',', '.', ';', ':', '\'']);
        let small = bare.trim_end_matches('.');
        bare.is_empty()
            || bare == "&"
            || name(bare)
            || AUTHORS.contains(&small)
            || PARTICLES.contains(&small)
            || matches!(small, "f" | "fil" | "s.l" | "s.s" | "l" | "s" | "str")
            || bare.split(',').all(year)
            || bare
                .rsplit_once([',', ')'])
                .is_some_and(|(authors, end)| name(authors.trim_end_matches([')', ','])) && (year(end) || name(end)))
            || ["d'", "d’", "l'"].iter().any(|particle| bare.starts_with(particle))
    };
    // These stand behind another particle only: `van den Berg`, but no `Alphen aan den Rijn`.
    let dependent =
        words.first().is_some_and(|word| ["den", "der", "el", "las", "los", "y"].contains(&bare(word).as_str()));
    begins && !dependent && words.iter().all(named) && words.len() <= 14
}

/// How remarks on the publication of a name begin.
const STATUS: &[&str] =
    &[", nom. ", ", pro syn", ", pro sp", ", not validly publ", ", orth. var", ", no type", ", comb. ", ", sensu "];

fn parse(text: &str) -> Result<Name<'_>, Rejected> {
    let remark = STATUS.iter().filter_map(|words| text.find(words)).min();
    let (text, status) = match remark {
        Some(at) => (&text[..at], Some(text[at + 2..].trim())),
        None => (text, None),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        return placeholder("blank");
    }
    if text.len() > 250 {
        return Err(NOT_ONE);
    }
    let first = words[0].trim_matches(['(', '[', '"']).to_lowercase();
    if UNNAMED.contains(&first.as_str()) {
        return placeholder("no taxon is named");
    }
    if words.iter().skip(1).any(|word| MICROBES.contains(&word.to_lowercase().as_str())) {
        return Err(Rejected::new(Why::Unknown, "a virus, a strain or a serovar"));
    }
    let mut words = words.as_slice();
    let mut name = Name { status, ..Name::default() };
    if let [sign, rest @ ..] = words
        && matches!(*sign, "×" | "x" | "X")
    {
        name.hybrid = Some(Hybrid::Genus);
        words = rest;
    }
    let [first, rest @ ..] = words else {
        return Err(NOT_ONE);
    };
    words = rest;
    name.genus = match first.strip_prefix('×') {
        Some(bare) => {
            name.hybrid = Some(Hybrid::Genus);
            bare
        }
        None => first,
    };
    if !genus(name.genus) {
        return Err(NOT_ONE);
    }
    if let [sub, next, ..] = words
        && let Some(inner) = sub.strip_prefix('(').and_then(|sub| sub.strip_suffix(')'))
        && genus(inner)
        && (epithet(next) || OPEN.contains(next) || DOUBT.contains(next))
    {
        name.subgenus = Some(inner);
        words = &words[1..];
    }
    // `Carabus (Procrustes) Bonelli, 1810`.
    if let [sub, ..] = words
        && name.subgenus.is_none()
        && let Some(inner) = sub.strip_prefix('(').and_then(|sub| sub.strip_suffix(')'))
        && genus(inner)
    {
        return Err(Rejected::new(Why::Ambiguous, "a subgenus, or an author in brackets"));
    }
    words = species(&mut name, words);
    if name.species.is_some() {
        words = infraspecific(&mut name, words);
    }
    if !words.is_empty() {
        // `Larus sp. A` is a species that has no name yet.
        let particle = PARTICLES.contains(&words[0]) && name.species.is_none();
        if particle || !authorship(words) || name.qualifier.is_some() && name.species.is_none() {
            return Err(NOT_ONE);
        }
        name.authorship = Some(words.join(" "));
    }
    // One word with a capital is any name, unless authors with a mark of their own follow.
    let authors = name.authorship.as_deref().is_some_and(published);
    if name.below_genus() || name.hybrid.is_some() || authors { Ok(name) } else { Err(ONE_WORD) }
}

/// Takes the epithet with what stands before it; gives the words that are left.
fn species<'a, 'b>(name: &mut Name<'a>, words: &'b [&'a str]) -> &'b [&'a str] {
    match *words {
        [open, ref rest @ ..] if OPEN.contains(&open) => {
            name.qualifier = Some(open);
            rest
        }
        [doubt, next, ref rest @ ..] if DOUBT.contains(&doubt) && epithet(next) => {
            (name.qualifier, name.species) = (Some(doubt), Some(next));
            rest
        }
        [sign, next, ref rest @ ..] if matches!(sign, "×" | "x") && epithet(next) => {
            (name.hybrid, name.species) = (Some(Hybrid::Species), Some(next));
            rest
        }
        [next, ref rest @ ..] if next.strip_prefix('×').is_some_and(epithet) => {
            (name.hybrid, name.species) = (Some(Hybrid::Species), next.strip_prefix('×'));
            rest
        }
        [next, ref rest @ ..] if epithet(next) => {
            name.species = Some(next);
            rest
        }
        _ => words,
    }
}

/// Takes what is below the species: `subsp. alba`, `alba`, after authors of the species or not.
fn infraspecific<'a, 'b>(name: &mut Name<'a>, words: &'b [&'a str]) -> &'b [&'a str] {
    match *words {
        [doubt, next, ref rest @ ..] if DOUBT.contains(&doubt) && epithet(next) => {
            (name.qualifier, name.infraspecific, name.below) = (Some(doubt), Some(next), true);
            return rest;
        }
        [next, ref rest @ ..] if epithet(next) && !RANKS.contains(&next) && latin(next) => {
            name.infraspecific = Some(next);
            return rest;
        }
        _ => {}
    }
    let marker = words.windows(2).position(|pair| RANKS.contains(&pair[0]) && epithet(pair[1]));
    match marker {
        // Authors of the species before the marker are not those of the whole name.
        Some(at) if at == 0 || authorship(&words[..at]) => {
            (name.rank, name.infraspecific) = (Some(words[at]), Some(words[at + 1]));
            &words[at + 2..]
        }
        _ => words,
    }
}

impl<'a> Name<'a> {
    fn fields(self) -> Vec<(&'static str, Cow<'a, str>)> {
        let hybrid = self.hybrid.map(|_| "×");
        let named = [
            ("genus", Some(self.genus)),
            ("subgenus", self.subgenus),
            ("species", self.species),
            ("rank", self.rank),
            ("infraspecific", self.infraspecific),
            ("qualifier", self.qualifier),
            ("hybrid", hybrid),
        ];
        let named = named.into_iter().filter_map(|(name, text)| Some((name, Cow::Borrowed(text?))));
        let authors = self.authorship.map(|authors| ("authorship", Cow::Owned(authors)));
        named.chain(authors).chain(self.status.map(|status| ("status", Cow::Borrowed(status)))).collect()
    }

    fn below_genus(&self) -> bool {
        self.species.is_some() || self.qualifier.is_some()
    }

    fn canonical(&self) -> Result<String, Rejected> {
        if !self.below_genus() && self.hybrid.is_none() {
            return Err(ONE_WORD);
        }
        let before = |at: Hybrid| (self.hybrid == Some(at)).then_some("×");
        let qualifier = |below: bool| self.qualifier.filter(|_| self.below == below);
        let words = [
            before(Hybrid::Genus),
            Some(self.genus),
            qualifier(false),
            before(Hybrid::Species),
            self.species,
            self.rank,
            qualifier(true),
            self.infraspecific,
        ];
        Ok(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }
}

/// Whether authors are marked as such: by a bracket, an abbreviation or a year.
fn published(authors: &str) -> bool {
    authors.contains(['(', '.']) || authors.contains(|letter: char| letter.is_ascii_digit())
}

fn certain(text: &str) -> bool {
    let Ok(name) = parse(text) else {
        return false;
    };
    let Some(species) = name.species else {
        return false;
    };
    let binomial = format!("{} {species}", name.genus.to_lowercase());
    if PHRASES.contains(&binomial.as_str()) {
        return false;
    }
    let ends = |word: &str, endings: &[&str]| endings.iter().any(|end| word.len() > end.len() && word.ends_with(end));
    // What no Latin word has.
    let foreign = ["aa", "ij", "oo", "uu", "sch", "ck", "w"].iter().any(|letters| binomial.contains(letters));
    let letters = binomial.chars().all(|letter| letter.is_ascii() || "ëïöü".contains(letter));
    let learned = LEARNED.iter().any(|end| name.genus.to_lowercase().ends_with(end)) || species.ends_with("ysis");
    let latin = ends(name.genus, GENUS) && ends(species, EPITHET) && letters && !learned;
    let authors = name
        .authorship
        .is_some_and(|authors| authors.contains(['(', '.']) || authors.contains(|l: char| l.is_ascii_digit()));
    latin && (authors || !foreign && name.genus.len() > 2 && species.len() > 3)
}
