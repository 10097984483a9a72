"""The sheet for Wikimedia Commons: what an upload tool reads, one row a file, and why others stay out."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from naturalia._handover.citations import people
from naturalia._handover.targets import judged
from naturalia._media.media import Media, license_of
from naturalia._table.reports import WriteReport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia._licenses.license import License

__all__ = ["COLUMNS", "LEFT", "Sheet", "file_name", "write_sheet"]

UPLOAD, STAYED = "upload", "left out"

COLUMNS = (
    "path",
    "name",
    "description",
    "author",
    "source",
    "date",
    "license",
    "wikitext",
    "media_id",
)
"""The columns of the sheet: `path` is the address of the file, `name` the file name at Commons."""
LEFT = ("media_id", "verdict", "reasons", "advice", "title", "license", "media_url")
ENDINGS = {
    "application/pdf": ".pdf",
    "audio/flac": ".flac",
    "audio/midi": ".mid",
    "audio/mp3": ".mp3",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".oga",
    "audio/opus": ".opus",
    "audio/vnd.wave": ".wav",
    "audio/wav": ".wav",
    "audio/wave": ".wav",
    "audio/webm": ".webm",
    "audio/x-flac": ".flac",
    "audio/x-wav": ".wav",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/tiff": ".tif",
    "image/vnd.djvu": ".djvu",
    "image/webp": ".webp",
    "image/x-xcf": ".xcf",
    "video/mpeg": ".mpg",
    "video/ogg": ".ogv",
    "video/webm": ".webm",
}
# Commons:File naming and MediaWiki's $wgMaxSize of titles: bytes, without "File:".
LONGEST = 240
# What a title of MediaWiki can't hold, and what Commons takes for something else.
FORBIDDEN = re.compile(r"[#<>\[\]|{}/\\:\x00-\x1f\x7f\ufffd]")
ODD = re.compile(r"~{3,}|%(?=[0-9A-Fa-f]{2})|&(?=#?\w+;)")


class Sheet:
    """The rows of the sheet, and those that stay out with their reasons."""

    def __init__(self, data: Any, *, include_private: bool = False) -> None:
        self._media = Media(data, include_private=include_private)
        self._names: set[str] = set()
        self.left: list[dict[str, Any]] = []

    @property
    def private(self) -> int:
        """Records that are not public, which stood nowhere."""
        return self._media.private

    def rows(self) -> Iterator[dict[str, Any]]:
        """The files that Commons takes; the others are in `left` afterwards."""
        for medium in self._media.rows():
            verdict, reasons = judged(medium, "commons")
            rights = license_of(medium)
            if verdict == "yes":
                yield self._row(medium, rights)
                continue
            against = [reason for reason in reasons if reason.verdict != "yes"]
            self.left.append(
                {
                    "media_id": medium.media_id,
                    "verdict": verdict,
                    "reasons": "; ".join(reason.code for reason in against),
                    "advice": "; ".join(reason.advice for reason in against if reason.advice),
                    "title": medium.title or medium.scientific_name,
                    "license": rights.label or rights.raw,
                    "media_url": medium.media_url,
                }
            )

    def _row(self, medium: Any, rights: License) -> dict[str, Any]:
        cells = {
            "path": medium.media_url,
            "name": self._name(medium),
            "description": described(medium),
            "author": "; ".join(people(medium.creator) or people(medium.rights_holder)),
            "source": medium.landing_page or medium.media_url,
            "date": medium.issued or medium.event_date or "",
            "license": "{{" + (rights.commons_template or "") + "}}",
            "media_id": medium.media_id,
        }
        return {**cells, "wikitext": wikitext(cells, medium)}

    def _name(self, medium: Any) -> str:
        """A name that no other row has; Commons does not tell capitals of the first letter apart."""
        plain = [medium.title, medium.scientific_name, medium.unit_id]
        stem = " - ".join(dict.fromkeys(filter(None, map(one_line, plain)))) or medium.media_id or "file"
        ending = ENDINGS[medium.format]
        name = file_name(stem, ending)
        again = 1
        while name.casefold() in self._names:
            again += 1
            name = file_name(stem, ending, f" ({again})")
        self._names.add(name.casefold())
        return name


def file_name(stem: str, ending: str, number: str = "") -> str:
    """A file name that Commons takes: Commons:File naming, MediaWiki's rules for titles."""
    text = unicodedata.normalize("NFC", stem)
    text = "".join(c if c.isprintable() and unicodedata.category(c) != "Cf" else " " for c in text)
    text = ODD.sub("-", FORBIDDEN.sub("-", text))
    text = re.sub(r"[\s_]+", " ", text).strip(" .-")
    if not any(c.isalpha() for c in text):
        text = f"Collection item {text}".rstrip()
    text = text[0].upper() + text[1:]
    room = LONGEST - len((number + ending).encode())
    return text.encode()[:room].decode("utf-8", "ignore").rstrip(" .-") + number + ending


def described(medium: Any) -> str:
    """What it shows, in a line."""
    shown = [one_line(medium.title), one_line(medium.scientific_name)]
    where = ", ".join(filter(None, [one_line(medium.country), one_line(medium.event_date)]))
    unit = ", ".join(filter(None, [one_line(medium.unit_id), one_line(medium.collection)]))
    return ". ".join(filter(None, [" - ".join(dict.fromkeys(filter(None, shown))), where, unit]))


def wikitext(cells: dict[str, Any], medium: Any) -> str:
    """The page of the file: {{Information}}, the licence, the categories."""
    date = cells["date"]
    categories = [medium.species or medium.scientific_name] if medium.species or medium.genus else []
    lines = [
        # A comment before the heading: a cell that begins with an equals sign would be a formula.
        "<!-- -->",
        "=={{int:filedesc}}==",
        "{{Information",
        f"|description={literal(cells['description'])}",
        f"|date={literal(date)}",
        f"|source={address(cells['source'])}",
        f"|author={literal(cells['author'])}",
        "}}",
        "",
        "=={{int:license-header}}==",
        cells["license"],
        *([""] if categories else []),
        *(f"[[Category:{FORBIDDEN.sub(' ', one_line(name))}]]" for name in categories),
    ]
    return "\n".join(lines)


def literal(text: str) -> str:
    """Text that wikitext shows as it is: no template, link, tag, list, signature or magic word of it."""
    plain = one_line(text)
    shown = "".join(f"&#{ord(c)};" if c in "&<>[]{}|'~=" else c for c in plain).replace("__", "&#95;&#95;")
    return f"&#{ord(shown[0])};{shown[1:]}" if shown[:1] in ("*", "#", ":", ";") else shown


def address(url: str) -> str:
    """An address as wikitext takes it."""
    odd = {
        " ": "%20",
        "[": "%5B",
        "]": "%5D",
        "{": "%7B",
        "}": "%7D",
        "|": "%7C",
        "<": "%3C",
        ">": "%3E",
        "'": "%27",
    }
    return "".join(odd.get(character, character) for character in one_line(url))


def one_line(text: str | None) -> str:
    """Text without line ends, and without what can't be printed."""
    from naturalia._output.text import text_of

    return text_of(text)


def write_sheet(data: Any, path: str, kind: str, *, include_private: bool) -> WriteReport:
    """Writes the sheet: a workbook with those left out on a second page, or the files alone as CSV or TSV."""
    from naturalia._output.atomic import Counted, atomic
    from naturalia._table.provenance import Provenance

    sheet, report, origin = (
        Sheet(data, include_private=include_private),
        WriteReport(path, kind),
        Provenance(),
    )
    with atomic(path) as file:
        out = Counted(file)
        origin.rows = (workbook if kind == "xlsx" else lines)(sheet, out, report, kind)
        report.bytes = out.bytes
    report.rows = origin.rows
    report.count(commons=len(sheet.left), private=sheet.private)
    return report


def workbook(sheet: Sheet, out: Any, report: WriteReport, _: str) -> int:
    """Two sheets and an "About"."""
    from xlsxwriter import Workbook

    from naturalia._files.workbook import Sheets, Spooled, about
    from naturalia._table.provenance import Provenance

    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Spooled(out) as file, Workbook(file, {"constant_memory": True, **plain}) as book:
        upload = Sheets(book, list(COLUMNS), report, UPLOAD)
        count = 0
        for row in sheet.rows():
            upload.add([row[name] or None for name in COLUMNS])
            count += 1
        upload.finish()
        stayed = Sheets(book, list(LEFT), report, STAYED)
        for row in sheet.left:
            stayed.add([row[name] or None for name in LEFT])
        stayed.finish()
        report.sheets = len(upload.pages) + len(stayed.pages)
        origin = Provenance()
        origin.rows = count
        about(book, origin.facts(kind="xlsx", layout="commons", left_out=len(sheet.left)))
    return count


def lines(sheet: Sheet, out: Any, report: WriteReport, kind: str) -> int:
    """Comma- or tab-separated values; what stays out is only counted."""
    from naturalia._output.sheets import Rows

    rows = Rows(out, tabs=kind == "tsv")
    rows.add(COLUMNS)
    count = 0
    for row in sheet.rows():
        rows.add(row[name] for name in COLUMNS)
        count += 1
    report.count(guarded=rows.count)
    return count
