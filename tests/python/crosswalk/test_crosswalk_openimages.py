"""Items of Open Images: makers by language, the credit a licence asks for, and one item in two formats."""

import naturalia as nat
import pytest
from support.building import dc, header, page, record
from support.crosswalking import mapped, open_images

MAKERS = {
    "nl": "Polygoon-Profilti (producent) / Nederlands Instituut voor Beeld en Geluid (beheerder)",
    "en": "Polygoon-Profilti (producer) / Netherlands Institute for Sound and Vision (curator)",
}
LICENSE = "https://creativecommons.org/licenses/by-sa/3.0/nl/"


def tagged(prefix, name, texts):
    return [f'<{prefix}:{name} xml:lang="{lang}">{text}</{prefix}:{name}>' for lang, text in texts.items()]


def film():
    return open_images(
        *tagged("oi", "creator", MAKERS),
        *tagged("oi", "subject", {"nl": "machines", "en": "machines"}),
        *tagged("oi", "spatial", {"nl": "Nederland", "en": "Netherlands"}),
        '<oi:spatial xml:lang="nl">Flevoland</oi:spatial>',
        f'<oi:attributionName xml:lang="nl">{MAKERS["nl"]}</oi:attributionName>',
        f"<oi:license>{LICENSE}</oi:license>",
    )


def test_makers_have_their_roles_and_languages():
    creators = mapped("oai_oi", "media", film())["creators"][0]
    assert [(own["name"], own["role"], own["lang"]) for own in creators] == [
        ("Polygoon-Profilti", "producent", "nl"),
        ("Polygoon-Profilti", "producer", "en"),
    ]


def test_the_keeper_is_a_contributor_and_no_maker():
    contributors = mapped("oai_oi", "media", film())["contributors"][0]
    assert [(own["name"], own["role"]) for own in contributors] == [
        ("Nederlands Instituut voor Beeld en Geluid", "beheerder"),
        ("Netherlands Institute for Sound and Vision", "curator"),
    ]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_document_names_each_maker_once_in_one_language(lang):
    assert mapped("oai_oi", "nba", film(), lang=lang)["creator"] == ["Polygoon-Profilti"]


def test_names_between_semicolons_are_makers_of_their_own():
    text = "Veldkijker (producent);Boris Berents (camera);Stichting Natuurbeelden"
    table = open_images(f"<oi:creator>{text}</oi:creator>")
    creators = mapped("oai_oi", "media", table)["creators"][0]
    assert [(own["name"], own["role"]) for own in creators] == [
        ("Veldkijker", "producent"),
        ("Boris Berents", "camera"),
        ("Stichting Natuurbeelden", None),
    ]
    assert mapped("oai_oi", "nba", table)["creator"] == ["Veldkijker; Boris Berents; Stichting Natuurbeelden"]


def test_the_makers_come_back_as_they_were_written():
    x = nat.crosswalk("oai_oi", "nba")
    made, _ = x.apply(film())
    assert x.invert().apply(made).table["creator"] == film()["creator"]


def test_the_credit_that_a_licence_asks_for_reaches_the_document():
    made = mapped("oai_oi", "nba", film())
    assert made["license"] == ["CC BY-SA"]
    assert MAKERS["nl"] in made["copyrightText"][0]
    assert LICENSE in made["copyrightText"][0]


def test_all_places_reach_the_document_and_no_theme_stands_twice():
    made = mapped("oai_oi", "nba", film())
    assert made["gatheringEvents"][0][0]["localityText"] == "Nederland; Flevoland"
    assert made["theme"] == [["machines"]]


def test_the_source_is_the_host():
    assert mapped("oai_oi", "media", film())["source"] == ["openimages.eu"]


def plain():
    """The same film as the platform writes it in `oai_dc`."""
    payload = dc(
        *tagged("dc", "creator", MAKERS),
        *tagged("dc", "subject", {"nl": "machines", "en": "machines"}),
        *tagged("dc", "coverage", {"nl": "Nederland", "en": "Netherlands"}),
        '<dc:coverage xml:lang="nl">Flevoland</dc:coverage>',
        f"<dc:rights>{LICENSE}</dc:rights>",
        '<dc:description xml:lang="nl">Intro.\n\nAbstract.</dc:description>',
    )
    return nat.read(page(record(payload, head=header(1, identifier="oai:openimages.eu:90101"))))


def test_an_item_is_the_same_document_in_both_formats():
    one = mapped("oai_dc", "nba", plain(), dialect="openimages")
    other = mapped("oai_oi", "nba", film())
    for name in ("creator", "license", "copyrightText", "theme", "gatheringEvents", "sourceSystem"):
        assert one[name] == other[name], name


def test_an_introduction_and_its_abstract_are_told_apart():
    medium = mapped("oai_dc", "media", plain(), dialect="openimages").to_dicts()[0]
    assert (medium["description"][0]["value"], medium["abstract"][0]["value"]) == ("Intro.", "Abstract.")


# What `oai_dc` does not state of an item; `same` names what is compared of a field that is in both.
ONLY_IN_OI = {
    "alternative_title", "abstract", "duration", "variant",
    # Without variants the file to show is the first one; the lists of files differ in order.
    "access", "media_url", "format",
    # The language of dc:mediator is not that of an element of Dublin Core.
    "mediator",
    # In oai_oi in one language, in oai_dc as the statement of makers in that language.
    "credit_line", "credit_lines",
}  # fmt: skip


@pytest.mark.corpus
def test_every_item_is_the_same_in_both_formats_but_for_what_dublin_core_lacks(corpus):
    folder = corpus / "oai" / "openimages" / "reconstructed"
    count = 0
    for path in sorted(folder.glob("ListRecords.oai_dc*")):
        one = mapped("oai_dc", "media", nat.read(path), dialect="openimages")
        other = mapped("oai_oi", "media", nat.read(path.with_name(path.name.replace("oai_dc", "oai_oi"))))
        for name in set(one.columns) - ONLY_IN_OI - {"residue", "notes"}:
            assert one[name] == other[name], (path.name, name)
        for left, right in zip(one["access"], other["access"], strict=True):
            assert {point["uri"] for point in left} == {point["uri"] for point in right}
        count += len(one)
    assert count == 250
