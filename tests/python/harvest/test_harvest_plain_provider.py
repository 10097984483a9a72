"""Harvests of providers that err, held to a plain list: what it has is here, or the difference is named."""

import random
from datetime import UTC, datetime, timedelta

import naturalia as nat
import pytest
from naturalia import errors
from support.commands import run
from support.plain_provider import Item, PlainProvider, items, never

pytestmark = pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
HOUR = timedelta(hours=1)


def client(provider):
    return nat.OaiPmh(provider.url, contact="a@museum.example", rate=None, retries=0)


def harvest(provider, path, **how):
    return nat.harvest(client(provider), path, **how)


def update(provider, h, **how):
    return h.update(source=client(provider), **how)


def titles(h):
    return {row.identifier: row.title[0] for table in h for row in table}


def now():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "h.sqlite"


class TestClocks:
    @pytest.mark.parametrize("hours", [2, 10, -5])
    @pytest.mark.parametrize("days", [False, True])
    def test_local_time_in_the_response_date_loses_no_change(self, hours, days, path):
        clock = now() - timedelta(days=1)
        with PlainProvider(items(25), clock=clock, shift=hours * HOUR, days=days) as provider:
            h = harvest(provider, path)
            for number in range(1, 7):
                provider.put(Item(f"oai:m:{number:04d}", provider.clock + HOUR / 2, f"v{number}"))
                provider.clock += HOUR
                update(provider, h)
            assert sum(title.startswith("v") for title in titles(h).values()) == 6
            assert any("the clocks differ" in notice for notice in h.tally.notices)

    def test_a_response_date_years_ahead_stops_no_harvest(self, path):
        with PlainProvider(items(5), shift=timedelta(days=3650)) as provider:
            h = harvest(provider, path)
            provider.put(Item("oai:m:0001", now(), "changed"))
            update(provider, h)
            assert titles(h)["oai:m:0001"] == "changed"
            assert any("responseDate is ignored" in notice for notice in h.tally.notices)

    def test_a_response_date_years_ahead_without_an_http_date(self, path):
        with PlainProvider(items(5), shift=timedelta(days=3650), dated=False) as provider:
            h = harvest(provider, path)
            provider.put(Item("oai:m:0001", now(), "changed"))
            update(provider, h)
            assert titles(h)["oai:m:0001"] == "changed"

    def test_clocks_that_agree_are_not_worth_a_notice(self, path):
        with PlainProvider(items(5)) as provider:
            assert harvest(provider, path).tally.notices == []

    def test_an_overlap_can_be_given(self, path):
        clock = now()
        with PlainProvider(items(25), clock=clock) as provider:
            h = harvest(provider, path)
            provider.put(Item("oai:m:late", clock - 3 * HOUR))
            update(provider, h)
            assert len(h) == 25
            update(provider, h, overlap="4h")
            assert len(h) == 26

    def test_an_overlap_that_is_no_length_of_time_is_refused(self, path):
        with PlainProvider(items(1)) as provider, pytest.raises(ValueError, match="overlap='soon'"):
            harvest(provider, path, overlap="soon")

    def test_the_overlap_grows_by_what_a_reconciliation_finds_late(self, path):
        with PlainProvider(items(25), clock=now() - timedelta(days=3)) as provider:
            h = harvest(provider, path)
            late = provider.clock - HOUR / 2
            provider.put(Item("oai:m:late", late, visible_from=late + 20 * HOUR))
            for _ in range(4):
                provider.clock += 6 * HOUR
                update(provider, h)
            assert len(h) == 25
            update(provider, h, reconcile=True)
            assert len(h) == 26
            later = provider.clock - HOUR / 2
            provider.put(Item("oai:m:later", later, visible_from=later + 15 * HOUR))
            for _ in range(3):
                provider.clock += 6 * HOUR
                update(provider, h)
            assert len(h) == 27
            assert any("the update looks back" in notice for notice in h.tally.notices)


class TestVersions:
    @pytest.mark.parametrize("policy", ["persistent", "no"])
    def test_what_is_served_now_counts_whatever_its_datestamp(self, policy, path):
        clock = now()
        with PlainProvider(items(25), clock=clock, policy=policy) as provider:
            provider.put(Item("oai:m:0001", clock - timedelta(minutes=1), "before"))
            h = harvest(provider, path)
            provider.put(Item("oai:m:0001", clock - timedelta(minutes=10), "restored"))
            update(provider, h)
            assert titles(h)["oai:m:0001"] == "restored"
            provider.put(Item("oai:m:0001", clock - timedelta(minutes=20), deleted=True))
            update(provider, h)
            assert len(h) == 24

    def test_a_reconciliation_finds_older_datestamps(self, path):
        with PlainProvider(items(25)) as provider:
            h = harvest(provider, path)
            provider.put(Item("oai:m:0020", provider.items[0].moment - timedelta(days=9), "restored"))
            update(provider, h, reconcile=True)
            assert titles(h)["oai:m:0020"] == "restored"


class TestDeletions:
    @pytest.mark.parametrize(
        "code", ["idDoesNotExist", "badVerb", "cannotDisseminateFormat", "badArgument", "500"]
    )
    def test_records_that_just_came_are_not_gone(self, code, path):
        with PlainProvider(items(60), policy="no", get=lambda _: code) as provider:
            provider.hides_identifier = lambda entry: entry.identifier.endswith("7")
            h = harvest(provider, path)
            assert len(h) == 60
            assert h.deletions.found in {0, None}

    @pytest.mark.parametrize("code", ["idDoesNotExist", "cannotDisseminateFormat", "500"])
    def test_nothing_is_gone_where_single_records_are_not_given(self, code, path):
        with PlainProvider(items(60), policy="no") as provider:
            h = harvest(provider, path)
            provider.hides_identifier = lambda entry: entry.identifier.endswith("17")
            provider.get = lambda _: code
            update(provider, h, reconcile=True)
            assert len(h) == 60
            assert h.tally.unconfirmed == 1
            assert h.tally.state.startswith("unconfirmed")
            assert not h.tally.verified

    def test_a_record_that_is_gone_is_gone(self, path):
        for policy in ("persistent", "transient", "no"):
            file = path.with_name(f"{policy}.sqlite")
            with PlainProvider(items(60), policy=policy) as provider:
                h = harvest(provider, file)
                provider.remove("oai:m:0007")
                update(provider, h, reconcile=True)
                assert (len(h), h.tally.gone) == (59, 1)
                assert h.tally.verified

    def test_a_record_that_left_the_set_is_gone_from_it(self, path):
        with PlainProvider(items(60, sets=("birds",)), set_names=("birds", "fish")) as provider:
            h = harvest(provider, path, set="birds")
            provider.put(Item("oai:m:0007", provider.items[7].moment, sets=("fish",)))
            update(provider, h, reconcile=True)
            assert len(h) == 59

    @pytest.mark.parametrize("count", [30, 60])
    def test_many_removals_wait_to_be_accepted(self, count, path):
        with PlainProvider(items(60), policy="no") as provider:
            h = harvest(provider, path)
            provider.remove(*(entry.identifier for entry in provider.items[:count]))
            update(provider, h, reconcile=True)
            assert len(h) == 60
            assert h.tally.unconfirmed == count
            assert "accept-removals" in h.tally.state
            result = run(
                "update", str(path), "--reconcile", "now", "--rate", "1000/s", "--contact", "a@b.example"
            )
            assert result.returncode == 5
            update(provider, h, reconcile=True, accept_removals=True)
            assert len(h) == 60 - count
            assert h.tally.unconfirmed == 0

    def test_a_record_that_is_listed_again_comes_back(self, path):
        with PlainProvider(items(60), policy="no") as provider:
            h = harvest(provider, path)
            item = provider.items[7]
            provider.remove(item.identifier)
            update(provider, h, reconcile=True)
            provider.put(item)
            update(provider, h, reconcile=True)
            assert len(h) == 60


class TestCompleteness:
    @pytest.mark.parametrize("size", [10, 20, 25, 50, 100])
    def test_one_full_page_without_size_or_token_is_looked_at_again(self, size, path):
        class OnePage(PlainProvider):
            def chosen(self, question):
                return super().chosen(question)[:size]

        with OnePage(items(3 * size), page=1000, sized=False) as provider:
            h = harvest(provider, path)
            assert len(h) == 3 * size
            query = client(provider).records()
            try:
                table = query.collect()
            except errors.HarvestIncomplete:
                return
            assert len(table) == 3 * size or "unverified" in query.report.oddities

    def test_one_full_page_of_one_moment_is_not_verified(self, path):
        with PlainProvider(items(10, step=timedelta(0)), page=1000, sized=False) as provider:
            assert not harvest(provider, path).tally.verified

    @pytest.mark.parametrize("code", ["idDoesNotExist", "cannotDisseminateFormat", "empty", "500"])
    def test_records_that_are_listed_and_not_given_are_named(self, code, path):
        def get(entry):
            return code if entry.identifier.endswith("7") else None

        with PlainProvider(items(95), sized=False, get=get) as provider:
            provider.hides_record = lambda entry: entry.identifier.endswith("7")
            h = harvest(provider, path)
            assert len(h) == 86
            assert h.tally.state.startswith("incomplete")
            assert sorted(name for name, _ in h.tally.missing) == [f"oai:m:{n:04d}" for n in range(7, 95, 10)]
            provider.hides_record = provider.hides_identifier
            provider.get = None
            update(provider, h)
            assert len(h) == 95
            assert h.tally.missing == []

    def test_a_size_that_is_not_declared_is_not_as_many_as_it_says(self, path):
        with PlainProvider(items(0), sized=False) as provider:
            assert "as many" not in harvest(provider, path).tally.state

    @pytest.mark.parametrize("names", [(), ("birds",)])
    def test_an_unknown_set_is_a_notice_each_time(self, names, path):
        with PlainProvider(items(5, sets=("birds",)), set_names=names) as provider:
            h = harvest(provider, path, set="bird")
            for _ in range(2):
                assert any("'bird'" in notice or '"bird"' in notice for notice in h.tally.notices)
                update(provider, h)

    @pytest.mark.parametrize("other", [("fish",), ("Birds",), ()])
    def test_records_of_a_set_are_kept_whatever_their_headers_name(self, other, path):
        class Members(PlainProvider):
            def is_in(self, *_):
                return True

        found = items(25, sets=("birds",))
        for entry in found[::2]:
            entry.sets = other
        with Members(found, set_names=("birds",)) as provider:
            h = harvest(provider, path, set="birds")
            assert len(h) == 25
            assert h.tally.other_sets == (13 if other else 0)
            query = client(provider).records(set="birds")
            assert len(query.collect()) == 25
            assert ("other sets" in query.report.oddities) == bool(other)
            update(provider, h, reconcile=True)
            assert len(h) == 25

    @pytest.mark.parametrize(
        "form",
        [
            "<resumptionToken{size}>{text}</resumptionToken><resumptionToken/>",
            "<resumptionToken/><resumptionToken{size}>{text}</resumptionToken>",
            "<resumptiontoken{size}>{text}</resumptiontoken>",
            "<ResumptionToken{size}>{text}</ResumptionToken>",
        ],
    )
    def test_tokens_in_other_forms_are_found_and_noted(self, form, path):
        with PlainProvider(items(35), token=lambda text, size: form.format(text=text, size=size)) as provider:
            query = client(provider).records()
            assert len(query.collect()) == 35
            assert query.report.repairs
            h = harvest(provider, path)
            assert len(h) == 35
            assert h.tally.repaired


class TestFormat:
    ODD = '<mods:mods xmlns:mods="http://www.loc.gov/mods/v3"><mods:title>M</mods:title></mods:mods>'

    @pytest.mark.parametrize("place", [0, 24])
    def test_the_format_that_is_asked_for_rules(self, place, path):
        found = items(25)
        found[place].payload = self.ODD
        with PlainProvider(found) as provider:
            h = harvest(provider, path)
            assert (h.format, len(h)) == ("oai_dc", 25)
            assert h.tally.other_format == 1
            assert any("not oai_dc" in notice for notice in h.tally.notices)
            query = client(provider).records()
            table = query.collect()
            assert (table.format, len(table)) == ("oai_dc", 25)
            assert "other format" in query.report.oddities
            assert b"mods" in h.raw(found[place].identifier)


class TestMoves:
    def test_a_harvest_goes_on_at_the_new_address(self, path):
        with PlainProvider(items(35)) as old:
            h = harvest(old, path)
        with PlainProvider(items(35), name="Museum of Elsewhere") as new:
            new.put(Item("oai:m:0001", now(), "after the move"))
            with pytest.raises(errors.StateMismatch, match="moved=True"):
                update(new, h)
            update(new, h, moved=True)
            assert titles(h)["oai:m:0001"] == "after the move"
            assert len(h.history("oai:m:0001")) == 2
            assert h.question["url"] == new.url
            assert any("Museum of Elsewhere" in notice for notice in h.tally.notices)
            update(new, h)

    def test_another_question_is_no_move(self, path):
        with PlainProvider(items(5)) as provider:
            harvest(provider, path)
            with pytest.raises(errors.StateMismatch, match="a file of its own"):
                harvest(provider, path, set="birds")


def faulty(provider, chance):
    """Puts some faults into a provider; gives how it is mended."""
    hidden = {entry.identifier for entry in provider.items if chance.random() < 0.1}
    unlisted = {entry.identifier for entry in provider.items if chance.random() < 0.05}
    code = chance.choice([None, "idDoesNotExist", "cannotDisseminateFormat", "badArgument", "empty"])
    provider.hides_record = lambda entry: entry.identifier in hidden
    provider.hides_identifier = lambda entry: entry.identifier in unlisted
    provider.get = lambda entry: code if entry.identifier in hidden else None
    provider.shift = chance.choice([0, 2, -5, 10]) * HOUR

    def mend():
        provider.hides_record = provider.hides_identifier = never
        provider.get = None
        provider.shift = 0 * HOUR

    return mend


def check_chance(seed, path):
    """Harvests from a provider with faults of chance, compares the file with its list, and mends it."""
    chance = random.Random(seed)
    found = items(chance.randrange(1, 60))
    how = {
        "page": chance.choice([5, 10, 100]),
        "sized": chance.random() < 0.5,
        "policy": chance.choice(["no", "transient", "persistent"]),
    }
    with PlainProvider(found, clock=now() - timedelta(days=1), **how) as provider:
        mend = faulty(provider, chance)
        h = harvest(provider, path)
        for _ in range(chance.randrange(3)):
            provider.clock += HOUR
            entry = chance.choice(provider.items)
            provider.put(Item(entry.identifier, provider.clock - HOUR / 3, f"v{provider.clock}"))
            update(provider, h, reconcile=chance.choice([None, True]))
            expected = {entry.identifier: entry.title for entry in provider.items}
            named = {name for name, _ in h.tally.missing}
            lost = {name for name, title in expected.items() if titles(h).get(name) != title}
            if h.tally.verified and not provider.sized:
                assert lost <= {
                    entry.identifier for entry in provider.items if provider.hides_identifier(entry)
                }
            assert named <= lost
        mend()
        provider.clock += HOUR
        update(provider, h, reconcile=True, accept_removals=True)
        assert titles(h) == {entry.identifier: entry.title for entry in provider.items}, seed
        assert h.tally.verified, seed


@pytest.mark.parametrize("seed", range(20))
def test_after_the_faults_a_reconciliation_makes_the_file_equal_to_the_provider(seed, path):
    check_chance(seed, path)


@pytest.mark.soak
def test_after_the_faults_of_many_seeds(tmp_path):
    for seed in range(20, 20_000):
        check_chance(seed, tmp_path / f"{seed}.sqlite")
        (tmp_path / f"{seed}.sqlite").unlink()
