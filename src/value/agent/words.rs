//! Words that prove what a name is, without accents and in lower case: of organisations, places, given
//! names, family names, legal forms, degrees and titles.

use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A word in lower case without its accents.
pub(super) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    for letter in word.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            '’' => folded.push('\''),
            '‐' | '‑' => folded.push('-'),
            other => folded.push(other),
        }
    }
    folded
}

/// A word folded, without full stops: `B.V.` is `bv`.
pub(super) fn undotted(word: &str) -> String {
    fold(word).replace('.', "")
}

/// Words that only names of organisations contain, in English, Dutch, German, French, Spanish and
/// Italian.
#[rustfmt::skip]
const ORGANIZATIONS: &[&str] = &[
    "academy", "administration", "agency", "alliance", "archive", "archives", "army", "assoc",
    "association", "associates", "authority", "biodiversity", "board", "broadcasting", "bureau", "center", "centre",
    "choir", "clinic", "collection", "collections", "college", "commission", "committee", "company", "consortium",
    "corporation", "corps", "council", "department", "dept", "division", "entertainment", "enterprises", "faculty",
    "federation", "film", "films", "foundation", "government", "group", "guild", "herbarium", "hospital",
    "industries", "institute", "institution", "laboratories", "laboratory", "labs", "league",
    "library", "libraries", "media", "ministry", "museum", "museums", "navy", "network", "observatory", "office",
    "orchestra", "organization", "organisation", "parliament", "partners", "productions", "program", "programme",
    "project", "publishers", "publishing", "research", "services", "society", "station", "studio",
    "studios", "survey", "team", "technologies", "television", "theatre", "trust", "trustees", "union", "univ",
    "university", "zoo", "xeno-canto",
    "academie", "afdeling", "archief", "archieven", "bedrijf", "bibliotheek", "centrum", "collectie", "comite",
    "commissie", "departement", "dienst", "drukkerij", "faculteit", "federatie", "firma", "gemeente", "genootschap",
    "groep", "hogeschool", "hoogheemraadschap", "instituut", "journaal", "kadaster", "koninklijk", "koninklijke",
    "laboratorium", "maatschappij", "ministerie", "musea", "naturalis", "natuurmonumenten", "netwerk", "nieuws",
    "omroep", "onderneming", "organisatie", "orkest", "polygoon", "polygoon-profilti", "producties", "profilti",
    "provincie", "redactie", "regering", "staatsbosbeheer", "sterrenwacht", "stichting", "studio's", "televisie",
    "unie", "uitgeverij", "universiteit", "vakbond", "vereniging", "waterschap", "werkgroep", "ziekenhuis",
    "abteilung", "agentur", "akademie", "anstalt", "arbeitsgemeinschaft", "arbeitsgruppe", "archiv", "ausschuss",
    "behorde", "bibliothek", "bundesamt", "bundesanstalt", "bundesministerium", "bundesrepublik", "bundestag", "buro",
    "fakultat", "fernsehen", "forschungszentrum", "gesellschaft", "gewerkschaft", "hochschule", "institut",
    "klinikum", "kommission", "krankenhaus", "landesamt", "landtag", "ministerium", "orchester", "redaktion",
    "regierung", "rundfunk", "staatsbibliothek", "sternwarte", "stiftung", "umweltamt", "universitat", "unternehmen",
    "verband", "verein", "verlag", "zentrum",
    "academia", "agence", "assemblee", "bibliotheque", "cinematheque", "compagnie", "conservatoire", "conseil",
    "ecole", "editions", "entreprise", "faculte", "fondation", "gouvernement", "hopital", "imprimerie", "laboratoire",
    "librairie", "mairie", "mediatheque", "ministere", "musee", "observatoire", "orchestre", "parlement",
    "phonotheque", "prefecture", "presses", "societe", "syndicat", "universite",
    "agencia", "archivo", "asociacion", "ayuntamiento", "biblioteca", "centro", "colegio", "comision", "compania",
    "confederacion", "consejo", "cooperativa", "corporacion", "departamento", "diputacion", "ediciones", "editorial",
    "empresa", "escuela", "facultad", "federacion", "fundacion", "gobierno", "herbario", "instituto", "laboratorio",
    "ministerio", "museo", "museu", "observatorio", "oficina", "parlamento", "servicio", "servicios", "sindicato",
    "sociedad", "tribunal", "universidad", "universidade", "universitat", "faculdade", "fundacao", "associacao",
    "sociedade", "escola", "ministerio", "governo",
    "accademia", "agenzia", "archivio", "associazione", "azienda", "collegio", "comitato", "commissione",
    "consiglio", "dipartimento", "direzione", "edizioni", "editrice", "facolta", "federazione", "fondazione",
    "istituto", "ministero", "ospedale", "osservatorio", "politecnico", "provincia", "regione", "scuola",
    "servizio", "sindacato", "societa", "soprintendenza", "teatro", "ufficio", "universita",
];

/// Endings that do the same: `Natuurmuseum`, `Rijksarchief`.
const ENDINGS: &[&str] = &[
    "museum",
    "archief",
    "bibliotheek",
    "centrum",
    "instituut",
    "stichting",
    "vereniging",
    "universiteit",
    "dienst",
    "genootschap",
    "maatschappij",
    "uitgeverij",
    "ministerie",
    "archiv",
    "bibliothek",
    "gesellschaft",
    "institut",
    "ministerium",
    "stiftung",
    "universitat",
    "verband",
    "verein",
    "verlag",
    "zentrum",
];

/// Words of organisations that are family names too, if rarely: Frank Press, Robert Service.
const SELDOM_SURNAMES: &[&str] = &["academic", "club", "garden", "gardens", "press", "school", "service"];

/// Words of organisations that are common family names: Edward Bond, Ségolène Royal.
const SURNAMES_TOO: &[&str] =
    &["bank", "bond", "camara", "church", "court", "hall", "house", "jardin", "park", "royal"];

/// Legal forms that are not also initials.
#[rustfmt::skip]
const FORMS: &[&str] = &[
    "inc", "ltd", "llc", "llp", "plc", "corp", "gmbh", "pty", "pte", "sarl", "srl", "spa", "asbl", "vzw", "bvba",
    "kgaa", "aps", "oyj", "sprl", "vof", "limited", "incorporated",
];

/// Legal forms that are initials too.
#[rustfmt::skip]
const FORMS_OR_INITIALS: &[&str] = &[
    "bv", "nv", "ag", "sa", "ab", "as", "co", "se", "kg", "cv", "ev", "sl", "oy", "kk", "sas", "snc", "ou", "ks",
];

/// Degrees, offices and orders after a name, without full stops.
#[rustfmt::skip]
const DEGREES: &[&str] = &[
    "phd", "md", "msc", "bsc", "ma", "ba", "ms", "bs", "mba", "dds", "dphil", "llm", "llb", "lld", "jd", "edd", "dvm",
    "msn", "rn", "frs", "obe", "mbe", "cbe", "esq", "drs", "ir", "ing", "mr", "dr", "prof", "ra", "cpa", "pe", "mph",
    "mfa", "bed", "med", "meng", "beng", "mphil", "dsc", "scd", "habil", "dipl", "mag", "bacc", "lic", "mrs", "mls",
    "sj", "osb", "ofm", "op", "osf", "author", "editor", "ed", "eds", "etc", "al", "the",
];

/// Articles, which stand behind the comma of a name turned around: `Beatles, The`.
#[rustfmt::skip]
const ARTICLES: &[&str] = &[
    "the", "el", "la", "le", "les", "los", "las", "il", "lo", "gli", "der", "die", "das", "de", "het", "een", "an", "a",
    "un", "une", "ein", "eine", "l'", "o", "os", "as", "'t",
];

/// Whether a word with a capital is an article.
pub(super) fn is_article(word: &str) -> bool {
    !word.ends_with('.') && word.len() > 1 && ARTICLES.contains(&fold(word).as_str())
}

/// Titles before a name.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "dr", "prof", "professor", "mr", "mrs", "ms", "ir", "ing", "drs", "rev", "sir", "ds", "jhr", "mej", "mevr", "mme",
    "mlle", "dhr", "herr", "frau", "doctor", "ass", "dott", "dra", "sra", "sig", "lic", "em", "hon", "capt", "col",
    "gen", "lt", "sgt",
];

/// Letters of states and organisations, which are no initials with full stops either.
#[rustfmt::skip]
const ACRONYMS: &[&str] = &[
    "us", "usa", "uk", "un", "eu", "ussr", "udssr", "urss", "uae", "prc", "dc", "ny", "nyc", "eec", "who", "ngo", "hms",
    "uss", "rms", "ymca", "bv", "nv", "tv", "tu",
];

/// Abbreviations of places and of words that look like initials if they have no stops within.
#[rustfmt::skip]
const NO_INITIALS: &[&str] = &[
    "la", "ss", "st", "ste", "mt", "ft", "pt", "tu", "fc", "ur", "nl", "no", "nr", "vol", "dept", "univ", "inst", "mus",
    "bot", "zool", "nat", "lab", "co", "inc", "ltd", "gov", "mass", "calif", "conn", "penn", "ill", "tex", "fla",
    "wash", "mich", "minn", "wis", "ariz", "colo", "ont", "que", "eng", "ltda",
];

/// Two capitals for a state of the United States, as they stand behind a town.
#[rustfmt::skip]
const STATES: &[&str] = &[
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME",
    "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
    "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "ON", "BC", "QC", "AB", "NSW",
];

/// How given names are cut short to more than one letter.
#[rustfmt::skip]
const SHORT: &[&str] = &[
    "ph", "th", "chr", "joh", "jos", "ch", "fr", "wm", "geo", "jac", "ger", "alb", "alex", "edw", "rob", "fred", "jas",
    "chas", "thos", "herm", "hub", "ant", "andr", "aug", "gust", "heinr", "hendr", "jan", "jul", "lud", "mich", "nic",
    "pet", "rud", "sam", "seb", "sig", "theod", "wilh", "ad", "ed", "em", "jo", "ja", "yu", "ya", "kh", "sh", "zh",
    "dan", "vl", "st", "ts", "dj", "iz", "ev", "ed", "al", "cl", "cor", "fl", "gs", "gy", "hj", "max", "luc", "ren",
];

fn set(text: &'static str) -> HashSet<&'static str> {
    text.lines().collect()
}

static GIVEN_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| set(include_str!("given_names.txt")));

static SURNAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| set(include_str!("surnames.txt")));

static PLACES: LazyLock<HashSet<&str>> = LazyLock::new(|| set(include_str!("places.txt")));

static ORGANIZATION_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| ORGANIZATIONS.iter().copied().collect());

/// Whether a word is in use as a given name, or its first half is: `Jan-Willem`.
pub(super) fn is_given_name(word: &str) -> bool {
    let folded = fold(word);
    GIVEN_NAMES.contains(folded.as_str())
        || folded.split_once('-').is_some_and(|(first, _)| GIVEN_NAMES.contains(first))
}

/// Whether words are the name of a place, also where it is a given name: `Virginia`.
pub(super) fn is_place(words: &[&str]) -> bool {
    let folded = undotted(&words.join(" "));
    PLACES.contains(folded.strip_prefix("the ").unwrap_or(&folded)) || PLACES.contains(folded.as_str())
}

/// Whether a word proves an organisation by itself.
pub(super) fn is_organization(word: &str) -> bool {
    let folded = undotted(word);
    ORGANIZATION_WORDS.contains(folded.as_str())
        || FORMS.contains(&folded.as_str())
        || ENDINGS.iter().any(|end| folded.len() > end.len() && folded.ends_with(end))
        || folded.contains('-') && folded.split('-').any(|part| ORGANIZATION_WORDS.contains(part))
}

/// Words of periodicals and proceedings, which name neither a person nor an organisation.
#[rustfmt::skip]
const PERIODICALS: &[&str] = &[
    "abstracts", "advances", "annalen", "annales", "annals", "bulletin", "frontiers", "jaarboek", "jahrbuch", "journal",
    "magazine", "nieuwsbrief", "proceedings", "review", "revista", "revue", "rivista", "tijdschrift", "transactions",
    "yearbook", "zeitschrift", "zeitung",
];

pub(super) fn is_periodical(word: &str) -> bool {
    PERIODICALS.contains(&undotted(word).as_str())
}

/// Whether a word is of organisations, and a rare family name.
pub(super) fn is_seldom_surname(word: &str) -> bool {
    SELDOM_SURNAMES.contains(&fold(word).as_str())
}

/// Whether a word is of organisations, and a common family name.
pub(super) fn is_surname_too(word: &str) -> bool {
    SURNAMES_TOO.contains(&fold(word).as_str())
}

/// Whether a word is in use as a family name and is neither a word of organisations nor a place.
pub(super) fn is_surname(word: &str) -> bool {
    let folded = fold(word);
    let bare = ["o'", "mc", "d'", "l'"].iter().find_map(|begin| folded.strip_prefix(begin)).unwrap_or(&folded);
    SURNAMES.contains(folded.as_str())
        || SURNAMES.contains(bare)
        || folded.split_once('-').is_some_and(|(first, last)| SURNAMES.contains(first) || SURNAMES.contains(last))
}

/// Words behind a comma that are no given names: `Smith, Brothers`.
#[rustfmt::skip]
const NO_GIVEN_NAMES: &[&str] = &[
    "anonymous", "associates", "brothers", "collection", "company", "estate", "familia", "familie", "famille",
    "family", "freres", "gebroeders", "gebruder", "heirs", "international", "national", "others", "products",
    "publications", "sisters", "sons", "staff", "students", "various", "weduwe", "zonen", "abstracts", "proceedings",
    "photo", "foto", "and", "volume", "book", "books", "journal", "press", "editors", "trans", "illus", "photos",
];

/// Whether words can be given names as far as words that can't be tell.
pub(super) fn may_be_given_names(words: &[&str]) -> bool {
    !words.iter().any(|word| NO_GIVEN_NAMES.contains(&undotted(word).as_str()) || is_place(&[*word]))
}

pub(super) fn is_legal_form(word: &str) -> bool {
    let bare = undotted(word);
    FORMS.contains(&bare.as_str()) || FORMS_OR_INITIALS.contains(&bare.as_str())
}

/// A legal form in capitals or with its stops, which no family name is: `BV`, `N.V.`.
pub(super) fn is_written_legal_form(word: &str) -> bool {
    matches!(word, "BV" | "B.V." | "NV" | "N.V." | "Bv" | "Nv" | "bv" | "nv" | "b.v." | "n.v." | "Co." | "co.")
}

pub(super) fn is_degree(word: &str) -> bool {
    DEGREES.contains(&undotted(word).as_str())
}

pub(super) fn is_title(word: &str) -> bool {
    let bare = undotted(word);
    let spelled = bare.len() > 3 || matches!(bare.as_str(), "sir" | "drs" | "mme" | "dhr" | "jhr" | "mej");
    TITLES.contains(&bare.as_str()) && (word.ends_with('.') || spelled)
}

/// Whether an abbreviation is of a place or an organisation, whatever its stops.
pub(super) fn is_no_initial(word: &str) -> bool {
    let bare = undotted(word);
    // `St.` is a saint, `S.T.` are initials.
    let lettered = word.trim_end_matches('.').contains('.');
    ACRONYMS.contains(&bare.as_str()) || !lettered && NO_INITIALS.contains(&bare.as_str())
}

pub(super) fn is_state(word: &str) -> bool {
    STATES.contains(&word)
}

/// Whether letters are a given name cut short.
pub(super) fn is_short_given_name(letters: &str) -> bool {
    SHORT.contains(&fold(letters).as_str())
}
