//! Names and codes of languages that isolang does not have, or that mean something else.

/// Tags with the names people use, English and Dutch.
#[rustfmt::skip]
pub(super) const NAMES: &[(&str, &str, &str)] = &[
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
pub(super) const ALIASES: &[(&str, &str)] = &[
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
    ("ang", "Old English"),
    ("bn", "Bangla"),
    ("cu", "Church Slavonic"),
    ("cu", "Old Bulgarian"),
    ("cu", "Old Church Slavonic"),
    ("cu", "Old Slavonic"),
    ("dum", "Middle Dutch"),
    ("dv", "Maldivian"),
    ("egy", "Ancient Egyptian"),
    ("enm", "Middle English"),
    ("es", "Castilian"),
    ("frm", "Middle French"),
    ("fro", "Old French"),
    ("gd", "Gaelic"),
    ("gmh", "Middle High German"),
    ("goh", "Old High German"),
    ("ht", "Haitian Creole"),
    ("ki", "Gikuyu"),
    ("kl", "Greenlandic"),
    ("kj", "Kwanyama"),
    ("ky", "Kirghiz"),
    ("lb", "Letzeburgesch"),
    ("li", "Limburger"),
    ("li", "Limburgish"),
    ("nb", "Bokmål"),
    ("nb", "Bokmål Norwegian"),
    ("nds", "Low Saxon"),
    ("nl", "Flemish"),
    ("nn", "Nynorsk"),
    ("nn", "Nynorsk Norwegian"),
    ("nv", "Navaho"),
    ("ny", "Chewa"),
    ("ny", "Chichewa"),
    ("os", "Ossetic"),
    ("ps", "Pashto"),
    ("ii", "Nuosu"),
    ("ro", "Moldavian"),
    ("ro", "Moldovan"),
    ("ug", "Uyghur"),
    ("ca", "Valencian"),
    ("za", "Chuang"),
];

/// Codes that isolang does not have, or that BCP 47 prefers another for: the bibliographic codes of
/// ISO 639-2, and codes that were withdrawn.
#[rustfmt::skip]
pub(super) const CODES: &[(&str, &str)] = &[
    ("alb", "sq"), ("arm", "hy"), ("baq", "eu"), ("bur", "my"), ("chi", "zh"), ("cze", "cs"), ("dut", "nl"),
    ("fre", "fr"), ("geo", "ka"), ("ger", "de"), ("gre", "el"), ("ice", "is"), ("mac", "mk"), ("mao", "mi"),
    ("may", "ms"), ("per", "fa"), ("rum", "ro"), ("slo", "sk"), ("tib", "bo"), ("wel", "cy"),
    ("in", "id"), ("iw", "he"), ("ji", "yi"), ("mo", "ro"), ("scr", "hr"), ("scc", "sr"),
    ("dek", "sqm"), ("mrd", "mgp"), ("nte", "eko"), ("shl", "mrh"), ("yol", "enm"),
];

/// The codes of ISO 639-2 for groups of languages and for special cases.
pub(super) const GROUPS: &[&str] = &[
    "afa", "alg", "apa", "art", "ath", "aus", "bad", "bai", "bat", "ber", "bih", "bnt", "btk", "cai", "cau", "cel",
    "cmc", "cpe", "cpf", "cpp", "crp", "cus", "day", "dra", "fiu", "gem", "ine", "ira", "iro", "kar", "khi", "kro",
    "map", "mis", "mkh", "mno", "mul", "mun", "myn", "nah", "nai", "nic", "nub", "oto", "paa", "phi", "pra", "roa",
    "sai", "sal", "sem", "sgn", "sio", "sit", "sla", "smi", "son", "ssa", "tai", "tup", "tut", "und", "wak", "wen",
    "ypk", "znd", "zxx",
];

/// The codes of ISO 639-2 for languages that have no code of two letters.
pub(super) const CATALOGUED: &str = "ace ach ada ady afh ain akk ale alt ang anp arc arn arp arw ast awa bal ban bas bej bem bho \
    bik bin bla bra bua bug byn cad car ceb chb chg chk chm chn cho chp chr chy cnr cop crh csb dak dar del den dgr \
    din doi dsb dua dum dyu efi egy eka elx enm ewo fan fat fil fon frm fro frr frs fur gaa gay gba gez gil gmh goh \
    gon gor got grb grc gsw gwi hai haw hil hit hmn hsb hup iba ilo inh jbo jpr jrb kaa kab kac kam kaw kbd kha kho \
    kmb kok kos kpe krc krl kru kum kut lad lah lam lez lol loz lua lui lun luo lus mad mag mai mak man mas mdf mdr \
    men mga mic min moh mos mus mwl mwr myv nap nds new nia niu nog non nqo nso nwc nym nyn nyo nzi osa ota pag pal \
    pam pap pau peo phn pon pro raj rap rar rom rup sad sah sam sas sat scn sco sel sga shn sid sma smj smn sms snk \
    sog srn srr suk sus sux syc syr tem ter tet tig tiv tkl tlh tli tmh tog tpi tsi tum tvl tyv udm uga umb vai vot \
    wal war was xal yao yap zap zbl zen zgh zun zza";

/// Codes that are also how people shorten a word: `div` for `diverse`, `cas` for `castellano`.
pub(super) const SHORTENED: &[&str] =
    &["all", "any", "cas", "div", "gal", "ing", "mix", "nan", "nil", "nul", "oth", "unk", "val", "var", "vla"];

/// Names that mean more than one language in different mouths: `Vlaams` is Dutch or West Flemish.
pub(super) const LOOSE: &[&str] = &["vlaams", "even", "male", "mono", "label", "are", "home", "sign"];

/// Languages whose codes stand beside each other for texts in two languages: `en-fr`.
pub(super) const PAIRED: &str = "da de en es fi fr hu it lt lv nl no pl pt ro ru sk sv tr";

/// Texts that say that no language is known, in lower case.
#[rustfmt::skip]
pub(super) const UNKNOWN: &[&str] = &[
    "", "?", "-", "--", "onbekend", "unknown", "taal onbekend", "language unknown", "unknown language", "niet bekend",
    "n/a", "n.a.", "null", "none", "nvt", "n.v.t.", "niet van toepassing", "not applicable", "not available",
    "no language", "unspecified", "not specified", "tbd",
];
