"""`naturalia.testing.atom`: the feed of Open Images with its oddities, and a plain one with further pages."""

import re
from urllib.request import urlopen

import naturalia as nat
import pytest
from naturalia import testing
from naturalia.testing import faults


def page(server, query=""):
    with urlopen(server.url + query) as reply:
        assert reply.headers["Content-Type"].startswith("application/atom+xml")
        return reply.read().decode()


def numbers(text):
    return [int(number) for number in re.findall(r"<id>[^<]*fragments/(\d+)</id>", text)]


def test_it_gives_the_newest_25_and_no_more():
    with testing.atom(60) as server:
        newest = [entry.number for entry in server.entries]
        assert numbers(page(server)) == newest[:25]
        assert numbers(page(server, "?page=2")) == newest[:25]


def test_it_is_asked_by_words_by_account_and_by_what_is_related():
    with testing.atom(60) as server:
        gulls = numbers(page(server, "?search=zilvermeeuw"))
        assert gulls == [entry.number for entry in server.entries if "zilvermeeuw" in entry.words]
        assert len(numbers(page(server, "?user=beeldengeluid"))) == 25
        related = numbers(page(server, f"?related={gulls[0]}"))
        assert len(related) == 10
        assert gulls[0] not in related
        assert numbers(page(server, "?related=1")) == []
        assert [request.verb for request in server.requests] == ["search", "user", "related", "related"]


def test_it_has_the_oddities_of_the_platform():
    with testing.atom(60) as server:
        whole = page(server)
        head = whole.partition("<entry>")[0]
        assert f"<updated>{server.entries[1].updated}</updated>" in head
        assert "<updated>" not in page(server, "?search=nr.%2060").partition("<entry>")[0]
        assert "<title>no title</title>" in whole
        assert "<published>1912-01-01T00:00:00Z</published>" in whole
        sound = whole[whole.index("audio/mpeg") :]
        assert re.findall(r"<(?:size|duration)>(\d+)", sound)[:2] == ["2400000", "2400000"]
        assert "<rights>Attribution Share Alike</rights>" in whole
        table = nat.read(whole.encode())
        assert (table.format, len(table), table.report.repairs) == ("atom", 25, [])


def test_the_plain_one_leads_from_page_to_page():
    with testing.atom(60, style="plain", path="/news") as server:
        assert 'rel="next" href="?page=2"' in page(server)
        assert 'rel="next"' not in page(server, "?page=3")
        assert len(nat.read(page(server, "?page=3").encode())) == 10


def test_entries_can_be_given_and_files_are_there():
    with testing.atom(1) as server:
        address = re.search(r'href="([^"]+\.ogv)"', page(server))[1]
        with urlopen(address) as reply:
            assert reply.headers["Content-Type"] == "video/ogg"
        given = server.entries
    with testing.atom(given) as server:
        assert server.entries == given
    with pytest.raises(ValueError, match="one of openimages, plain"):
        testing.atom(1, style="rss")


def test_faults_happen_to_feeds():
    wrong = [faults.Rewrite(b"mmbase", b"mm", page=2)]
    with testing.atom(60, style="plain", faults=wrong) as server:
        page(server)
        page(server, "?page=2")
        assert [request.faults for request in server.requests] == [[], ["Rewrite"]]
