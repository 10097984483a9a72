"""Atom feeds on this machine: that of Open Images, with its oddities, and a plain one with further pages."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape, quoteattr

from naturalia.testing._exchange import Reply, Request
from naturalia.testing._items import Generated, generate
from naturalia.testing._loopback import Loopback

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from naturalia.testing.faults._fault import Fault

__all__ = ["Entry", "FeedServer", "atom"]

ATOM = "http://www.w3.org/2005/Atom"
CC = "http://creativecommons.org/licenses"
# Names and addresses of licences. The last is from the seed data of the platform: name and address disagree.
LICENSES = (
    ("Attribution-ShareAlike 3.0 Netherlands", f"{CC}/by-sa/3.0/nl/"),
    ("Public Domain Mark 1.0", "http://creativecommons.org/publicdomain/mark/1.0/"),
    ("Attribution 3.0 Netherlands", f"{CC}/by/3.0/nl/"),
    ("Attribution Share Alike", f"{CC}/by/3.0/"),
)
USERS = (("beeldengeluid", "Polygoon-Profilti"), ("stichting_natuurbeelden", "Stichting Natuurbeelden"))
# The film of an entry as files: type, ending, video codec, size.
FILES = (("video/ogg", "ogv", "theora", 9_000_000), ("video/mp4", "mp4", "h264", 12_000_000))
SOUND = ("audio/mpeg", "mp3", "mp3", 2_400_000)
YEARS = ("1912-01-01T00:00:00Z", "1976-01-01T00:00:00Z", "2009-08-14T10:00:00Z")
WINDOW, RELATED = 25, 10


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry tells.

    Attributes:
        number: its number; the last one of its id, and that of the same item in OAI-PMH.
        title: its title, maybe none.
        summary: what it shows, as escaped HTML.
        user: the name of the account it is from.
        author: whom it is from.
        published: the date of the film, which can be a hundred years ago.
        updated: when it was changed.
        license: name and address of its licence.
        sound: whether it is no film but a recording.
        words: its subjects.
    """

    number: int
    title: str
    summary: str
    user: str
    author: str
    published: str
    updated: str
    license: tuple[str, str]
    sound: bool = False
    words: tuple[str, ...] = ()


def atom(
    entries: int | list[Entry] = 60,
    *,
    style: str = "openimages",
    faults: Iterable[Fault] = (),
    latency: float = 0.0,
    clock: Callable[[], float] = time.time,
    path: str = "/feeds/atom/",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> FeedServer:
    """An Atom feed on this machine, for the length of a `with` block.

        >>> import naturalia as nat
        >>> from urllib.request import urlopen
        >>> with nat.testing.atom(60) as server:
        ...     page = urlopen(server.url + "?search=zilvermeeuw").read()
        >>> nat.read(page).format
        'atom'

    Args:
        entries: how many to make up, the same in every run; or the entries themselves, newest first.
        style: "openimages": the newest 25, or those of `search=`, `user=`, `related=`, and no more;
            "plain": as others write feeds, 25 a page, each with a link to the next (RFC 5005, section 3).
        faults: what goes wrong; see `naturalia.testing.faults`.
        latency: seconds before each reply.
        clock: what the server takes for the time, in seconds since 1970.
        path: of the URL.
        port: of the URL; any free one if 0.
        tls: serves https with this certificate.
    """
    if style not in ("openimages", "plain"):
        message = f"style={style!r}: it is one of openimages, plain"
        raise ValueError(message)
    made = (
        [made_up(generate(entries), number) for number in range(entries)]
        if isinstance(entries, int)
        else entries
    )
    return FeedServer(
        made, style, faults=list(faults), latency=latency, clock=clock, path=path, port=port, tls=tls
    )


def made_up(items: Generated, number: int) -> Entry:
    """One of the entries that are the same in every run; the newest is the first."""
    from naturalia.testing._items import Payloads

    words = Payloads(number + 1, items._dice(number), 1)._words()
    user, author = USERS[number % len(USERS)]
    shown = f"{words['dutch'].capitalize()} op {words['place']}, nr. {number + 1}"
    return Entry(
        number=47540 - number,
        title="" if (number + 1) % 20 == 0 else shown,
        summary=f"<p>{escape(words['abstract'])}</p>",
        user=user,
        author=author,
        published=YEARS[number % len(YEARS)],
        updated=items[len(items) - 1 - number].datestamp,
        license=LICENSES[number % len(LICENSES)],
        sound=(number + 1) % 7 == 0,
        words=(words["dutch"], words["scientific"]),
    )


class Window(Request):
    """A request for a feed; its verb is what is asked for: `search`, `user`, `related`, or `feed` for all."""

    @property
    def verb(self) -> str:
        """What is asked for."""
        return next((name for name in ("search", "user", "related") if self.arguments.get(name)), "feed")

    @property
    def page(self) -> int:
        """The page, from 1."""
        number = self.arguments.get("page", "1")
        return int(number) if number.isdecimal() else 1

    @property
    def listed(self) -> bool:
        """Whether it asks for a page of a list: always."""
        return True


class FeedServer(Loopback):
    """A feed that is being served; made by `atom`.

    Attributes:
        url: its address.
        requests: the log, a `Request` each, in the order of arrival.
        faults: may be changed while it runs.
        entries: the truth, newest first.
    """

    kind = Window

    def __init__(self, entries: list[Entry], style: str, **how: Any) -> None:
        super().__init__(**how)
        self.entries = entries
        self.style = style

    def __repr__(self) -> str:
        return f"<FeedServer {self.url}: {len(self.entries):,} entries, {len(self.requests):,} requests>"

    def answer(self, request: Request, due: list[Fault]) -> Reply:
        """The reply of a fault, or the feed."""
        answers = (fault.on_request(self, request) for fault in due)
        reply = next((found for found in answers if found is not None), None)
        if reply is not None:
            return reply
        path = urlsplit(request.path).path
        if path != self.path:
            return self._file(path)
        write = self._plain if self.style == "plain" else self._openimages
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n{write(request)}\n'
        return Reply(200, {"Content-Type": "application/atom+xml; charset=utf-8"}, text.encode())

    def _file(self, path: str) -> Reply:
        """A file of an entry: a few bytes of its type."""
        ends = {f".{end}": kind for kind, end, *_ in (*FILES, SOUND)} | {".png": "image/png"}
        kind = next((kind for end, kind in ends.items() if path.endswith(end)), None)
        if kind is None or not path.startswith(("/files/", "/images/")):
            return Reply(404, {"Content-Type": "text/plain"}, b"nothing here\n")
        return Reply(200, {"Content-Type": kind}, path.encode())

    def chosen(self, request: Request) -> list[Entry]:
        """The entries that are asked for."""
        asked = request.arguments
        found = self.entries
        if asked.get("search"):
            word = asked["search"].lower()
            found = [e for e in found if word in " ".join((e.title, e.summary, *e.words)).lower()]
        if asked.get("user"):
            found = [e for e in found if e.user == asked["user"]]
        if asked.get("related"):
            of = next((e for e in self.entries if str(e.number) == asked["related"]), None)
            found = [e for e in found if of and e != of and set(e.words) & set(of.words)]
        return found

    def _openimages(self, request: Request) -> str:
        shown = self.chosen(request)[: RELATED if request.verb == "related" else WINDOW]
        query = urlsplit(request.path).query
        address = escape(f"{self.url}?{query}" if query else self.url)
        # The date of the feed is that of its second entry, and missing where there is none.
        updated = f"<updated>{shown[1].updated}</updated>" if len(shown) > 1 else ""
        return (
            f'<feed xmlns="{ATOM}" xmlns:media="http://search.yahoo.com/mrss/"><title>Open Beelden</title>'
            f'<subtitle>Open Images</subtitle><link rel="self" href="{address}"/><link href="{self.host}/"/>'
            f"<id>{address}</id>{updated}"
            "<author><name>Open Beelden</name><uri>https://openbeelden.example/</uri>"
            "<email>info@openbeelden.example</email></author>"
            "<rights>Creative Commons Attribution 3.0</rights><generator version='1.9.2'>MMBase</generator>"
            f"<icon>{self.host}/favicon.ico</icon><logo>{self.host}/logo.png</logo>"
            f"{''.join(map(self._film, shown))}</feed>"
        )

    def _film(self, entry: Entry) -> str:
        name, address = entry.license
        kind = "audio" if entry.sound else "video"
        files = "".join(self._enclosure(entry, *file) for file in ((SOUND,) if entry.sound else FILES))
        return (
            f"<entry><title>{escape(entry.title) or 'no title'}</title>"
            f'<link rel="alternate" type="text/html" href="{self.host}/media/{entry.number}"/>'
            f"<id>{self.host}/mmbase/nr/{kind}fragments/{entry.number}</id>"
            f"<updated>{entry.updated}</updated><published>{entry.published}</published>"
            f"<author><name>{escape(entry.author)}</name><uri>{self.host}/users/{entry.user}</uri></author>"
            f'<summary type="html">{escape(entry.summary)}</summary>'
            f'<content type="html">{escape(entry.summary)}</content>'
            f"<media:thumbnail url={quoteattr(f'{self.host}/images/{entry.number}/preview.png')}/>{files}"
            f'<rights>{escape(name)}</rights><link rel="license" type="text/html" href="{address}"/></entry>'
        )

    def _enclosure(self, entry: Entry, kind: str, end: str, codec: str, size: int) -> str:
        place = f"{self.host}/files/{entry.number // 100}/{entry.number}.{quote(entry.user)}.{end}"
        told: dict[str, object] = {"size": size, "duration": 33_000 + entry.number % 60 * 1000}
        if entry.sound:
            # The platform gives the size of a sound for its duration.
            told |= {"duration": size, "audio_codec": codec, "channels": 2}
        else:
            told |= {
                "video_codec": codec,
                "framerate": 25,
                "video_bitrate": 800_000,
                "width": 640,
                "height": 480,
            }
        members = "".join(f"<{name}>{value}</{name}>" for name, value in told.items())
        return (
            f'<link rel="enclosure" type="{kind}" href="{place}" length="{size}"/>'
            f'<format xmlns="http://xmlns.transmission.cc/">{members}</format>'
        )

    def _plain(self, request: Request) -> str:
        found = self.chosen(request)
        start = (request.page - 1) * WINDOW
        links = f'<a:link rel="self" href="{self.url}?page={request.page}"/>'
        if start + WINDOW < len(found):
            links += f'<a:link rel="next" href="?page={request.page + 1}"/>'
        return (
            f'<a:feed xmlns:a="{ATOM}" xml:lang="en"><a:title>Museum news</a:title>'
            "<a:id>tag:museum.example,2026:news</a:id><a:updated>2026-06-01T00:00:00Z</a:updated>"
            "<a:author><a:name>The museum</a:name></a:author><a:rights>CC0 1.0</a:rights>"
            f"{links}{''.join(map(self._post, found[start : start + WINDOW]))}</a:feed>"
        )

    def _post(self, entry: Entry) -> str:
        subject = quoteattr(entry.words[0] if entry.words else "none")
        return (
            f"<a:entry><a:id>tag:museum.example,2026:{entry.number}</a:id>"
            f'<a:title type="text">{escape(entry.title)}</a:title>'
            f'<a:link href="{self.host}/posts/{entry.number}"/><a:updated>{entry.updated}</a:updated>'
            f'<a:category term={subject}/><a:content type="html">{escape(entry.summary)}</a:content>'
            f'<a:link rel="enclosure" type="image/png" href="{self.host}/images/{entry.number}.png"/>'
            "</a:entry>"
        )
