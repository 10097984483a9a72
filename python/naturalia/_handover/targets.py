"""What a target asks of a medium beside its licence: Commons, Europeana, GBIF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia._media.media import license_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["ORDER", "TARGETS", "Reason", "judged"]

ORDER = ("yes", "conditional", "unknown", "no")
"""The verdicts, the best first; that of a medium is the worst of its reasons."""


class Reason(NamedTuple):
    """Why a medium passes or does not: a verdict, a stable code, and what to do or to look at."""

    verdict: str
    code: str
    advice: str


# What Commons takes: its list of permitted file types (Commons:File types), by MIME type.
COMMONS = {
    "application/pdf",
    "audio/flac",
    "audio/midi",
    "audio/mp3",
    "audio/mpeg",
    "audio/ogg",
    "audio/vnd.wave",
    "audio/wave",
    "audio/opus",
    "audio/wav",
    "audio/webm",
    "audio/x-flac",
    "audio/x-wav",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "image/tiff",
    "image/vnd.djvu",
    "image/webp",
    "image/x-xcf",
    "video/mpeg",
    "video/ogg",
    "video/webm",
}
# What is a work of art, or may be one, rather than a photograph of a specimen: a licence that is stamped on
# a whole collection may not be the maker's.
ART = ("art", "drawing", "painting", "illustration", "print", "archive", "library", "manuscript")
# The systems of Naturalis that stamp one licence on whole collections (NBA 2.21, ETL of CRS and BRAHMS).
STAMPED = ("CRS", "BRAHMS")
# The types of the Europeana Data Model (edm:type) by type of DCMI.
EUROPEANA = {
    "Image": "IMAGE",
    "MovingImage": "VIDEO",
    "Sound": "SOUND",
    "StillImage": "IMAGE",
    "Text": "TEXT",
}
BY_FORMAT = {"image": "IMAGE", "video": "VIDEO", "audio": "SOUND"}


# What to do where the licence itself stands in the way, and has no better hint.
ADVICE = {
    "choice": "choose one of the licences, and say so",
    "doubt": "the statement is not certain of it: ask the source, or decide with license_report()",
    "negated": "the statement denies it: ask the source, or decide with license_report()",
    "not-now": "it held earlier or will hold later: ask the source, or decide with license_report()",
    "partial": "it covers a part of the item only: ask for the rest",
    "unread-words": "words beside it are not understood: decide with license_report()",
    "conflict": "ask the source: its statements contradict each other",
    "constant-licence": "stamped on a whole collection: make sure that the maker's rights allow it",
    "holder-contradicts": "a holder of rights is named beside it: ask the source",
    "needs-public-domain-reason": "say why it is in the public domain, such as the year the maker died",
    "no-such-licence": "there is no such licence: ask the source, or decide with license_report()",
    "not-accepted": "not on its list",
    "not-free": "commercial use or changes are not allowed",
    "nothing-stated": "ask the source, or decide with license_report()",
    "other-version-needs-rights-holder": "another version is on the list: its holder may choose that",
    "rights-reserved": "ask the holder of the rights",
    "statement-only": "it is no licence: ask the source, or decide with license_report()",
    "version-unstated": "ask the source for the version",
}


def judged(medium: Any, target: str) -> tuple[str, list[Reason]]:
    """The verdict on a medium, and every reason for it, the worst first."""
    reasons = sorted(TARGETS[target](medium), key=lambda reason: -ORDER.index(reason.verdict))
    return reasons[0].verdict, reasons


def commons(medium: Any) -> Iterator[Reason]:
    """Wikimedia Commons: Commons:Licensing, Commons:File types, and what {{Information}} asks for."""
    rights = license_of(medium)
    found = rights.check("commons")
    if found.reason == "constant-licence" and is_specimen(medium):
        found = found._replace(verdict="yes", reason="free-licence")
    elif found.verdict == "yes" and medium.source in STAMPED and not is_specimen(medium):
        # Somebody decided what the stamp means, not whose work it is on.
        found = found._replace(verdict="conditional", reason="constant-licence")
    yield of_licence(found)
    yield from file_of(medium)
    if medium.format and medium.format not in COMMONS:
        yield Reason(
            "no", "format-not-taken", f"convert {medium.format} to a free format, such as WebM or Ogg"
        )
    elif not medium.format:
        yield Reason("unknown", "format-unstated", "look at the file: its type is not stated")
    if not (medium.title or medium.scientific_name):
        yield Reason("conditional", "title-missing", "a file needs a description: write one")
    if not (medium.creator or medium.rights_holder) and rights.unit not in ("zero", "mark"):
        yield Reason("conditional", "author-missing", "the licence asks for a credit: find out whom to name")
    if medium.withheld:
        yield Reason("conditional", "withheld", f"the source holds something back: {medium.withheld}")


def europeana(medium: Any) -> Iterator[Reason]:
    """Europeana: edm:rights, and the mandatory properties of the Europeana Data Model."""
    yield of_licence(license_of(medium).check("europeana"))
    if not (medium.media_url or medium.landing_page):
        yield Reason("no", "no-address", "edm:isShownBy or edm:isShownAt is mandatory")
    if not (medium.title or medium.scientific_name):
        yield Reason("no", "title-missing", "dc:title or dc:description is mandatory")
    if medium.type not in EUROPEANA:
        told = BY_FORMAT.get((medium.format or "").partition("/")[0])
        advice = f"{medium.format} is {told}: say so" if told else "one of TEXT, IMAGE, SOUND, VIDEO, 3D"
        yield Reason("conditional" if told else "no", "type-missing", f"edm:type is mandatory: {advice}")
    if not (medium.source or medium.rights_holder):
        yield Reason("conditional", "provider-missing", "edm:dataProvider is mandatory: name the institution")
    if not (
        medium.scientific_name or medium.country or medium.event_date or medium.collection or medium.type
    ):
        yield Reason(
            "no", "subject-missing", "one of dc:subject, dc:type, dcterms:spatial and temporal is mandatory"
        )


def gbif(medium: Any) -> Iterator[Reason]:
    """GBIF: the licence of the data set, and what its Simple Multimedia extension shows."""
    found = license_of(medium, record=True).check("gbif")
    yield of_licence(found)._replace(code=f"record: {found.reason}")
    rights = license_of(medium)
    if rights.status != "exact":
        yield Reason(
            "conditional", "media-licence-unclear", "GBIF shows it as it is stated: state it as an address"
        )
    yield from file_of(medium)
    if not medium.scientific_name:
        yield Reason("no", "name-missing", "an occurrence needs a scientific name")
    if not (medium.format or medium.type):
        yield Reason("conditional", "format-unstated", "GBIF shows media only where format or type is given")
    if medium.withheld:
        yield Reason("conditional", "withheld", f"the source holds something back: {medium.withheld}")


def of_licence(found: Any) -> Reason:
    """What the check of a licence says."""
    hints = "; ".join(found.hints)
    advice = hints if found.verdict == "yes" else ": ".join(filter(None, [ADVICE.get(found.reason), hints]))
    return Reason(found.verdict, found.reason, advice)


def file_of(medium: Any) -> Iterator[Reason]:
    """Whether there is a file at all."""
    if not medium.media_url:
        yield Reason("no", "no-file", "there is no address of a file")
    elif not medium.media_url.startswith(("https://", "http://")):
        yield Reason("no", "no-file", f"{medium.media_url[:60]!r} is no address on the web")


def is_specimen(medium: Any) -> bool:
    """Whether it is certain that the medium shows a specimen of a collection, and is no work of art."""
    kept = (medium.collection or "").casefold()
    words = kept.replace("-", " ").split()
    return bool(medium.specimen_id and words) and not any(word.startswith(ART) for word in words)


TARGETS: dict[str, Callable[[Any], Iterator[Reason]]] = {
    "commons": commons,
    "europeana": europeana,
    "gbif": gbif,
}
