"""Services open by name, and pasted addresses by what they ask."""

import json

import naturalia as nat
import pytest
from naturalia import errors
from naturalia._sources import open as opening
from naturalia._sources.open import Source
from support.commands import run

QUICK = ("--rate", "100000/s", "--contact", "t@museum.example")
WHO = {"contact": "t@museum.example"}


@pytest.fixture(scope="module")
def nhm():
    with nat.testing.nhm(240) as server:
        yield server


@pytest.fixture(scope="module")
def nba():
    with nat.testing.nba() as server:
        yield server


@pytest.mark.parametrize(
    ("name", "kind", "url"),
    [
        ("naturalis", nat.Nba, "https://api.biodiversitydata.nl/v2"),
        ("NBA", nat.Nba, "https://api.biodiversitydata.nl/v2"),
        ("nhm", nat.NhmPortal, "https://data.nhm.ac.uk"),
        ("openbeelden", nat.OaiPmh, "https://www.openbeelden.nl/feeds/oai/"),
        ("Open Images", nat.OaiPmh, "https://www.openbeelden.nl/feeds/oai/"),
        ("openbeelden-atom", nat.AtomFeed, "https://www.openbeelden.nl/feeds/atom/"),
        ("https://data.nhm.ac.uk/", nat.NhmPortal, "https://data.nhm.ac.uk"),
        ("https://api.biodiversitydata.nl/v2", nat.Nba, "https://api.biodiversitydata.nl/v2"),
        ("https://api.biodiversitydata.nl/", nat.Nba, "https://api.biodiversitydata.nl/v2"),
        ("https://museum.example/oai?verb=Identify", nat.OaiPmh, "https://museum.example/oai"),
        ("https://oai.museum.example/request", nat.OaiPmh, "https://oai.museum.example/request"),
    ],
)
def test_a_service_opens_by_its_name_or_address(name, kind, url):
    source = nat.open(name, **WHO)
    assert isinstance(source, kind)
    assert url in repr(source)


def test_the_names_are_listed():
    table = nat.sources()
    assert table["name"] == ["naturalis", "nhm", "openbeelden", "openbeelden-atom"]
    assert all(url.startswith("https://") for url in table["url"])


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (
            "https://www.openbeelden.nl/feeds/oai/?verb=ListRecords&metadataPrefix=oai_oi&from=2010-01-01",
            "https://www.openbeelden.nl/feeds/oai/?verb=ListRecords&metadataPrefix=oai_oi&from=2010-01-01",
        ),
        (
            "https://museum.example/oai?verb=ListIdentifiers&metadataprefix=oai_dc&set=a:b&until=2012-01-01",
            "https://museum.example/oai?verb=ListIdentifiers&metadataprefix=oai_dc&until=2012-01-01&set=a%3Ab",
        ),
        (
            "https://api.biodiversitydata.nl/v2/multimedia/query?collectionType=Aves",
            "https://api.biodiversitydata.nl/v2/multimedia/query?collectionType=Aves",
        ),
        (
            "https://data.nhm.ac.uk/object/4ffbec35-4397-440b-b781-a18b4d958cef",
            "https://data.nhm.ac.uk/object/4ffbec35-4397-440b-b781-a18b4d958cef",
        ),
        (
            "https://www.openbeelden.nl/feeds/atom/?search=vogels",
            "https://www.openbeelden.nl/feeds/atom/?search=vogels",
        ),
    ],
)
def test_a_pasted_question_is_a_query_whose_address_leads_back(url, asked):
    query = nat.open(url, **WHO)
    assert isinstance(query, nat.Query)
    assert query.url == asked
    again = nat.open(query.url, **WHO)
    assert again.url == asked


def test_an_old_address_of_the_nba_is_asked_at_todays_only_when_that_is_asked_for():
    old = "http://145.136.240.125:31002/v2/specimen/query?collectionType=Aves"
    assert nat.open(old, **WHO).url == old
    with pytest.warns(errors.NaturaliaWarning, match="is asked at https://api"):
        assert nat.open(old, today=True, **WHO).url.startswith("https://api.biodiversitydata.nl/v2/specimen/")


def test_pages_of_the_portal_open_wherever_it_is(nhm):
    found = nat.open(f"{nhm.url}/search/butterfly-types", rate=None)
    assert found.count() == len(found.collect()) > 0
    assert nat.open(f"{nhm.url}/dataset/collection-specimens").doi == "10.5519/0002965"


def test_a_page_of_open_images_is_its_record(monkeypatch):
    with nat.testing.serve(5) as server:
        provider = Source("OaiPmh", server.url, "")
        monkeypatch.setitem(opening.SOURCES, "openbeelden", provider)
        with pytest.raises(errors.IdDoesNotExist):
            nat.open("https://www.openbeelden.nl/media/47540/een_titel", **WHO)
        own = server.records[0].identifier
        asked = f"{server.url}?verb=GetRecord&identifier={own}&metadataPrefix=oai_dc"
        assert nat.open(asked, rate=None).identifier == own
        pairs = dict(server.requests[0].pairs)
        assert (pairs["identifier"], pairs["metadataPrefix"]) == ("oai:openimages.eu:47540", "oai_oi")


@pytest.mark.parametrize(
    ("what", "advice"),
    [
        ("natrualis", "did you mean 'naturalis'"),
        ("https://museum.example/collection", "nat.OaiPmh(url)"),
        ("https://museum.example/oai?verb=ListRecords&resumptionToken=x", "the request the list began with"),
        ("10.1234/abc", "no DOI of the NHM"),
        ("https://data.nhm.ac.uk/about", "leads to no records"),
    ],
)
def test_what_can_not_be_opened_says_what_can(what, advice):
    with pytest.raises(ValueError, match=r"\w") as refused:
        nat.open(what, **WHO)
    assert advice in str(refused.value)


# --- the command line --------------------------------------------------------------------------


def test_info_tells_of_services_by_name(nhm, nba):
    done = run("info", "nhm", "--at", nhm.url, "--contact", "t@museum.example")
    assert done.returncode == 0, done.stderr
    for line in ("specimens  240", "data sets  6", "grammar    v1.0.0", "all of it  3 requests"):
        assert line in done.stdout
    done = run("info", "naturalis", "--at", nba.url, "--format", "json")
    told = json.loads(done.stdout)
    assert set(told["records"]) == {"multimedia", "specimens", "taxa"}
    assert "CRS" in told["systems"]


def test_harvest_takes_names_with_conditions(nhm, nba, tmp_path):
    file = str(tmp_path / "helix.sqlite")
    where = (
        "--where",
        "genus=Helix",
        "--where",
        "genus=Larus",
        "--where",
        "year<1950",
        "--where",
        "country!=Italy",
    )
    done = run("harvest", "nhm", file, "--at", nhm.url, *where, *QUICK)
    assert done.returncode == 0, done.stderr
    portal = nat.NhmPortal(nhm.url, rate=None)
    condition = (nat.field("year") < 1950) & (nat.field("country") != "Italy")
    expected = portal.specimens(genus=["Helix", "Larus"], where=condition).collect()
    assert len(nat.Harvest(file)) == len(expected) > 0
    assert run("harvest", "nhm", file, "--at", nhm.url, *where, *QUICK, "--quiet").returncode == 0
    file = str(tmp_path / "birds.sqlite")
    done = run(
        "harvest", "naturalis", file, "--at", nba.url, "--what", "specimens", "--where", "genus=Larus", *QUICK
    )
    assert done.returncode == 0, done.stderr
    assert nat.Harvest(file).format == "nba_specimen"


def test_harvest_takes_a_pasted_question(nhm, tmp_path):
    file = str(tmp_path / "types.sqlite")
    done = run("harvest", f"{nhm.url}/search/butterfly-types", file, *QUICK)
    assert done.returncode == 0, done.stderr
    assert len(nat.Harvest(file)) > 0


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("nhm", "--where", "genus"), "write genus=Larus"),
        (("nhm", "--where", "genuss=Helix"), "did you mean 'genus'"),
        (("nhm", "--prefix", "oai_dc"), "--prefix is for OAI-PMH"),
        (("naturalis", "--what", "birds"), "multimedia, specimens, taxa"),
        (("https://museum.example/oai", "--where", "genus=Larus"), "--where, --what and --at are for"),
    ],
)
def test_harvest_says_what_a_service_can_not_be_asked(tmp_path, words, advice):
    name, *rest = words
    done = run("harvest", name, str(tmp_path / "x.sqlite"), *rest, *QUICK)
    assert done.returncode == 2
    assert advice in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_dry_run_asks_nothing(nhm, tmp_path):
    before = len(nhm.requests)
    file = str(tmp_path / "x.sqlite")
    done = run("harvest", "nhm", file, "--at", nhm.url, "--where", "area=Italy", "--dry-run", *QUICK)
    assert done.returncode == 0
    assert "within Italy (country)" in done.stderr
    assert len(nhm.requests) == before
    assert not list(tmp_path.iterdir())
