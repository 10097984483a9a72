"""Changes to a page that a schema or a parser may mind: one fault, or none, somewhere."""

import re

from hypothesis import strategies as st

NAMES = [
    "record", "header", "identifier", "datestamp", "setSpec", "metadata", "about", "resumptionToken",
    "request", "responseDate", "error", "Identify", "ListRecords", "baseURL", "adminEmail", "granularity",
    "dc:title", "dc:date", "oai_dc:dc", "oi:title", "oi:date", "oi:medium", "x", "dc:mediator",
    "description", "compression", "set", "setName",
]  # fmt: skip
VALUES = [
    "", " ", "x", "2026-01-31", "2026-02-30", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00",
    " 2026-01-31 ", "2026", "2026-01-31T12:00:00.5Z", "2026-01-31T24:00:00Z", "2026-01-31T24:00:01Z",
    "2026-01-31T12:00:00+02:00", "2026-01-31Z", "-2026-01-31", "0000-01-01", "02026-01-01", "12026-01-01",
    "2024-02-29", "2025-02-29", "2026-01-31T12:60:00Z", "2026-01-31T12:00:00+14:00",
    "2026-01-31T12:00:00+14:01", "2026-13-01", "a@b.c", "a@b", "@b.c", "a b@c.d", "a@.c", "a@b.",
    "a@b.c@d", "1", "0", "-1", "+1", "01", "-0", "1.0", " 5 ", "a:b", "a::b", ":a", "a b", "a%zz",
    "a%20b", "a#b#c", "http://x:y/", "http://[::1]/", "http://[x/", "no", " no", "transient",
    "YYYY-MM-DD", "2.0", "2.0 ", "deleted", "badVerb", "noRecordsMatch", "ListRecords", "oai_dc", "nl",
    "en-GB", "en_US", "english-language", "nl-", "x-1", "PT5S", "PT", "P1Y2M3DT4H5M6.5S", "P1S", "P",
    "-P1D", "PT1.5M", "P1DT", "+52.37+4.9+0", "52.37+4.9", "+1", "+1+2/", "é", "☃",
]  # fmt: skip
ATTRIBUTES = [
    "status", "verb", "code", "xml:lang", "cursor", "completeListSize", "expirationDate", "from", "set",
    "x", "xsi:nil", "xsi:type", "xsi:schemaLocation", "format", "dc:x", "xml:base", "identifier",
]  # fmt: skip
RAW = [
    "&", "&amp;", "&nbsp;", "&#160;", "&#0;", "&#xD800;", "&#X41;", "&#x41;", "<", ">", "]]>", "--",
    "<!-- a -->", "<!-- a -- b -->", "<?x y?>", "<?xml version='1.0'?>", "<![CDATA[<a>]]>", "<x/>",
    "</x>", "<1/>", "<a:b/>", "<a b=c/>", "<a b='1' b='2'/>", "<a b='1'c='2'/>", "<a b='<'/>", "\x0b",
    "\ufffe", "\u00e9", '"', "'", "x", " ", "\n", "<x", "<x xmlns='http://example.org/ x'/>",
    "<x xmlns:p=''/>", "<x xmlns:xml='http://example.org/'/>", "<a:b:c/>", "\r", "<x xmlns=''/>",
    "<x xmlns='http://example.org/'><y/></x>", "<!DOCTYPE x>", "<!-->", "<?xml-x y?>", "\udcff",
]  # fmt: skip
TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*)((?:\s[^<>]*?)?)(/?)>")
TEXT = re.compile(r">([^<>]*)<")


@st.composite
def mutated(draw, pages):
    """A page of `pages`, changed in one to three places; as bytes."""
    text = draw(st.sampled_from(pages))
    for _ in range(draw(st.integers(1, 3))):
        text = draw(st.sampled_from(CHANGES))(draw, text)
    return text.encode("utf-8", "surrogateescape")


def pick(draw, found):
    found = list(found)
    return found[draw(st.integers(0, len(found) - 1))] if found else None


def replaced(text, match, group, new):
    return text[: match.start(group)] + new + text[match.end(group) :]


def value(draw, text):
    match = pick(draw, TEXT.finditer(text))
    return replaced(text, match, 1, draw(st.sampled_from(VALUES))) if match else text


def attribute(draw, text):
    match = pick(draw, (m for m in TAG.finditer(text) if not m[1]))
    if not match:
        return text
    name, new = draw(st.sampled_from(ATTRIBUTES)), draw(st.sampled_from(VALUES))
    return text[: match.end(3)] + f' {name}="{new}"' + text[match.end(3) :]


def attribute_value(draw, text):
    match = pick(draw, re.finditer(r'\s[\w:]+="([^"<]*)"', text))
    return replaced(text, match, 1, draw(st.sampled_from(VALUES))) if match else text


def attribute_gone(draw, text):
    match = pick(draw, re.finditer(r'(\s[\w:]+="[^"<]*")', text))
    return replaced(text, match, 1, "") if match else text


def element(draw, text):
    """The element that a start tag opens, as far as its first end tag of that name."""
    match = pick(draw, (m for m in TAG.finditer(text) if not m[1]))
    if not match:
        return None
    if match[4]:
        return match.start(), match.end()
    end = text.find(f"</{match[2]}>", match.end())
    return (match.start(), end + len(match[2]) + 3) if end > 0 else None


def gone(draw, text):
    span = element(draw, text)
    return text[: span[0]] + text[span[1] :] if span else text


def doubled(draw, text):
    span = element(draw, text)
    return text[: span[1]] + text[span[0] :] if span else text


def moved(draw, text):
    span = element(draw, text)
    if not span:
        return text
    part, rest = text[slice(*span)], text[: span[0]] + text[span[1] :]
    match = pick(draw, TAG.finditer(rest))
    return rest[: match.start()] + part + rest[match.start() :] if match else text


def renamed(draw, text):
    span, new = element(draw, text), draw(st.sampled_from(NAMES))
    if not span:
        return text
    part = text[slice(*span)]
    old = TAG.match(part)[2]
    part = f"<{new}" + part[len(old) + 1 :]
    if part.endswith(f"</{old}>"):
        part = part[: -len(old) - 3] + f"</{new}>"
    return text[: span[0]] + part + text[span[1] :]


def inserted(draw, text):
    match = pick(draw, TAG.finditer(text))
    if not match:
        return text
    name, content = draw(st.sampled_from(NAMES)), draw(st.sampled_from(VALUES))
    return text[: match.end()] + f"<{name}>{content}</{name}>" + text[match.end() :]


def raw(draw, text):
    match = pick(draw, TEXT.finditer(text))
    return text[: match.start(1)] + draw(st.sampled_from(RAW)) + text[match.start(1) :] if match else text


def anywhere(draw, text):
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(RAW)) + text[at:]


def cut(draw, text):
    return text[: draw(st.integers(0, len(text)))]


def tag_gone(draw, text):
    match = pick(draw, TAG.finditer(text))
    return text[: match.start()] + text[match.end() :] if match else text


def namespaced(draw, text):
    match = pick(draw, (m for m in TAG.finditer(text) if not m[1]))
    uri = draw(st.sampled_from(["", "http://example.org/", "http://www.openarchives.org/OAI/2.0/"]))
    return text[: match.end(3)] + f' xmlns="{uri}"' + text[match.end(3) :] if match else text


def namespace(draw, text):
    match = pick(draw, re.finditer(r'xmlns(?::\w+)?="([^"]*)"', text))
    others = [
        "",
        "http://example.org/",
        "http://purl.org/dc/elements/1.1",
        "https://www.openarchives.org/OAI/2.0/",
    ]
    return replaced(text, match, 1, draw(st.sampled_from(others))) if match else text


CHANGES = [
    value, value, value, attribute, attribute_value, attribute_value, attribute_gone, gone, gone, doubled,
    moved, renamed, inserted, raw, anywhere, cut, tag_gone, namespace, namespaced,
]  # fmt: skip
