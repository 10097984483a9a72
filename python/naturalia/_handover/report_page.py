"""`report`: one page about media that can be sent on: what there is, which licences, what is missing."""

from __future__ import annotations

import os
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import keywords
from naturalia._handover.citations import Citations, facts_of
from naturalia._handover.gallery import fair, tile
from naturalia._handover.html_page import html_page
from naturalia._handover.targets import ORDER, TARGETS, judged
from naturalia._media.media import FIELDS, Media, license_of
from naturalia._media.thumbnails import Pictures
from naturalia._output.escaping import displayed, escaped
from naturalia._output.html import chip, cut, kind_of, words_of
from naturalia._output.text import plural
from naturalia._table.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from naturalia._crosswalk.loss import Loss

__all__ = ["Summary", "report"]

# How complete a page looks at, in the order people ask for them.
LOOKED_AT = (
    "media_url",
    "title",
    "creator",
    "rights_holder",
    "license_raw",
    "scientific_name",
    "genus",
    "family",
    "unit_id",
    "specimen_id",
    "collection",
    "country",
    "lat",
    "event_date",
    "issued",
    "landing_page",
    "format",
    "type",
)
TILES = 12
RAWS = 5
PROBLEMS = 20
KEPT = 50_000
"""Citations are counted for all media and listed for the first of them."""


@displayed
class Summary:
    """What a report says, counted medium by medium in little memory."""

    def __init__(self) -> None:
        self.count = 0
        self.private = 0
        """Records that were left out as not public."""
        self.sources: Counter[str] = Counter()
        self.types: Counter[str] = Counter()
        self.licenses: Counter[tuple[str, str]] = Counter()
        self.raws: dict[str, Counter[str]] = {}
        self.filled: Counter[str] = Counter()
        self.targets: dict[str, Counter[str]] = {name: Counter() for name in TARGETS}
        self.problems: dict[str, tuple[int, str]] = {}
        self.twice: Counter[str] = Counter()
        self.first: list[Any] = []

    def __repr__(self) -> str:
        return f"<Summary: {plural(self.count, 'medium', 'media')}>"

    def add(self, medium: Any) -> None:
        """Counts a medium."""
        self.count += 1
        self.sources[medium.source or "not stated"] += 1
        self.types[medium.type or medium.format or "not stated"] += 1
        rights = license_of(medium)
        name = words_of(rights.status, rights.label or rights.claimed, rights.raw)
        self.licenses[name, kind_of(rights.status, rights.id, rights.check("open").verdict)] += 1
        self.raws.setdefault(name, Counter())[rights.raw or "(nothing)"] += 1
        self.filled.update(name for name in LOOKED_AT if getattr(medium, name) not in (None, ""))
        for target, counts in self.targets.items():
            verdict, reasons = judged(medium, target)
            counts[verdict] += 1
            for reason in reasons:
                if reason.verdict != "yes":
                    key = f"{target}: {reason.code}"
                    known = self.problems.get(key, (0, reason.advice))
                    self.problems[key] = (known[0] + 1, known[1])
        if len(self.twice) < KEPT:
            self.twice[medium.media_id or ""] += 1
        if len(self.first) < KEPT:
            self.first.append(medium)


@public
@keywords
def report(
    data: Any,
    path: str | os.PathLike[str],
    /,
    *,
    title: str | None = None,
    images: Any = None,
    loss: Loss | None = None,
    command: str | None = None,
    include_private: bool = False,
) -> Summary:
    """Writes one HTML file about media: no script, no request to elsewhere, readable when printed.

        >>> import naturalia as nat
        >>> found = nat.report(nat.read(nat.samples.path("openimages_oai_oi.xml")), "report.html")
        >>> found.count, found.licenses.most_common(1)[0]
        (6, (('CC BY-SA 3.0 NL', 'open'), 3))

    It has counts, licences with the statements they were read from, how complete each field is, what Commons,
    Europeana and GBIF would take, what became of the values on the way (`loss`), a contact sheet where there
    are images, how to cite, and the command that makes it again.

    Args:
        data: media: a table of any format that has a crosswalk to `media`, a query, a harvest, a file, a
            frame.
        path: the file to write.
        title: the heading.
        images: where the files are: what `fetch` gave, the folder it filled, or a dict of paths by
            `media_id`.
        loss: the account of a crosswalk to show.
        command: how the report is made again; the command line fills it in.
        include_private: report on records marked as not public too.
    """
    summary, media, origin = Summary(), Media(data, include_private=include_private), Provenance()
    for medium in media.rows():
        summary.add(medium)
    origin.rows, summary.private = summary.count, media.private
    html = html_page(
        title or "Media",
        {
            "": f"<p>{sentence(summary, media)}</p>",
            "Licences": licences(summary),
            "What may be done with them": targets(summary),
            "What stands in the way": problems(summary),
            "How complete": completeness(summary),
            "Sources and kinds": counted(summary),
            "What became of the values": losses(loss),
            "Contact sheet": contact(summary, Pictures(images)),
            "How to cite": citation(summary),
            "Where this comes from": made(origin.facts(), command),
        },
    )
    from naturalia._output.atomic import atomic

    with atomic(os.fspath(path)) as file:
        file.write(escaped(html).encode())
    return summary


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of cells that are HTML already; cells that start with a digit stand to the right."""
    names = "".join(f"<th>{name}</th>" for name in head)
    body = "".join(
        "<tr>"
        + "".join(f'<td class="n">{cell}</td>' if cell[:1].isdigit() else f"<td>{cell}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def bar(share: float) -> str:
    """A share as a bar of at most ten letters' width."""
    return f'<span class="track"><span class="bar" style="width:{100 * share:.1f}%"></span></span>'


def sentence(summary: Summary, media: Media) -> str:
    """The report in a sentence or two."""
    total = max(summary.count, 1)
    free = sum(count for (_, kind), count in summary.licenses.items() if kind == "open")
    said = [
        f"{plural(summary.count, 'medium', 'media')} of {plural(len(summary.sources), 'source')};",
        f"{free:,} ({free / total:.0%}) under an open licence that is stated exactly",
        "(CC0, Public Domain Mark, BY or BY-SA).",
    ]
    several = sum(count > 1 for name, count in summary.twice.items() if name)
    if several:
        said.append(f"{several:,} media stand in more than one row.")
    if media.private:
        said.append(f"{media.left_out()}.")
    return escape(" ".join(said))


def licences(summary: Summary) -> str:
    """Every licence, how often, and the statements it was read from."""
    total = max(summary.count, 1)
    rows = []
    for (name, kind), count in summary.licenses.most_common():
        raws = summary.raws[name]
        some = ", ".join(f"{cut(raw, 90)} ({number:,})" for raw, number in raws.most_common(RAWS))
        rest = f" and {len(raws) - RAWS:,} other statements" if len(raws) > RAWS else ""
        rows.append([chip(name, kind), f"{count:,}", bar(count / total), f"{count / total:.1%}", some + rest])
    return table(("licence", "media", "", "", "read from"), rows)


def targets(summary: Summary) -> str:
    """The verdict of each target."""
    rows = [
        [name.capitalize() if name != "gbif" else "GBIF", *(f"{counts[verdict]:,}" for verdict in ORDER)]
        for name, counts in summary.targets.items()
    ]
    return table(("for", *ORDER), rows) + '<p class="faint">Information, not legal advice.</p>'


def problems(summary: Summary) -> str:
    """What stands in the way, the commonest first."""
    found = sorted(summary.problems.items(), key=lambda item: -item[1][0])
    rows = [[f"{count:,}", escape(name), cut(advice, 160)] for name, (count, advice) in found[:PROBLEMS]]
    rest = f"<p>and {len(found) - PROBLEMS:,} other reasons</p>" if len(found) > PROBLEMS else ""
    return table(("media", "reason", "what to do"), rows) + rest if rows else ""


def completeness(summary: Summary) -> str:
    """How many media have each field."""
    shares = [
        (name, summary.filled[name], summary.filled[name] / max(summary.count, 1)) for name in LOOKED_AT
    ]
    rows = [[name, f"{count:,}", bar(share), f"{share:.1%}"] for name, count, share in shares]
    return table(("field", "filled", "", ""), rows)


def counted(summary: Summary) -> str:
    """Sources and types."""
    rows = [["source", cut(name, 80), f"{count:,}"] for name, count in summary.sources.most_common(PROBLEMS)]
    rows += [["type", cut(name, 80), f"{count:,}"] for name, count in summary.types.most_common(PROBLEMS)]
    return table(("", "", "media"), rows)


def losses(loss: Loss | None) -> str:
    """The account of a crosswalk."""
    if loss is None:
        return ""
    from naturalia._crosswalk.loss_files import fragment

    return fragment(loss)


def contact(summary: Summary, pictures: Pictures) -> str:
    """A few of the media that have a picture."""
    shown = [medium for medium in summary.first if pictures.path(medium.media_id)]
    chosen = [medium for group in fair(shown, TILES, "genus").values() for medium in group]
    return "".join(tile(medium, pictures) for medium in chosen)


def citation(summary: Summary) -> str:
    """The data sets, and the first media as examples."""
    found = Citations("apa", [facts_of(medium, modified=False) for medium in summary.first], 0)
    data = "".join(f"<p>{escape(text)}</p>" for text in found.datasets)
    lacking = len(found.incomplete)
    examples = "".join(f"<p>{escape(one.text)}</p>" for one in list(found)[:3])
    lack = "an author, a title, a date, a source or an exact licence"
    more = f'<p class="faint">{lacking:,} of {len(found):,} lack {lack}.</p>' if lacking else ""
    return data + examples + more


def made(facts: dict[str, Any], command: str | None) -> str:
    """When, with what, and how to make it again."""
    said = f"<p>Made {escape(facts['written_at'])} with {escape(facts['tool'])} ({_core.__version__}).</p>"
    return said + (f"<pre>{escape(command)}</pre>" if command else "")


assert set(LOOKED_AT) <= set(FIELDS)  # a field that is looked at is one of a medium
