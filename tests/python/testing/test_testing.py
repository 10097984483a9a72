"""`naturalia.testing` without faults: a provider as the standard wants it, as other harvesters see it."""

from urllib.parse import urlencode
from urllib.request import urlopen

import naturalia as nat
import pytest
from naturalia import testing


def ask(server, **arguments) -> nat.Table:
    """The reply to one request, read."""
    arguments = {name.rstrip("_"): text for name, text in arguments.items()}
    with urlopen(f"{server.url}?{urlencode(arguments)}") as reply:
        return nat.read(reply.read())


def whole(server, verb="ListRecords", **arguments) -> list[str]:
    """The identifiers of a list, followed to its end."""
    table = ask(server, verb=verb, **arguments)
    found = list(table["identifier"])
    while (token := table.pages[0].token) and token.value:
        table = ask(server, verb=verb, resumptionToken=token.value)
        found += table["identifier"]
    return found


def code(server, **arguments) -> str:
    """The code of the error that answers a request."""
    with pytest.raises(nat.errors.OaiError) as caught:
        ask(server, **arguments)
    return caught.value.code


def test_a_list_is_given_whole_and_once_page_by_page():
    with testing.serve(250, page_size=40) as server:
        found = whole(server, metadataPrefix="oai_dc")
        assert found == [item.identifier for item in server.records]
        assert [request.page for request in server.requests] == [1, 2, 3, 4, 5, 6, 7]


def test_items_of_recorded_pages_keep_their_payloads():
    path = nat.samples.path("openimages_oai_oi.xml")
    recorded = nat.read(path)
    with testing.serve(path) as server:
        table = ask(server, verb="ListRecords", metadataPrefix="oai_oi")
        order = [recorded["identifier"].index(identifier) for identifier in table["identifier"]]
        assert sorted(order) == list(range(len(recorded)))
        assert list(table.long()) == list(recorded[order].long())


def test_a_payload_is_cut_out_with_the_namespaces_it_needs():
    page = (
        b'<o:OAI-PMH xmlns:o="http://www.openarchives.org/OAI/2.0/" xmlns:x="http://x.example/" xmlns:y="y">'
        b'<o:request metadataPrefix="mine">http://x.example/</o:request><o:ListRecords>'
        b"<o:record><o:header><o:identifier> a </o:identifier><o:datestamp>2020</o:datestamp></o:header>"
        b'<o:metadata><x:dc mark="1 > 0"/></o:metadata></o:record>'
        b"<o:record><o:header><o:identifier>b</o:identifier><o:datestamp>2021</o:datestamp></o:header>"
        b"<o:metadata><x:dc><plain/></x:dc></o:metadata></o:record></o:ListRecords></o:OAI-PMH>"
    )
    first, second = testing.items_of(page)
    assert (first.identifier, first.datestamp) == ("a", "2020")
    assert first.metadata == {"mine": '<x:dc xmlns:x="http://x.example/" mark="1 > 0"/>'}
    assert second.metadata == {"mine": '<x:dc xmlns="" xmlns:x="http://x.example/"><plain/></x:dc>'}


def test_a_table_can_be_served():
    table = nat.read(nat.samples.path("naturalis_oai_dc.xml"))
    with testing.serve(table) as server:
        served = ask(server, verb="ListRecords", metadataPrefix="oai_dc")
        assert served.to_dicts() == table.to_dicts()
        assert served["datestamp"] == table["datestamp"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, "badVerb"),
        ({"verb": "ListEverything"}, "badVerb"),
        ({"verb": "Identify", "set": "birds"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "resumptionToken": "x"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": ""}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2020"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2020-02-30"}, "badArgument"),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from_": "2020-01-01",
                "until": "2020-01-02T00:00:00Z",
            },
            "badArgument",
        ),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:x:1"}, "idDoesNotExist"),
    ],
)
def test_a_wrong_request_gets_the_error_of_the_standard(arguments, expected):
    with testing.serve(3) as server:
        assert code(server, **arguments) == expected


def test_an_empty_selection_is_no_records_match():
    with testing.serve(3) as server:
        assert len(ask(server, verb="ListRecords", metadataPrefix="oai_dc", until="1999-01-01")) == 0


def test_dates_are_inclusive_and_a_day_is_a_whole_day():
    with testing.serve(testing.generate(100, start="2020-01-01", step=3600)) as server:
        found = whole(server, metadataPrefix="oai_dc", from_="2020-01-02", until="2020-01-02")
        assert found == [f"oai:museum.example:{number}" for number in range(25, 49)]
        instant = {"from_": "2020-01-02T03:00:00Z", "until": "2020-01-02T03:00:00Z"}
        assert whole(server, metadataPrefix="oai_dc", **instant) == ["oai:museum.example:28"]


def test_a_set_holds_the_items_of_the_sets_inside_it():
    with testing.serve(60) as server:
        found = set(whole(server, metadataPrefix="oai_dc", set="birds"))
        assert found == {item.identifier for item in server.records if item.sets[0].startswith("birds")}
        assert len(found) > len(whole(server, metadataPrefix="oai_dc", set="birds:gulls")) > 0


def test_what_changes_during_a_harvest_comes_again_at_its_end():
    with testing.serve(9, page_size=3) as server:
        first = ask(server, verb="ListIdentifiers", metadataPrefix="oai_dc")
        server.update("oai:museum.example:1")
        server.delete("oai:museum.example:5")
        found = list(first["identifier"])
        while (token := first.pages[0].token) and token.value:
            first = ask(server, verb="ListIdentifiers", resumptionToken=token.value)
            found += first["identifier"]
        assert sorted(set(found)) == sorted(item.identifier for item in server.records)
        assert found[-2:] == ["oai:museum.example:1", "oai:museum.example:5"]


@pytest.mark.parametrize(("policy", "left"), [("persistent", 3), ("transient", 3), ("no", 2)])
def test_deletions_are_announced_as_the_provider_says(policy, left):
    with testing.serve(3, deleted_record=policy) as server:
        server.delete("oai:museum.example:2")
        table = ask(server, verb="ListRecords", metadataPrefix="oai_dc")
        assert len(table) == left
        assert sum(table["deleted"]) == left - 2
        server.forget()
        assert len(ask(server, verb="ListRecords", metadataPrefix="oai_dc")) == 2


def test_a_bug_of_a_fault_is_not_hidden():
    class Broken(testing.faults.Fault):
        def on_request(self, *_):
            raise ZeroDivisionError

    def visit():
        with testing.serve(3, faults=[Broken()]) as server, pytest.raises(OSError, match=r"closed|reset"):
            urlopen(server.url)

    with pytest.raises(ZeroDivisionError):
        visit()


def test_sickle_harvests_it_whole():
    sickle = pytest.importorskip("sickle")
    with testing.serve(testing.generate(95, deleted=10), page_size=20) as server:
        client = sickle.Sickle(server.url)
        records = list(client.ListRecords(metadataPrefix="oai_dc"))
        assert [record.header.identifier for record in records] == [i.identifier for i in server.records]
        assert sum(record.deleted for record in records) == 9
        assert len(list(client.ListIdentifiers(metadataPrefix="oai_oi"))) == 95
        assert [one.setSpec for one in client.ListSets()] == ["birds", "birds:gulls", "films"]
        assert [one.metadataPrefix for one in client.ListMetadataFormats()] == ["oai_dc", "oai_oi"]
        assert client.Identify().deletedRecord == "persistent"
        got = client.GetRecord(identifier="oai:museum.example:7", metadataPrefix="oai_dc")
        assert got.metadata["publisher"] == ["Museum of Examples"]


def test_scythe_harvests_it_whole():
    scythe = pytest.importorskip("oaipmh_scythe")
    with testing.serve(95, page_size=20) as server, scythe.Scythe(server.url) as client:
        records = list(client.list_records(metadata_prefix="oai_oi"))
        assert [record.header.identifier for record in records] == [i.identifier for i in server.records]
        assert len(list(client.list_identifiers(metadata_prefix="oai_dc"))) == 95
        assert len(list(client.list_sets())) == 3
