"""Records as they never were: every format, with the values that trip crosswalks."""

from xml.sax.saxutils import escape, quoteattr

import naturalia as nat
from hypothesis import strategies as st

from support.building import dc, page, record
from support.crosswalking import documents, open_images

WORDS = """Larus argentatus|zilvermeeuw|unknown|onbekend|1952-09-05|1976-01-01|05-09-1952|ca. 1900|19e eeuw
|PT1M21S|PT0S|Moving Image|StillImage|film|image/jpeg|https://a.example/1.jpg|https://a.example/media/1
|nl|Dutch|xx|CC BY 4.0|CC0 4.0|All rights reserved|© Museum|https://creativecommons.org/licenses/by-sa/3.0/nl/
|https://creativecommons.org/publicdomain/mark/1.0/|Bloemendal, Philip (commentaar)|Naturalis
|+52.3702+4.8952+0
|east=4.8952; north=52.3702|a;b|;|true|0|=1+1|Nederland""".replace("\n", "").split("|")
WORDS += [" padded ", "a\n\nb", ""]
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(CHARACTERS, max_size=12))
TEXT = st.sampled_from(WORDS)
LANGS = st.sampled_from([None, "nl", "en"])
DATES = st.sampled_from(["1937-05-10T00:00:00+0000", "2014-09-03T08:54:00+0000", "x"])

DC = """title creator subject description publisher contributor date type format identifier source language
relation coverage rights mediator"""
OI = """title alternative creator subject description abstract publisher contributor mediator date type extent
identifier source language references spatial attributionName attributionURL license location hasformat"""


def element(prefix, name, text, lang):
    """An element as XML."""
    attribute = f" xml:lang={quoteattr(lang)}" if lang else ""
    return f"<{prefix}:{name}{attribute}>{escape(text)}</{prefix}:{name}>"


def medium(text, label):
    """`oi:medium` with its label."""
    return f"<oi:medium format={quoteattr(label)}>{escape(text)}</oi:medium>"


def elements(prefix, names):
    """Elements of these names."""
    return st.builds(element, st.just(prefix), st.sampled_from(names.split()), TEXTS, LANGS)


def read(payloads):
    """A table of `oai_dc` records."""
    return nat.read(page(*(record(dc(*payload), number) for number, payload in enumerate(payloads))))


def some(*names, **others):
    """Objects with some of these members."""
    return st.fixed_dictionaries({}, optional={**dict.fromkeys(names, TEXT), **others})


LABELS = st.sampled_from(["hd", "thumbnail", "unknown", ""])
IDS = st.integers(0, 10**6).map(lambda number: f"{number}@CRS")
EVENTS = some(
    "country",
    dateTimeBegin=DATES,
    siteCoordinates=st.lists(some("x", latitudeDecimal=st.floats(-99, 99)), max_size=2),
)
TAXA = some(
    "typeStatus",
    scientificName=some("fullScientificName", "year"),
    identificationQualifiers=st.lists(TEXT, max_size=2),
    vernacularNames=st.lists(some("name", "language"), max_size=2),
)
DOCUMENT = dict.fromkeys(
    (
        "title",
        "caption",
        "description",
        "creator",
        "owner",
        "unitID",
        "recordURI",
        "license",
        "copyrightText",
    ),
    TEXT,
)
DOCUMENT |= {
    "copyrightText": TEXT,
    "type": TEXT,
    "modified": TEXT,
    "collectionType": TEXT,
    "taxonCount": st.integers(0, 9),
    "theme": st.lists(TEXT, max_size=3),
    "sexes": st.lists(TEXT, max_size=2),
    "serviceAccessPoints": st.lists(some("accessUri", "format", "variant"), max_size=3),
    "gatheringEvents": st.lists(EVENTS, max_size=2),
    "identifications": st.lists(TAXA, max_size=3),
}

RECORDS = {
    "oai_dc": st.lists(st.lists(elements("dc", DC), max_size=8), min_size=1, max_size=4).map(read),
    "oai_oi": st.lists(
        st.one_of(elements("oi", OI), st.builds(medium, TEXTS, LABELS)), max_size=10
    ).map(lambda payload: open_images(*payload)),
    "nba": st.lists(
        st.fixed_dictionaries({"id": IDS}, optional=DOCUMENT), min_size=1, max_size=4
    ).map(lambda found: documents(*found)),
}  # fmt: skip
