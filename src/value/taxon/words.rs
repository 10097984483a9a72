//! Words that tell a scientific name from other texts, and its parts from each other.

/// Small words between the names of authors.
pub(super) const AUTHORS: &[&str] =
    &["d", "le", "et", "ex", "in", "and", "en", "non", "nec", "sensu", "auct", "al", "of", "the", "met", "bij", "op"];

/// Particles before the name of an author.
pub(super) const PARTICLES: &[&str] = &[
    "af", "av", "da", "das", "de", "degli", "dei", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el",
    "la", "las", "los", "ten", "ter", "van", "vom", "von", "y", "zu", "zum", "zur",
];

/// Words that stand where an epithet could and are none: ranks of bacteria, viruses, what is shown of
/// an animal or a plant.
#[rustfmt::skip]
pub(super) const NO_EPITHETS: &[&str] = &[
    "bacteriophage", "bacterium", "biotype", "biovar", "bv", "clone", "genotype", "isolate", "pathovar", "phage", "pv",
    "serogroup", "serotype", "serovar", "strain", "subtype", "sv", "viroid", "virus", "viruses", "x", "cultivar",
    "adult", "adults", "animal", "bark", "bird", "blossom", "bone", "bones", "chick", "cranium", "dorsal", "drawing",
    "egg", "eggs", "feather", "feathers", "female", "fish", "flower", "flowers", "foot", "fossil", "fruit", "fruits",
    "head", "holotype", "juvenile", "larva", "larvae", "lateral", "leaf", "leaves", "male", "mandible", "mount",
    "nest", "nymph", "paratype", "photo", "plant", "pupa", "pupae", "queen", "root", "seed", "seeds", "shell",
    "skeleton", "skin", "skins", "skull", "skulls", "species", "specimen", "spider", "tail", "tissue", "tooth",
    "teeth", "tree", "type", "ventral", "wing", "wings", "wood", "worker", "complex", "group", "hybrid",
    "blad", "bloem", "bloemen", "boom", "ei", "eieren", "gebit", "hout", "huid", "jong", "jongen", "kop", "larve",
    "larven", "mannetje", "mannetjes", "nesten", "onbekend", "opname", "paar", "poot", "rups", "schedel", "schelp",
    "skelet", "soort", "staart", "tand", "tanden", "veer", "veren", "vleugel", "vogel", "vrouwtje", "vrouwtjes",
    "vrucht", "zaad", "zaden", "foto", "tekening", "geraamte", "kuiken", "vlinder", "groep", "balg",
    "blatt", "ei", "feder", "knochen", "männchen", "nest", "schädel", "weibchen", "zahn", "art", "blüte",
    "crâne", "femelle", "mâle", "œuf", "oeuf", "plume", "espèce", "cráneo", "hembra", "macho", "huevo", "especie",
    "cranio", "femmina", "maschio", "uovo",
];

/// Words that make a name one of a virus, or of a strain or the like below a species of bacteria.
#[rustfmt::skip]
pub(super) const MICROBES: &[&str] = &[
    "bacteriophage", "biotype", "biovar", "bv.", "clone", "genotype", "isolate", "pathovar", "phage", "pv.",
    "serogroup", "serotype", "serovar", "ser.", "str.", "strain", "substr.", "sv.", "viroid", "virus", "viruses",
];

/// Words with a capital that stand behind a name and are no author.
#[rustfmt::skip]
pub(super) const NO_AUTHORS: &[&str] = &[
    "ATCC", "BCCM", "CBS", "CCAP", "CCUG", "CIP", "DSM", "DSMZ", "IFO", "JCM", "LMG", "NBRC", "NCIMB", "NCTC", "NRRL",
    "PCC", "SAG", "UTEX", "Adult", "Bacteriophage", "Egg", "Eggs", "Female", "Holotype", "Isolate", "Juvenile", "Larva",
    "Male", "Nest", "Paratype", "Phage", "Photo", "Serotype", "Serovar", "Skeleton", "Skin", "Skull", "Strain",
    "Type", "Virus", "Foto", "Schedel", "Vrouwtje", "Mannetje",
];

/// Words with which a text begins that names no taxon, in lower case.
#[rustfmt::skip]
pub(super) const UNNAMED: &[&str] = &[
    "not", "no", "none", "unknown", "unidentified", "undetermined", "unnamed", "uncertain", "indet", "indet.",
    "onbekend", "onbekende", "niet", "geen", "ongedetermineerd", "ongedetermineerde", "onbepaald", "onbepaalde",
    "unbekannt", "unbekannte", "unbekannter", "unbestimmt", "inconnu", "inconnue", "espèce", "especie", "desconocido",
    "desconocida", "species", "soort", "genus", "familia", "gen.", "sp.", "incertae", "nomen", "null", "n/a",
    "various", "diverse", "several", "mixed", "nog", "tbd", "unassigned", "undescribed",
];

/// Endings of Latin words, for a genus and for an epithet. Those that Dutch and English words share
/// are left out, so that `Groene specht` and `Green iguana` are no names.
pub(super) const GENUS: &[&str] =
    &["us", "a", "um", "is", "ys", "ps", "ix", "ax", "ex", "yx", "nx", "on", "as", "os", "ma", "es"];
pub(super) const EPITHET: &[&str] =
    &["us", "a", "um", "is", "i", "ae", "ale", "ense", "orum", "arum", "ans", "ens", "oides", "ceps", "fer", "ger"];

/// Latin that is no name of a species.
pub(super) const PHRASES: &[&str] = &[
    "alma mater",
    "angina pectoris",
    "ars nova",
    "aurora australis",
    "aurora borealis",
    "camera obscura",
    "camera lucida",
    "corpus delicti",
    "curriculum vitae",
    "delirium tremens",
    "homo ludens",
    "homo universalis",
    "lapis lazuli",
    "lingua franca",
    "magna carta",
    "magna charta",
    "mea culpa",
    "pax romana",
    "persona grata",
    "rigor mortis",
    "status aparte",
    "tabula rasa",
    "terra incognita",
    "terra nova",
    "terra sigillata",
    "via appia",
    "villa rustica",
    "vox populi",
];

/// Endings of learned words that look Latin: `Orientation analysis`, `Literatura moderna`.
pub(super) const LEARNED: &[&str] = &[
    "ancia", "ation", "encia", "energia", "grafia", "haria", "historia", "ition", "logia", "matica", "medicina",
    "musica", "nomia", "patia", "politica", "sofia", "terapia", "tura",
];
