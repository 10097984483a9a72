"""`nat.AtomFeed`: a feed as a window on what is newest, and its entries as media."""

import pickle
import warnings

import naturalia as nat
import pytest
from naturalia import testing
from naturalia.testing import Entry, faults
from support.documents import lines

QUICK = {"rate": None, "retries": 1, "backoff": 0.001}
BY = "http://creativecommons.org/licenses/by/3.0/"

pytestmark = pytest.mark.filterwarnings("ignore:.*window on what is newest")


def entry(number=47540, **changes):
    told = {
        "title": "Meeuwen op Texel",
        "summary": "<p>Zilvermeeuwen &amp; jongen</p>",
        "user": "beeldengeluid",
        "author": "Polygoon-Profilti",
        "published": "1912-01-01T00:00:00Z",
        "updated": "2018-10-23T12:00:00Z",
        "license": ("Attribution 3.0", BY),
    }
    return Entry(number, **{**told, **changes})


def entries(server, **asked):
    return nat.AtomFeed(server.url, **asked, **QUICK).entries()


def media_of(*given, **asked):
    """The media of entries, as dicts of what is there."""
    with testing.atom(list(given)) as server:
        table = nat.crosswalk("atom", "media").apply(entries(server, **asked).collect()).table
    rows = table.to_dicts()
    return [{name: value for name, value in row.items() if value not in (None, [])} for row in rows]


# the window


def test_the_feed_of_open_images_gives_the_newest_25_and_says_what_they_are():
    with testing.atom(60) as server:
        query = entries(server)
        assert "not yet read" in repr(query)
        assert "window" in repr(query)
        assert "window on what is newest" in query.explain()
        assert 'nat.OaiPmh("' + server.host + '/feeds/oai/")' in query.explain()
        assert server.requests == []
        table = query.collect()
        assert len(table) == 25
        assert [number.rpartition("/")[2] for number in table["id"]] == [
            str(one.number) for one in server.entries[:25]
        ]
        assert "window on what is newest, not the collection" in str(query.report)


def test_that_it_is_a_window_is_said_once_a_source():
    with testing.atom(5) as server:
        with pytest.warns(nat.errors.NaturaliaWarning, match="window on what is newest"):
            entries(server).collect()
        with warnings.catch_warnings(action="error"):
            entries(server).collect()


def test_another_feed_is_followed_to_its_last_page():
    with testing.atom(60, style="plain", path="/news") as server:
        query = entries(server)
        table = query.collect()
        assert len(table) == len(set(table["id"])) == 60
        assert [request.page for request in server.requests] == [1, 2, 3]
        assert "OaiPmh" not in query.explain()
        assert query.count() == 60
        assert len(query.first(3)) == 3


def test_a_harvest_keeps_what_has_left_the_window(tmp_path):
    with testing.atom(25) as server:
        harvest = nat.harvest(entries(server), tmp_path / "newest.sqlite", progress=False)
        server.entries[:0] = [entry(number) for number in (50001, 50000)]
        harvest.update(progress=False)
        assert len(harvest) == 27
        assert len(harvest.changes("last").collect()) == 2
        assert "window on what is newest" in str(harvest.tally)


def test_search_user_and_related_are_asked_of_the_feed():
    with testing.atom(60) as server:
        gulls = entries(server, search="zilvermeeuw & jongen zee").collect()
        assert len(gulls) == 0
        assert gulls.format == "atom"
        assert server.requests[-1].arguments == {"search": "zilvermeeuw & jongen zee"}
        assert len(entries(server, search="zilvermeeuw").collect()) == 12
        assert len(entries(server, user="beeldengeluid").collect()) == 25
        for item in (47540, "47540", "oai:openimages.eu:47540", "https://www.openbeelden.nl/media/47540/"):
            assert len(entries(server, related=item).collect()) == 10
            assert server.requests[-1].arguments == {"related": "47540"}
        beside = nat.AtomFeed(server.url + "?lang=nl#top", search="vos", **QUICK).entries()
        assert beside.url == server.url + "?lang=nl&search=vos"


def test_what_the_feed_could_not_answer_is_refused_before_it_is_asked():
    with pytest.raises(ValueError, match="search= and user= do not go together"):
        nat.AtomFeed("http://127.0.0.1/", search="a", user="b")
    with pytest.raises(ValueError, match="has search= already"):
        nat.AtomFeed("http://127.0.0.1/?search=a", user="b")
    with pytest.raises(ValueError, match="ends in no number"):
        nat.AtomFeed("http://127.0.0.1/", related="vogels")
    with pytest.raises(ValueError, match="is no address"):
        nat.AtomFeed("openbeelden.nl/feeds/atom/")


def test_a_feed_pickles_and_shows_no_password():
    feed = nat.AtomFeed("https://me:secret@museum.example/feed", contact="me@museum.example")
    assert "secret" not in repr(feed)
    again = pickle.loads(pickle.dumps(feed))
    assert again.url == feed.url == "https://museum.example/feed"


# faults


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.Cut(0.5, length="sent"), nat.errors.Truncated),
        (faults.Html(), nat.errors.NaturaliaError),
        (faults.Empty(), nat.errors.NaturaliaError),
        (faults.Status(404), nat.errors.NetworkError),
        (faults.Status(503), nat.errors.NetworkError),
        (faults.Reset(), nat.errors.NetworkError),
    ],
)
@pytest.mark.parametrize("page", [1, 2])
def test_a_fault_that_stays_is_an_error_and_never_a_shorter_feed(fault, error, page):
    with testing.atom(60, style="plain", faults=[dated(fault, page=page)]) as server, pytest.raises(error):
        entries(server).collect()


@pytest.mark.parametrize(
    "fault",
    [faults.Cut(0.5), faults.Status(503, retry_after=0), faults.Reset(), faults.Drip(4096, 0.001)],
)
def test_a_fault_that_passes_costs_a_retry_and_nothing_else(fault):
    with testing.atom(60, style="plain", faults=[dated(fault, page=2, times=1)]) as server:
        assert len(entries(server).collect()) == 60


def dated(fault, **when):
    from dataclasses import replace

    return replace(fault, **when)


def test_pages_that_go_in_a_circle_or_elsewhere_are_errors():
    circle = faults.Rewrite(rb'href="\?page=3"', b'href="?page=2"')
    with testing.atom(90, style="plain", faults=[circle]) as server, pytest.raises(nat.errors.TokenCycle):
        entries(server).collect()
    away = faults.Rewrite(rb'href="\?page=3"', b'href="http://elsewhere.example/feed"')
    with (
        testing.atom(90, style="plain", faults=[away]) as server,
        pytest.raises(nat.errors.HarvestIncomplete),
    ):
        entries(server).collect()


# media


def test_an_entry_is_a_medium_with_its_files():
    (medium,) = media_of(entry())
    assert medium["title"] == "Meeuwen op Texel"
    assert medium["creator"] == "Polygoon-Profilti"
    assert medium["type"] == "MovingImage"
    assert medium["landing_page"].endswith("/media/47540")
    assert medium["media_url"].endswith(".ogv")
    assert [one.get("format") for one in medium["access"]] == ["video/ogg", "video/mp4", None]
    assert [one.get("variant") for one in medium["access"]] == [None, None, "thumbnail"]
    assert medium["access"][0]["bytes"] == 9_000_000
    assert medium["duration"] == "PT53S"
    assert medium["abstract"][0]["value"] == "Zilvermeeuwen & jongen"
    assert medium["source"] == "Open Beelden"


def test_the_date_of_a_film_of_1912_is_its_issue_and_no_day_is_claimed():
    (medium,) = media_of(entry())
    assert medium["issued"] == "1912-01-01"
    assert medium["issued_date"]["precision"] == "uncertain"
    assert medium["record_modified"] == "2018-10-23T12:00:00Z"


def test_the_size_that_stands_for_the_duration_of_a_sound_is_no_duration():
    (medium,) = media_of(entry(sound=True))
    assert medium["type"] == "Sound"
    assert "duration" not in medium


def test_the_licence_is_that_of_the_entry_by_its_address():
    agreeing, named, free, other = media_of(
        entry(1, license=("Attribution-ShareAlike 3.0 Netherlands", f"{BY[:-8]}by-sa/3.0/nl/")),
        entry(2, license=("Attribution", BY)),
        entry(3, license=("CC BY-SA", "")),
        entry(4, license=("© NIBG", "")),
    )
    assert agreeing["license_uri"] == "https://creativecommons.org/licenses/by-sa/3.0/nl/"
    assert agreeing["record_license_code"] == "cc-by-3.0"
    assert (named["license_code"], named["license_status"]) == ("cc-by-3.0", "exact")
    assert (free.get("license_uri"), free["license_status"]) == (None, "unversioned")
    assert (other.get("license_uri"), other["rights_statement"][0]["value"]) == (None, "© NIBG")


def test_a_name_against_its_address_is_a_conflict_and_grants_nothing():
    (medium,) = media_of(entry(license=("Attribution Share Alike", BY)))
    assert medium["license_status"] == "conflict"
    assert "license_uri" not in medium


def test_no_title_is_no_title():
    (medium,) = media_of(entry(title=""))
    assert "title" not in medium


@pytest.mark.parametrize("style", ["openimages", "plain"])
def test_every_entry_comes_back_as_it_was(style):
    with testing.atom(25, style=style) as server:
        table = entries(server).collect()
    media, loss = nat.crosswalk("atom", "media").apply(table)
    assert lines(nat.crosswalk("media", "atom").apply(media).table) == lines(table)
    assert None not in media["landing_page"]
    assert loss.counts["dropped"] == sum(title == "no title" for title in table["title"])
    assert loss.counts["rejected"] == 0


def test_a_feed_under_a_prefix_is_read_as_one_without():
    with testing.atom(3, style="plain") as server:
        table = entries(server).collect()
    assert table["title"][0]
    assert table["links"][0][0]["rel"] == "alternate"
    assert [feed["title"] for feed in table["feed"]] == ["Museum news"] * 3
    media = nat.crosswalk("atom", "media").apply(table).table
    assert media["landing_page"][0].endswith("/posts/47540")
    assert media["record_license_code"] == ["cc0-1.0"] * 3
    assert media["license_status"] == ["none"] * 3
