//! The words of dates in Dutch and English, and the months, seasons and centuries of German, French,
//! Spanish and Italian.

/// What a word in a date means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    Month(u8),
    /// The month as Roman numerals, as on labels of specimens; `v` is also a word in other places.
    Roman(u8),
    /// The code of EDTF: 21 spring, 22 summer, 23 autumn, 24 winter.
    Season(u8),
    Century,
    /// `jaren`, before a decade.
    Decades,
    /// A number in words, as an ordinal: `negentiende`.
    Ordinal(u8),
    /// A decade in words: `vijftig`.
    Tens(u8),
    /// `e`, `th`: makes the number before it an ordinal.
    Suffix,
    /// `begin`, `late`: a part of what follows.
    Part,
    Weekday,
    /// `de`, `of`: nothing.
    Filler,
    Bc,
    Ad,
}

use Meaning::{Ad, Bc, Century, Decades, Filler, Month, Ordinal, Part, Roman, Season, Suffix, Tens, Weekday};

#[rustfmt::skip]
const WORDS: &[(&str, Meaning)] = &[
    ("januari", Month(1)), ("jan", Month(1)), ("january", Month(1)), ("januar", Month(1)), ("janvier", Month(1)),
    ("jänner", Month(1)), ("janv", Month(1)), ("enero", Month(1)), ("ene", Month(1)), ("gennaio", Month(1)),
    ("gen", Month(1)),
    ("februari", Month(2)), ("feb", Month(2)), ("febr", Month(2)), ("february", Month(2)), ("februar", Month(2)),
    ("février", Month(2)), ("fevrier", Month(2)),
    ("févr", Month(2)), ("fév", Month(2)), ("febrero", Month(2)), ("febbraio", Month(2)), ("feber", Month(2)),
    ("maart", Month(3)), ("mrt", Month(3)), ("march", Month(3)), ("mar", Month(3)), ("märz", Month(3)),
    ("mars", Month(3)), ("maerz", Month(3)), ("marzo", Month(3)),
    ("april", Month(4)), ("apr", Month(4)), ("avril", Month(4)), ("avr", Month(4)),
    ("abril", Month(4)), ("abr", Month(4)), ("aprile", Month(4)),
    ("mei", Month(5)), ("may", Month(5)), ("mai", Month(5)),
    ("mayo", Month(5)), ("maggio", Month(5)), ("mag", Month(5)),
    ("juni", Month(6)), ("jun", Month(6)), ("june", Month(6)), ("juin", Month(6)),
    ("junio", Month(6)), ("giugno", Month(6)), ("giu", Month(6)),
    ("juli", Month(7)), ("jul", Month(7)), ("july", Month(7)), ("juillet", Month(7)),
    ("juil", Month(7)), ("julio", Month(7)), ("luglio", Month(7)), ("lug", Month(7)),
    ("augustus", Month(8)), ("aug", Month(8)), ("august", Month(8)), ("août", Month(8)), ("aout", Month(8)),
    ("agosto", Month(8)), ("ago", Month(8)),
    ("september", Month(9)), ("sept", Month(9)), ("sep", Month(9)), ("septembre", Month(9)),
    ("septiembre", Month(9)), ("setiembre", Month(9)), ("settembre", Month(9)), ("sett", Month(9)),
    ("oktober", Month(10)), ("okt", Month(10)), ("october", Month(10)), ("oct", Month(10)), ("octobre", Month(10)),
    ("octubre", Month(10)), ("ottobre", Month(10)), ("ott", Month(10)),
    ("november", Month(11)), ("nov", Month(11)), ("novembre", Month(11)),
    ("noviembre", Month(11)),
    ("december", Month(12)), ("dec", Month(12)), ("dezember", Month(12)), ("dez", Month(12)),
    ("décembre", Month(12)), ("decembre", Month(12)), ("déc", Month(12)), ("diciembre", Month(12)), ("dic", Month(12)),
    ("dicembre", Month(12)),
    ("lente", Season(21)), ("voorjaar", Season(21)), ("spring", Season(21)), ("frühling", Season(21)),
    ("frühjahr", Season(21)), ("printemps", Season(21)), ("primavera", Season(21)),
    ("zomer", Season(22)), ("summer", Season(22)), ("sommer", Season(22)), ("été", Season(22)),
    ("verano", Season(22)),
    ("herfst", Season(23)), ("najaar", Season(23)), ("autumn", Season(23)), ("fall", Season(23)),
    ("automne", Season(23)), ("otoño", Season(23)), ("autunno", Season(23)),
    ("winter", Season(24)), ("hiver", Season(24)), ("invierno", Season(24)), ("inverno", Season(24)),
    ("eeuw", Century), ("century", Century), ("eeuwen", Century), ("centuries", Century), ("cent", Century), ("jahrhundert", Century), ("siècle", Century),
    ("jahrhunderts", Century), ("jh", Century), ("jhdt", Century), ("jhd", Century), ("siglo", Century),
    ("secolo", Century), ("sec", Century),
    ("jaren", Decades),
    ("eerste", Ordinal(1)), ("first", Ordinal(1)), ("tweede", Ordinal(2)), ("second", Ordinal(2)),
    ("derde", Ordinal(3)), ("third", Ordinal(3)), ("vierde", Ordinal(4)), ("fourth", Ordinal(4)),
    ("vijfde", Ordinal(5)), ("fifth", Ordinal(5)), ("zesde", Ordinal(6)), ("sixth", Ordinal(6)),
    ("zevende", Ordinal(7)), ("seventh", Ordinal(7)), ("achtste", Ordinal(8)), ("eighth", Ordinal(8)),
    ("negende", Ordinal(9)), ("ninth", Ordinal(9)), ("tiende", Ordinal(10)), ("tenth", Ordinal(10)),
    ("elfde", Ordinal(11)), ("eleventh", Ordinal(11)), ("twaalfde", Ordinal(12)), ("twelfth", Ordinal(12)),
    ("dertiende", Ordinal(13)), ("thirteenth", Ordinal(13)), ("veertiende", Ordinal(14)),
    ("fourteenth", Ordinal(14)), ("vijftiende", Ordinal(15)), ("fifteenth", Ordinal(15)),
    ("zestiende", Ordinal(16)), ("sixteenth", Ordinal(16)), ("zeventiende", Ordinal(17)),
    ("seventeenth", Ordinal(17)), ("achttiende", Ordinal(18)), ("eighteenth", Ordinal(18)),
    ("negentiende", Ordinal(19)), ("nineteenth", Ordinal(19)), ("twintigste", Ordinal(20)),
    ("twentieth", Ordinal(20)), ("eenentwintigste", Ordinal(21)),
    ("tien", Tens(1)), ("twintig", Tens(2)), ("dertig", Tens(3)), ("veertig", Tens(4)), ("vijftig", Tens(5)),
    ("zestig", Tens(6)), ("zeventig", Tens(7)), ("tachtig", Tens(8)), ("negentig", Tens(9)),
    ("e", Suffix), ("ste", Suffix), ("st", Suffix), ("nd", Suffix), ("rd", Suffix), ("th", Suffix),
    ("er", Suffix), ("ème", Suffix), ("º", Suffix),
    ("begin", Part), ("beginning", Part), ("early", Part), ("vroege", Part), ("midden", Part), ("medio", Part),
    ("mid", Part), ("middle", Part), ("half", Part), ("helft", Part), ("kwart", Part), ("quarter", Part), ("eind", Part),
    ("einde", Part), ("end", Part), ("late", Part), ("laat", Part), ("hälfte", Part), ("viertel", Part),
    ("anfang", Part), ("mitte", Part), ("ende", Part), ("moitié", Part), ("début", Part), ("fin", Part), ("mitad", Part),
    ("metà", Part), ("inizio", Part), ("fine", Part),
    ("maandag", Weekday), ("dinsdag", Weekday), ("woensdag", Weekday), ("donderdag", Weekday), ("vrijdag", Weekday),
    ("zaterdag", Weekday), ("zondag", Weekday), ("monday", Weekday), ("tuesday", Weekday), ("wednesday", Weekday),
    ("thursday", Weekday), ("friday", Weekday), ("saturday", Weekday), ("sunday", Weekday), ("mon", Weekday),
    ("tue", Weekday), ("wed", Weekday), ("thu", Weekday), ("fri", Weekday), ("sat", Weekday), ("sun", Weekday),
    ("the", Filler), ("de", Filler), ("van", Filler), ("of", Filler), ("het", Filler), ("in", Filler), ("anno", Filler),
    ("del", Filler), ("des", Filler), ("du", Filler), ("le", Filler), ("den", Filler), ("am", Filler), ("im", Filler),
    ("il", Filler), ("el", Filler),
    ("bc", Bc), ("bce", Bc), ("vchr", Bc), ("ad", Ad), ("ce", Ad), ("nchr", Ad),
    ("i", Roman(1)), ("ii", Roman(2)), ("iii", Roman(3)), ("iv", Roman(4)), ("v", Roman(5)), ("vi", Roman(6)),
    ("vii", Roman(7)), ("viii", Roman(8)), ("ix", Roman(9)), ("x", Roman(10)), ("xi", Roman(11)), ("xii", Roman(12)),
];

/// The meaning of a word in lower case.
pub(super) fn meaning(word: &str) -> Option<Meaning> {
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

/// Texts that say that no date is known, in lower case.
pub(super) const UNKNOWN: &[&str] = &[
    "",
    "?",
    "-",
    "z.d.",
    "z.d",
    "zd",
    "z. d.",
    "z.j.",
    "s.d.",
    "s.d",
    "sd",
    "s. d.",
    "s.a.",
    "n.d.",
    "n.d",
    "nd",
    "n. d.",
    "o.j.",
    "no date",
    "undated",
    "unknown",
    "date unknown",
    "unknown date",
    "not known",
    "not dated",
    "zonder datum",
    "geen datum",
    "onbekend",
    "datum onbekend",
    "onbekende datum",
    "exacte datum onbekend",
    "exacte dag onbekend",
    "jaar onbekend",
    "niet bekend",
    "ongedateerd",
    "onbekend.",
    "null",
    "none",
    "n/a",
    "0000-00-00",
    "0000",
    "00-00-0000",
    "00000000",
    "0000-00-00t00:00:00z",
    "9999-99-99",
    "99999999",
    "99-99-9999",
    "sin fecha",
    "sans date",
    "ohne datum",
    "ohne jahr",
    "senza data",
    "fecha desconocida",
    "date inconnue",
    "unbekannt",
    "nvt",
    "n.v.t.",
    "not available",
];

/// How much a remark beside a padded date says is not known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Remark {
    Day,
    Month,
    Date,
}

/// Remarks as they stand behind a date, in lower case.
pub(super) const REMARKS: &[(&str, Remark)] = &[
    ("exacte datum onbekend", Remark::Date),
    ("precieze datum onbekend", Remark::Date),
    ("exact date unknown", Remark::Date),
    ("exacte maand onbekend", Remark::Month),
    ("maand onbekend", Remark::Month),
    ("month unknown", Remark::Month),
    ("exacte dag onbekend", Remark::Day),
    ("dag onbekend", Remark::Day),
    ("exact day unknown", Remark::Day),
    ("day unknown", Remark::Day),
];

/// What a word before or behind a date says about it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Approximate,
    Uncertain,
    /// That date or before it: `until 1900`.
    Before,
    /// That date or after it: `since 1900`.
    After,
    /// Before it, itself left out: `before 1900`.
    Earlier,
    /// After it, itself left out: `after 1900`.
    Later,
    /// A label: says nothing about the date.
    Label,
}

/// Words before a date, in lower case; a letter must not follow.
#[rustfmt::skip]
pub(super) const PREFIXES: &[(&str, Mark)] = &[
    ("circa", Mark::Approximate), ("ca.", Mark::Approximate), ("ca", Mark::Approximate), ("c.", Mark::Approximate),
    ("c ", Mark::Approximate), ("omstreeks", Mark::Approximate), ("rond", Mark::Approximate),
    ("rondom", Mark::Approximate), ("ongeveer", Mark::Approximate), ("plm.", Mark::Approximate),
    ("±", Mark::Approximate), ("+/-", Mark::Approximate), ("~", Mark::Approximate), ("about", Mark::Approximate),
    ("around", Mark::Approximate), ("approximately", Mark::Approximate), ("approx.", Mark::Approximate),
    ("approx", Mark::Approximate), ("um", Mark::Approximate), ("etwa", Mark::Approximate),
    ("vers", Mark::Approximate), ("environ", Mark::Approximate), ("env.", Mark::Approximate),
    ("hacia", Mark::Approximate), ("verso il", Mark::Approximate),
    ("waarschijnlijk", Mark::Uncertain), ("vermoedelijk", Mark::Uncertain), ("mogelijk", Mark::Uncertain),
    ("misschien", Mark::Uncertain), ("probably", Mark::Uncertain), ("possibly", Mark::Uncertain),
    ("perhaps", Mark::Uncertain), ("prob.", Mark::Uncertain),
    ("voor", Mark::Earlier), ("vóór", Mark::Earlier), ("before", Mark::Earlier), ("prior to", Mark::Earlier),
    ("vor", Mark::Earlier), ("avant", Mark::Earlier), ("antes de", Mark::Earlier), ("prima del", Mark::Earlier),
    ("until", Mark::Before), ("tot", Mark::Before), ("niet later dan", Mark::Before),
    ("not after", Mark::Before), ("uiterlijk", Mark::Before),
    ("na ", Mark::Later), ("after", Mark::Later), ("nach", Mark::Later), ("après", Mark::Later),
    ("después de", Mark::Later), ("dopo il", Mark::Later), ("since", Mark::After), ("sinds", Mark::After),
    ("vanaf", Mark::After), ("niet eerder dan", Mark::After), ("not before", Mark::After),
    ("time period covered:", Mark::Label), ("date of collection:", Mark::Label), ("datering:", Mark::Label),
    ("periode:", Mark::Label), ("period:", Mark::Label), ("datum:", Mark::Label), ("date:", Mark::Label),
];

/// Words behind a date, in lower case.
pub(super) const SUFFIXES: &[(&str, Mark)] = &[
    ("(?)", Mark::Uncertain),
    ("?", Mark::Uncertain),
    ("(ca.)", Mark::Approximate),
    ("(circa)", Mark::Approximate),
    (" ca.", Mark::Approximate),
    (" circa", Mark::Approximate),
    ("(approximately)", Mark::Approximate),
    (" of eerder", Mark::Before),
    (" or earlier", Mark::Before),
    (" of later", Mark::After),
    (" or later", Mark::After),
    (" - heden", Mark::After),
    ("-heden", Mark::After),
    (" - present", Mark::After),
    ("-present", Mark::After),
    ("-", Mark::After),
];

/// Words between the ends of a range.
pub(super) const BETWEEN: &[&str] =
    &[" - ", " – ", " — ", " t/m ", " tot en met ", " tot ", " until ", " till ", " to ", " / ", "–", "—", "-", "/"];

/// Words between alternatives.
pub(super) const OR: &[&str] = &[" of ", " or "];

/// Words between dates that all hold.
pub(super) const AND: &[&str] = &[";", ", ", " en ", " and ", " & ", " "];
