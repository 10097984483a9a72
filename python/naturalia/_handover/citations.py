"""`cite`: how media are cited, and the line that their licences ask for."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._media.media import Media, license_of
from naturalia._output.escaping import displayed
from naturalia._output.text import left_out, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Citation", "Citations", "cite"]

NHM = "Natural History Museum"
# What stands in brackets behind a title, and what CSL and BibTeX call it, by type of DCMI.
KINDS = {
    "StillImage": ("Photograph", "graphic"),
    "Image": ("Image", "graphic"),
    "MovingImage": ("Video", "motion_picture"),
    "Sound": ("Sound recording", "song"),
    "InteractiveResource": ("3D model", "graphic"),
    "Text": ("Text", "document"),
}
OTHER = ("Media file", "document")
# The collections of the NHM by DOI, as its data portal names them.
DATASETS = {
    "10.5519/0002965": "Collection specimens",
    "10.5519/0016914": "Artefacts",
    "10.5519/0073880": "Index Lot collection",
}


class Citation(NamedTuple):
    """A citation of a medium.

    `form` is whose it is: `"nhm"`, the form that the museum's page gives; `"own"`, ours, where the source
    asks for none. `missing` names what a citation should have and this one lacks.
    """

    media_id: str | None
    text: str
    form: str
    missing: tuple[str, ...]


@public
@keywords
def cite(
    data: Any, /, *, style: str = "apa", modified: bool = False, include_private: bool = False
) -> Citations:
    """How to cite media, one by one, and the data sets they come from.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
        >>> print(nat.cite(t[:1], style="attribution"))
        “Vlucht van een buizerd” by Stichting Natuurfilm (https://openbeelden.example/media/90101) is \
licensed under CC BY-SA 3.0 NL (https://creativecommons.org/licenses/by-sa/3.0/nl/)

    Args:
        data: media: a table of any format that has a crosswalk to `media`, a query, a harvest, a file, a
            frame.
        style: `"apa"`, a line of text; `"bibtex"`; `"csl-json"`; `"attribution"`, the line with title,
            author, source and licence that Creative Commons asks for.
        modified: the media were changed: attributions say so.
        include_private: cite records marked as not public too.

    Source: the citation page of the NHM Data Portal; recommended practices for attribution of Creative
    Commons; CSL-JSON 1.0.
    """
    if style not in STYLES:
        message = f"no style {style!r}{closest(style, STYLES)}"
        raise ValueError(message)
    media = Media(data, include_private=include_private)
    facts = [facts_of(medium, modified=modified) for medium in media.rows()]
    return Citations(style, facts, media.private)


def facts_of(medium: Any, *, modified: bool) -> dict[str, Any]:
    """What a citation of a medium can say."""
    rights = license_of(medium)
    museum = medium.source == "NHM"
    authors = [NHM] if museum else people(medium.creator) or people(medium.rights_holder)
    title = medium.title or medium.scientific_name
    if title and medium.scientific_name and is_code(title):
        title = f"{medium.scientific_name} ({title})"
    page = page_of(medium)
    issued = year_of(medium.issued) or (year_of(medium.record_modified) if museum else None)
    missing = [
        name
        for name, value in (("title", title), ("author", authors), ("source", page), ("year", issued))
        if not value
    ]
    if rights.status != "exact":
        missing.append("licence")
    return {
        "id": medium.media_id,
        "title": title,
        "authors": authors,
        "creators": people(medium.creator) or people(medium.credit_line) or people(medium.rights_holder),
        "year": issued,
        "date": None if museum else medium.issued,
        "page": page,
        "kind": KINDS.get(medium.type or "", OTHER),
        "unit": medium.unit_id,
        "collection": medium.collection,
        "publisher": publisher_of(medium),
        "rights": rights,
        "retrieved": medium.retrieved_at and str(medium.retrieved_at)[:10],
        "dataset": medium.dataset_doi,
        "museum": museum,
        "modified": modified,
        "missing": tuple(missing),
    }


def is_code(title: str) -> bool:
    """Whether a title is only a number of a collection or the name of a file."""
    return bool(re.fullmatch(r"[\w.\-]+", title)) and any(c.isdigit() or c == "." for c in title)


def people(names: str | None) -> list[str]:
    """The names of a joined list, each once, without what they did."""
    found = (re.sub(r"\s*\([^()]*\)$", "", name.strip()) for name in (names or "").split(";"))
    # Observation.org names the page of a user where a name should be.
    return list(
        dict.fromkeys(name for name in found if name and not name.startswith(("http://", "https://")))
    )


def page_of(medium: Any) -> str | None:
    """The address people should be sent to: the page about it, else the file."""
    page: str | None = medium.landing_page
    if medium.source == "NHM" and medium.specimen_id and not page:
        page = f"https://data.nhm.ac.uk/object/{medium.specimen_id}"
    if medium.source == "NHM" and page and medium.source_version and "/object/" in page:
        page = f"{page.rstrip('/')}/{medium.source_version}"
    return page or medium.media_url


def publisher_of(medium: Any) -> str | None:
    """Who makes it public."""
    if medium.source == "NHM":
        return NHM
    if medium.source in ("CRS", "BRAHMS"):
        return "Naturalis Biodiversity Center"
    holders = people(medium.rights_holder)
    host = re.match(r"https?://(?:www\.)?([^/]+)/", medium.landing_page or "")
    return holders[0] if holders else host and host[1]


def year_of(date: str | None) -> int | None:
    """The year of an EDTF date that is certain of it."""
    found = re.match(r"(\d{4})(?:$|-|T|/)", date or "")
    return int(found[1]) if found else None


def apa(facts: dict[str, Any]) -> str:
    """A line of text; for the NHM in the form of its citation page, else in one of our own."""
    rights, kind = facts["rights"], facts["kind"][0]
    year = facts["year"] or "n.d."
    title = facts["title"] or "Untitled"
    if facts["museum"]:
        text = f"{NHM}. ({year}). {title} (from Collection specimens) [{kind}]. {NHM}."
        text = f"{text} {facts['page'] or ''}".rstrip()
    else:
        names = facts["authors"]
        several = len(names) > 1
        author = ", ".join(names[:-1]) + f", & {names[-1]}" if several else names[0] if names else ""
        head = (
            f"{author.rstrip('.')}. ({year}). {title} [{kind}]." if author else f"{title} [{kind}]. ({year})."
        )
        where = ", ".join(filter(None, [facts["unit"], facts["collection"]]))
        publisher = facts["publisher"] if facts["publisher"] not in names else None
        text = " ".join(
            filter(
                None, [head, where and where + ".", publisher and publisher.rstrip(".") + ".", facts["page"]]
            )
        )
    if facts["retrieved"]:
        text += f" (retrieved {facts['retrieved']})"
    if facts["museum"] and rights.label and rights.uri:
        return f"{text}. Licensed under {rights.label.replace(' ', '-')} ({rights.uri})"
    if rights.label:
        return f"{text}. {rights.label}" + (f" ({rights.uri})" if rights.uri else "")
    return f"{text}. Rights as stated: {one_line(rights.raw)}" if rights.raw else text + ". Rights not stated"


def attribution(facts: dict[str, Any]) -> str:
    """The line that Creative Commons recommends."""
    line = facts["rights"].attribution(
        title=facts["title"],
        author="; ".join(facts["creators"]) or None,
        source=facts["page"],
        modified=facts["modified"],
    )
    return str(line.text)


def csl(facts: dict[str, Any]) -> dict[str, Any]:
    """An item of CSL-JSON."""
    rights = facts["rights"]
    item: dict[str, Any] = {"id": facts["key"], "type": facts["kind"][1], "title": facts["title"]}
    item["author"] = [{"literal": name} for name in facts["authors"]]
    if facts["date"] or facts["year"]:
        item["issued"] = {"date-parts": [date_parts(facts["date"]) or [facts["year"]]]}
    if facts["retrieved"]:
        item["accessed"] = {"date-parts": [date_parts(facts["retrieved"])]}
    item |= {"publisher": facts["publisher"], "URL": facts["page"], "archive": facts["collection"]}
    item["call-number"] = facts["unit"]
    item["medium"] = facts["kind"][0]
    item["note"] = f"Licence: {rights.label or one_line(rights.raw) or 'not stated'}" + (
        f" ({rights.uri})" if rights.uri else ""
    )
    return {name: value for name, value in item.items() if value}


def date_parts(date: str | None) -> list[int] | None:
    """Year, month and day of an EDTF date as far as they are certain."""
    found = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:$|T|/)", date or "")
    if not found:
        return None
    parts = [int(part) for part in found.groups() if part]
    # Seasons of EDTF are written as months beyond the twelfth.
    return parts if parts[1:2] == [] or parts[1] in range(1, 13) else parts[:1]


# What TeX takes for a command.
TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    # An escaped brace still counts as one where BibTeX looks for the end of a value.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    **{character: "\\" + character for character in "&%$#_"},
}


def bibtex(facts: dict[str, Any]) -> str:
    """An entry of BibTeX: `@misc`, as the classic styles know no type for media."""
    rights = facts["rights"]
    note = f"{facts['kind'][0]}. Licence: {rights.label or one_line(rights.raw) or 'not stated'}"
    fields = {
        "title": facts["title"] and "{" + tex(facts["title"]) + "}",
        "author": " and ".join("{" + tex(name) + "}" for name in facts["authors"]),
        "year": facts["year"] and str(facts["year"]),
        "publisher": facts["publisher"] and tex(facts["publisher"]),
        "howpublished": facts["collection"]
        and tex(", ".join(filter(None, [facts["unit"], facts["collection"]]))),
        "url": facts["page"] and facts["page"].replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"),
        "urldate": facts["retrieved"],
        "note": tex(note) + (f" ({rights.uri})" if rights.uri else ""),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{facts['key']},\n{body}}}"


def tex(text: str) -> str:
    """Text as TeX shows it."""
    return "".join(TEX.get(character, character) for character in one_line(text))


def one_line(text: str | None) -> str:
    """Text without line ends, and without what can't be printed."""
    from naturalia._output.text import text_of

    return text_of(text)


def keyed(facts: list[dict[str, Any]]) -> None:
    """Gives each a key that BibTeX and CSL take, none of them twice."""
    taken: set[str] = set()
    for number, each in enumerate(facts, 1):
        plain = (
            re.sub(r"[^A-Za-z0-9.\-]+", "-", each["id"] or f"medium-{number}").strip("-.")
            or f"medium-{number}"
        )
        key, again = plain, 1
        while key.casefold() in taken:
            again += 1
            key = f"{plain}-{again}"
        taken.add(key.casefold())
        each["key"] = key


STYLES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "apa": apa,
    "bibtex": bibtex,
    "csl-json": csl,
    "attribution": attribution,
}
ENDINGS = {"apa": ".txt", "bibtex": ".bib", "csl-json": ".json", "attribution": ".txt"}


@public
@displayed
class Citations:
    """Citations of media, in order; `str()` gives them as they go into a file.

    >>> import naturalia as nat
    >>> found = nat.cite(nat.read(nat.samples.path("openimages_oai_oi.xml")), style="bibtex")
    >>> found
    <Citations bibtex: 6 media>
    """

    def __init__(self, style: str, facts: list[dict[str, Any]], private: int) -> None:
        self.style = style
        self.private = private
        keyed(facts)
        self._facts = facts

    @property
    def items(self) -> list[Any]:
        """The citations: dicts for CSL-JSON, else texts."""
        return [STYLES[self.style](facts) for facts in self._facts]

    @property
    def datasets(self) -> list[str]:
        """How to cite the data sets, each once, where their DOIs are known."""
        dois = dict.fromkeys(facts["dataset"] for facts in self._facts if facts["dataset"])
        years = {facts["dataset"]: facts["retrieved"] for facts in self._facts}
        found = []
        for doi in dois:
            plain = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", doi)
            title = DATASETS.get(plain)
            year = (years[doi] or "n.d.")[:4]
            found.append(
                f"{NHM}. ({year}). {title} [Data set]. {NHM}. https://doi.org/{plain}"
                if title
                else f"https://doi.org/{plain}"
            )
        return found

    @property
    def incomplete(self) -> list[Citation]:
        """Those that lack something."""
        return [citation for citation in self if citation.missing]

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes them to a file, UTF-8: BibTeX, a JSON array of CSL, or a line each."""
        from naturalia._output.atomic import atomic

        with atomic(os.fspath(path)) as file:
            file.write((self._text() + "\n").encode())

    def __len__(self) -> int:
        return len(self._facts)

    def __iter__(self) -> Iterator[Citation]:
        for facts, item in zip(self._facts, self.items, strict=True):
            text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
            yield Citation(facts["id"], text, "nhm" if facts["museum"] else "own", facts["missing"])

    def __str__(self) -> str:
        return self._text()

    def _text(self) -> str:
        """The citations as they are written to files and pipes, with every character of the data."""
        if self.style == "csl-json":
            return json.dumps(self.items, ensure_ascii=False, indent=1)
        return ("\n\n" if self.style == "bibtex" else "\n").join(self.items)

    def __repr__(self) -> str:
        lacking = len(self.incomplete)
        rest = f", {lacking:,} with something missing" if lacking else ""
        left = f", {left_out(self.private)}" if self.private else ""
        return f"<Citations {self.style}: {plural(len(self), 'medium', 'media')}{rest}{left}>"

    def _repr_html_(self) -> str:
        from naturalia._output.html import cut, lines, within

        def build(rows: int, characters: int) -> str:
            some = list(self)[: rows * 4]
            left = len(self) - len(some)
            texts = [
                f"<pre style='white-space:pre-wrap;margin:2px 0'>{cut(one.text, characters * 8)}</pre>"
                for one in some
            ]
            return lines(
                f"<b>{cut(repr(self)[1:-1], 200)}</b>", *texts, f"and {left:,} more" if left > 0 else ""
            )

        return within(build)
