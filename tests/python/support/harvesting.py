"""Both ways to get a list, held to one law: everything the provider has, each record once, or an error."""

from dataclasses import dataclass

import naturalia as nat
from naturalia import testing

WAYS = ["collect", "harvest"]


@dataclass
class Outcome:
    """What came of asking for a list."""

    server: testing.Server
    way: str
    table: nat.Table | None = None
    error: Exception | None = None
    counts: object = None

    @property
    def identifiers(self) -> list[str]:
        """What came, sorted; the error, if there was one."""
        if self.error is not None:
            raise self.error
        return sorted(self.table["identifier"])

    @property
    def truth(self) -> list[str]:
        """What the provider has, sorted."""
        return sorted(item.identifier for item in self.server.records)

    @property
    def repairs(self) -> int:
        """How many repairs reading took, as either way counts them."""
        return self.counts.repaired if self.way == "harvest" else len(self.counts.repairs)

    def title(self, number: int) -> str:
        """The title of the record of this number."""
        row = self.table["identifier"].index(f"oai:museum.example:{number}")
        return self.table["title"][row][0]


def gather(way: str, server: testing.Server, folder, *, options=None, provider=None, **question) -> Outcome:
    """Asks for a list in one of the two ways: into memory, or into a file."""
    usual = {"rate": None, "backoff": 0.01, "retries": 3, "timeout": 5}
    oai = provider or nat.OaiPmh(server.url, **{**usual, **(options or {})})
    outcome = Outcome(server, way)
    question.setdefault("prefix", "oai_dc")
    try:
        if way == "collect":
            query = oai.records(**question)
            outcome.table = query.collect()
            outcome.counts = query.report
        else:
            harvest = nat.harvest(oai, folder / "list.sqlite", **question)
            outcome.table = harvest.current(deleted=True).collect()
            outcome.counts = harvest.tally
    except nat.errors.NaturaliaError as error:
        outcome.error = error
    return outcome
