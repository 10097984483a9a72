//! Subtags of the IANA Language Subtag Registry (RFC 5646 §3) other than languages, as of 2026-09-17.

/// Scripts.
const SCRIPTS: &str = "\
    Adlm Afak Aghb Ahom Arab Aran Armi Armn Avst Bali Bamu Bass Batk Beng Berf Bhks Blis Bopo Brah Brai Bugi Buhd \
    Cakm Cans Cari Cham Cher Chis Chrs Cirt Copt Cpmn Cprt Cyrl Cyrs Deva Diak Dogr Dsrt Dupl Egyd Egyh Egyp Elba \
    Elym Ethi Gara Geok Geor Glag Gong Gonm Goth Gran Grek Gujr Gukh Guru Hanb Hang Hani Hano Hans Hant Hatr Hebr \
    Hira Hluw Hmng Hmnp Hntl Hrkt Hung Inds Ital Jamo Java Jpan Jurc Kali Kana Kawi Khar Khmr Khoj Kitl Kits Knda \
    Kore Kpel Krai Kthi Lana Laoo Latf Latg Latn Leke Lepc Limb Lina Linb Lisu Loma Lyci Lydi Mahj Maka Mand Mani \
    Marc Maya Medf Mend Merc Mero Mlym Modi Mong Moon Mroo Mtei Mult Mymr Nagm Nand Narb Nbat Newa Nkdb Nkgb Nkoo \
    Nshu Ogam Olck Onao Orkh Orya Osge Osma Ougr Palm Pauc Pcun Pelm Perm Phag Phli Phlp Phlv Phnx Piqd Plrd Prti \
    Psin Ranj Rjng Rohg Roro Runr Samr Sara Sarb Saur Seal Sgnw Shaw Shrd Shui Sidd Sidt Sind Sinh Sogd Sogo Sora \
    Soyo Sund Sunu Sylo Syrc Syre Syrj Syrn Tagb Takr Tale Talu Taml Tang Tavt Tayo Telu Teng Tfng Tglg Thaa Thai \
    Tibt Tirh Tnsa Todr Tols Toto Tutg Ugar Vaii Visp Vith Wara Wcho Wole Xpeo Xsux Yezi Yiii Zanb Zinh Zmth Zsye \
    Zsym Zxxx Zyyy Zzzz";

/// Regions; those for private use are left out.
const REGIONS: &str = "\
    AC AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BU BV \
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CS CU CV CW CX CY CZ DD DE DG DJ DK DM DO DZ EA EC EE EG \
    EH ER ES ET EU EZ FI FJ FK FM FO FR FX GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT \
    HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV \
    LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NT NU NZ \
    OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS \
    ST SU SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TP TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN \
    VU WF WS YD YE YT YU ZA ZM ZR ZW 001 002 003 005 009 011 013 014 015 017 018 019 021 029 030 034 035 039 053 \
    054 057 061 142 143 145 150 151 154 155 202 419";

/// Regions with a newer code.
#[rustfmt::skip]
const NEWER_REGIONS: &[(&str, &str)] = &[
    ("BU", "MM"), ("DD", "DE"), ("FX", "FR"), ("TP", "TL"), ("YD", "YE"), ("ZR", "CD"),
];

/// Extended languages by the language they extend; the preferred tag is the subtag alone.
#[rustfmt::skip]
const EXTENDED: &[(&str, &str)] = &[
    ("ar", "\
        aao abh abv acm acq acw acx acy adf aeb aec afb ajp apc apd arb arq ars ary arz auz avl ayh ayl ayn ayp bbz \
        pga shu ssh"),
    ("kok", "\
        gom knn"),
    ("lv", "\
        ltg lvs"),
    ("ms", "\
        bjn btj bve bvu coa dup hji jak jax kvb kvr kxd lce lcf liw max meo mfa mfb min mqg msi mui orn ors pel pse \
        tmw urk vkk vkt xmm zlm zmi zsm"),
    ("sgn", "\
        ads aed aen afg ajs ase asf asp asq asw bfi bfk bog bqn bqy bvl bzs cds csc csd cse csf csg csl csn csq csr \
        csx doq dse dsl dsz dyl ecs ehs esl esn eso eth fcs fse fsl fss gds gse gsg gsm gss gus hab haf hds hks hos \
        hps hsh hsl icl iks ils inl ins ise isg isr jcs jhs jks jls jos jsl jus kgi kvk lbs lgs lls lsb lsc lsg lsl \
        lsn lso lsp lst lsv lsw lsy lws mdl mfs mre msd msr mzc mzg mzy nbs ncs nsi nsl nsp nsr nzs okl pgz pks prl \
        prz psc psd psg psl pso psp psr pys rib rms rnb rsi rsl rsm rsn sdl sfb sfs sgg sgx slf sls sqk sqs sqx ssp \
        ssr svk swl syy szs tse tsm tsq tss tsy tza ugn ugy ukl uks vgt vsi vsl vsv wbs xki xml xms yds ygs yhs ysl \
        ysm zhk zib zsl"),
    ("sw", "\
        swc swh"),
    ("uz", "\
        uzn uzs"),
    ("zh", "\
        cdo cjy cmn cnp cpx csp czh czo gan hak hnm hsn luh lzh mnp nan sjc wuu yue"),
];

/// Variants, and what may stand before each; without a prefix, any language may.
#[rustfmt::skip]
const VARIANTS: &[(&str, &str)] = &[
    ("1606nict", "frm"),
    ("1694acad", "fr"),
    ("1901", "de"),
    ("1959acad", "be"),
    ("1994", "sl-rozaj sl-rozaj-biske sl-rozaj-njiva sl-rozaj-osojs sl-rozaj-solba"),
    ("1996", "de"),
    ("abl1943", "pt-BR"),
    ("akhmimic", "cop"),
    ("akuapem", "tw"),
    ("alalc97", ""),
    ("aluku", "djk"),
    ("anpezo", "lld"),
    ("ao1990", "pt gl"),
    ("aranes", "oc"),
    ("arevela", "hy"),
    ("arevmda", "hy"),
    ("arkaika", "eo"),
    ("asante", "tw"),
    ("auvern", "oc"),
    ("baku1926", "az ba crh kk krc ky sah tk tt uz"),
    ("balanka", "blo"),
    ("barla", "kea"),
    ("basiceng", "en"),
    ("bauddha", "sa"),
    ("bciav", "zbl"),
    ("bcizbl", "zbl"),
    ("biscayan", "eu"),
    ("biske", "sl-rozaj"),
    ("blasl", "ase sgn-ase"),
    ("bohairic", "cop"),
    ("bohoric", "sl"),
    ("boont", "en"),
    ("bornholm", "da"),
    ("cisaup", "oc"),
    ("colb1945", "pt"),
    ("cornu", "en"),
    ("creiss", "oc"),
    ("dajnko", "sl"),
    ("ekavsk", "sr sr-Latn sr-Cyrl"),
    ("emodeng", "en"),
    ("fascia", "lld"),
    ("fayyumic", "cop"),
    ("fodom", "lld"),
    ("fonipa", ""),
    ("fonkirsh", ""),
    ("fonnapa", ""),
    ("fonupa", ""),
    ("fonxsamp", ""),
    ("gallo", "fr"),
    ("gascon", "oc"),
    ("gherd", "lld"),
    ("grclass", "oc oc-aranes oc-auvern oc-cisaup oc-creiss oc-gascon oc-lemosin oc-lengadoc oc-nicard oc-provenc oc-vivaraup"),
    ("grital", "oc oc-cisaup oc-nicard oc-provenc"),
    ("grmistr", "oc oc-aranes oc-auvern oc-cisaup oc-creiss oc-gascon oc-lemosin oc-lengadoc oc-nicard oc-provenc oc-vivaraup"),
    ("hanoi", "vi"),
    ("hepburn", "ja-Latn"),
    ("heploc", "ja-Latn-hepburn"),
    ("hognorsk", "nn"),
    ("hsistemo", "eo"),
    ("huett", "vi"),
    ("ijekavsk", "sr sr-Latn sr-Cyrl"),
    ("itihasa", "sa"),
    ("ivanchov", "bg"),
    ("jauer", "rm"),
    ("jyutping", "yue"),
    ("kkcor", "kw"),
    ("kleinsch", "kl kl-tunumiit"),
    ("kociewie", "pl"),
    ("kscor", "kw"),
    ("laukika", "sa"),
    ("leidentr", "egy"),
    ("lemosin", "oc"),
    ("lengadoc", "oc"),
    ("lipaw", "sl-rozaj"),
    ("ltg1929", "ltg"),
    ("ltg2007", "ltg"),
    ("luna1918", "ru"),
    ("lycopol", "cop"),
    ("mdcegyp", "egy"),
    ("mdctrans", "egy"),
    ("mesokem", "cop"),
    ("metelko", "sl"),
    ("moderat", "nb"),
    ("monoton", "el"),
    ("ndyuka", "djk"),
    ("nedis", "sl"),
    ("newfound", "en-CA"),
    ("nicard", "oc"),
    ("njiva", "sl-rozaj"),
    ("nulik", "vo"),
    ("osojs", "sl-rozaj"),
    ("oxendict", "en"),
    ("pahawh2", "mww hnj"),
    ("pahawh3", "mww hnj"),
    ("pahawh4", "mww hnj"),
    ("pamaka", "djk"),
    ("peano", "la"),
    ("pehoeji", "nan-Latn"),
    ("petr1708", "ru"),
    ("pinyin", "zh-Latn bo-Latn"),
    ("polyton", "el"),
    ("provenc", "oc"),
    ("puter", "rm"),
    ("radikalt", "nb"),
    ("rigik", "vo"),
    ("rozaj", "sl"),
    ("rumgr", "rm"),
    ("sahidic", "cop"),
    ("saigon", "vi"),
    ("scotland", "en"),
    ("scouse", "en"),
    ("simple", ""),
    ("slepe", "dsb"),
    ("solba", "sl-rozaj"),
    ("sotav", "kea"),
    ("spanglis", "en es"),
    ("stadi", "fi"),
    ("surmiran", "rm"),
    ("sursilv", "rm"),
    ("sutsilv", "rm"),
    ("synnejyl", "da"),
    ("taglish", "en tl fil"),
    ("tailo", "nan-Latn"),
    ("tarask", "be"),
    ("tongyong", "zh-Latn"),
    ("tunumiit", "kl"),
    ("uccor", "kw"),
    ("ucrcor", "kw"),
    ("ulster", "sco"),
    ("unifon", "en hup kyh tol yur"),
    ("vaidika", "sa"),
    ("valbadia", "lld"),
    ("valencia", "ca"),
    ("vallader", "rm"),
    ("vecdruka", "lv"),
    ("viennese", "de"),
    ("vivaraup", "oc"),
    ("wadegile", "zh-Latn"),
    ("xsistemo", "eo"),
];

/// Tags registered as a whole, and the tag that replaces each.
#[rustfmt::skip]
const WHOLE: &[(&str, &str)] = &[
    ("art-lojban", "jbo"),
    ("en-gb-oed", "en-GB-oxendict"),
    ("i-ami", "ami"),
    ("i-bnn", "bnn"),
    ("i-hak", "hak"),
    ("i-klingon", "tlh"),
    ("i-lux", "lb"),
    ("i-navajo", "nv"),
    ("i-pwn", "pwn"),
    ("i-tao", "tao"),
    ("i-tay", "tay"),
    ("i-tsu", "tsu"),
    ("no-bok", "nb"),
    ("no-nyn", "nn"),
    ("sgn-be-fr", "sfb"),
    ("sgn-be-nl", "vgt"),
    ("sgn-ch-de", "sgg"),
    ("zh-guoyu", "cmn"),
    ("zh-hakka", "hak"),
    ("zh-min-nan", "nan"),
    ("zh-xiang", "hsn"),
    ("sgn-br", "bzs"),
    ("sgn-co", "csn"),
    ("sgn-de", "gsg"),
    ("sgn-dk", "dsl"),
    ("sgn-es", "ssp"),
    ("sgn-fr", "fsl"),
    ("sgn-gb", "bfi"),
    ("sgn-gr", "gss"),
    ("sgn-ie", "isg"),
    ("sgn-it", "ise"),
    ("sgn-jp", "jsl"),
    ("sgn-mx", "mfs"),
    ("sgn-ni", "ncs"),
    ("sgn-nl", "dse"),
    ("sgn-no", "nsl"),
    ("sgn-pt", "psr"),
    ("sgn-se", "swl"),
    ("sgn-us", "ase"),
    ("sgn-za", "sfs"),
    ("zh-cmn", "cmn"),
    ("zh-cmn-hans", "cmn-Hans"),
    ("zh-cmn-hant", "cmn-Hant"),
    ("zh-gan", "gan"),
    ("zh-wuu", "wuu"),
    ("zh-yue", "yue"),
];

/// A script as the registry writes it.
pub(super) fn script(subtag: &str) -> Option<&'static str> {
    SCRIPTS.split(' ').find(|known| known.eq_ignore_ascii_case(subtag))
}

/// A region as the registry writes it, under its newest code.
pub(super) fn region(subtag: &str) -> Option<&'static str> {
    let known = REGIONS.split(' ').find(|known| known.eq_ignore_ascii_case(subtag))?;
    Some(NEWER_REGIONS.iter().find(|(old, _)| *old == known).map_or(known, |(_, new)| new))
}

/// Whether a language can be written as the extension of another: `yue` in `zh-yue`.
pub(super) fn extends(subtag: &str, language: &str) -> bool {
    let of = EXTENDED.iter().find(|(known, _)| *known == language);
    of.is_some_and(|(_, subtags)| subtags.split(' ').any(|known| known.eq_ignore_ascii_case(subtag)))
}

/// Whether a variant is registered, and may follow what stands before it.
pub(super) fn variant(subtag: &str, before: &str) -> bool {
    let known = VARIANTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(subtag));
    known.is_some_and(|(_, prefixes)| prefixes.is_empty() || prefixes.split(' ').any(|prefix| fits(prefix, before)))
}

/// Whether every subtag of a prefix is among those of a tag, the language first.
fn fits(prefix: &str, tag: &str) -> bool {
    let has = |subtag: &str| tag.split('-').any(|known| known.eq_ignore_ascii_case(subtag));
    let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    language(prefix) == language(tag) && prefix.split('-').all(has)
}

/// The tag that replaces one that is registered as a whole; the text is in lower case.
pub(super) fn replacement(tag: &str) -> Option<&'static str> {
    WHOLE.iter().find(|(known, _)| *known == tag).map(|(_, tag)| *tag)
}
