"""Writes corpora to measure on: the same bytes for the same size, on every machine.

    python benches/corpus.py FOLDER --size 10M

makes FOLDER/<kind>/00000.xml … (pages of 100 records) and FOLDER/<kind>.xml, the same records as one
file. Kinds: `plain` oai_dc (2.45 kB, 16 values, 4.4 entities a record), `dense` oai_dc (47 entities a
record, as providers have that escape HTML twice), `oi` (Open Images), `real` (recorded pages, repeated,
where NATURALIA_CORPUS names them).
"""

import argparse
import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

PAGE = 100
KINDS = ("plain", "dense", "oi", "real")
WORDS = re.findall(
    r"\w+",
    """
    balg vitrine herbarium collectie strand duin meeuw vleugel snavel preparaat etiket verzameld vondst
    eiland schets aquarel negatief opname film journaal specimen catalogue drawer skin shell fossil plate
    label locality collector described type series survey plumage nest clutch migration breeding colony
    naturaliën geïllustreerd België Ærø Öland façade préparé Réunion Ångström über Müller coördinaten
    """,
)
NAMES = ("Vis, A.", "Meer, J. van der", "Brongersma, L.", "Hooft, C.", "O&apos;Dell, M.", "Müller &amp; Zn.")
LICENSES = (
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "https://creativecommons.org/licenses/by/4.0/",
    "https://creativecommons.org/licenses/by-sa/3.0/nl/",
)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    "<responseDate>2024-05-01T09:30:00Z</responseDate>\n"
    '<request verb="ListRecords" metadataPrefix="{prefix}">https://oai.museum.example/oai</request>\n'
    "<ListRecords>\n"
)
TOKEN = '<resumptionToken completeListSize="{total}" cursor="{cursor}">{token}</resumptionToken>\n'
TAIL = "</ListRecords>\n</OAI-PMH>\n"
OAI_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xsi:schemaLocation="'
    'http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">\n'
)
OAI_OI = (
    '<oai_oi:oi xmlns:oai_oi="http://www.openbeelden.nl/feeds/oai/" '
    'xmlns:oi="http://www.openbeelden.nl/oai/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms">\n'
)
ABOUT = (
    '<about><provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance"><originDescription '
    'harvestDate="2023-01-01T00:00:00Z" altered="false"><baseURL>https://origin.example/oai</baseURL>'
    "<identifier>oai:origin.example:{n}</identifier><datestamp>2022-11-01</datestamp></originDescription>"
    "</provenance></about>\n"
)


class Prose:
    """Sentences drawn from a pool made once, so that a gigabyte takes seconds."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pool = [
            " ".join(chance.choice(WORDS) for _ in range(chance.randint(4, 18))).capitalize() + "."
            for _ in range(4000)
        ]

    def words(self, count: int) -> str:
        return " ".join(self.chance.choices(WORDS, k=count)).capitalize()

    def length(self) -> int:
        """Characters of a description: most are short, few are very long."""
        return min(int(80 + self.chance.lognormvariate(6.1, 1.18)), 12_300)

    def text(self, length: int) -> str:
        parts, have = [], 0
        while have < length:
            parts.append(self.chance.choice(self.pool))
            have += len(parts[-1]) + 1
        return " ".join(parts)[:length].strip()


def head(number: int, deleted: bool) -> str:
    day = f"20{10 + number % 14:02}-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:00:00Z"
    status = ' status="deleted"' if deleted else ""
    return (
        f"<header{status}>\n<identifier>oai:museum.example:{number:08}</identifier>\n"
        f"<datestamp>{day}</datestamp>\n<setSpec>collectie:{number % 40}</setSpec>\n</header>\n"
    )


def element(name: str, text: str, attributes: str = "") -> str:
    return f"        <{name}{attributes}>{text}</{name}>\n"


def plain(prose: Prose, number: int) -> str:
    """Dublin Core as most providers send it."""
    chance = prose.chance
    title = prose.words(chance.randint(6, 14))
    lines = [
        element("dc:title", title, ' xml:lang="nl"' if chance.random() < 0.1 else ""),
        *(element("dc:creator", chance.choice(NAMES)) for _ in range(chance.randint(1, 3))),
        *(element("dc:subject", prose.words(chance.randint(2, 5))) for _ in range(chance.randint(2, 5))),
        element("dc:description", ampersands(prose, prose.text(prose.length()), 2)),
        element("dc:publisher", "Kabinet van Naturaliën &amp; Kunst"),
        element("dc:date", f"{chance.randint(1820, 2023)}-{chance.randint(1, 12):02}"),
        element("dc:type", chance.choice(("PhysicalObject", "StillImage", "MovingImage"))),
        element("dc:format", "image/jpeg"),
        element("dc:identifier", f"https://museum.example/object/{number:08}"),
        element("dc:identifier", f"https://museum.example/view?id={number}&amp;size=full"),
        element("dc:language", "nl"),
        element("dc:relation", f"https://museum.example/media/{number:08}.jpg"),
        element("dc:rights", chance.choice(LICENSES)),
    ]
    if chance.random() < 0.05:
        lines.append(element("dc:source", f"<![CDATA[Lade <{number % 900}> & doos]]>"))
    if chance.random() < 0.4:
        lines.append(element("dc:coverage", prose.words(2)))
    return OAI_DC + "".join(lines) + "</oai_dc:dc>\n"


def dense(prose: Prose, number: int) -> str:
    """Dublin Core whose descriptions are HTML, escaped twice."""
    text = prose.text(prose.length())
    step = len(text) // 9 + 1
    parts = [text[i : i + step] for i in range(0, len(text), step)]
    html = "".join(f"&lt;p&gt;{part.strip()}&amp;nbsp;&lt;/p&gt;" for part in parts)
    wanted = "<dc:description>" + html + "</dc:description>\n"
    record = plain(prose, number)
    start, end = record.index("<dc:description>"), record.index("</dc:description>\n")
    return record[:start] + wanted + record[end + len("</dc:description>\n") :]


def ampersands(prose: Prose, text: str, count: int) -> str:
    """The text with `count` of its blanks turned into an escaped ampersand."""
    parts = text.split(" ")
    for _ in range(count):
        at = prose.chance.randrange(len(parts))
        parts[at] += prose.chance.choice((" &amp;", "&quot;", "&#233;"))
    return " ".join(parts)


def oi(prose: Prose, number: int) -> str:
    """Open Images: translations, media files with their format, a licence."""
    chance, base = prose.chance, f"https://media.museum.example/files/{number % 100:02}/{number}"
    lang = ' xml:lang="nl"'
    lines = [
        element("oi:title", prose.words(6), lang),
        element("oi:title", prose.words(6), ' xml:lang="en"'),
        element("oi:creator", "Kabinet van Naturaliën", lang),
        *(element("oi:subject", prose.words(2), lang) for _ in range(chance.randint(2, 4))),
        element("oi:description", prose.text(640), lang),
        element("oi:abstract", ampersands(prose, prose.text(560), 1), lang),
        element("oi:publisher", "Kabinet", lang),
        element("oi:publisher", "https://media.museum.example/users/kabinet"),
        element("oi:contributor", f"{chance.choice(NAMES)} (camera)"),
        element("oi:date", f"{chance.randint(1912, 1990)}-01-01"),
        element("oi:type", "Moving Image"),
        element("oi:extent", f"PT{chance.randint(0, 9)}M{chance.randint(0, 59)}S"),
        *(
            element("oi:medium", f"{base}.{suffix}", f' format="{label}"')
            for suffix, label in (("mpeg", "source"), ("mp4", "hd"), ("ogv", "sd"), ("m3u8", "playlist-sd"))
        ),
        element("oi:identifier", f"{number % 90000}", lang),
        element("oi:source", f"BG_{number % 9999}", lang),
        element("oi:language", "nl"),
        element("oi:mediator", "Wikimedia Commons", lang),
        element("oi:spatial", prose.words(1), lang),
        element("oi:attributionName", "Kabinet (producent) / Vis &amp; Zn. (beheerder)", lang),
        element("oi:attributionURL", f"https://media.museum.example/media/{number}"),
        element("oi:license", chance.choice(LICENSES)),
    ]
    return OAI_OI + "".join(lines) + "</oai_oi:oi>\n"


def records(make: Callable[[Prose, int], str], seed: str) -> Iterator[str]:
    """Records without end: 3 % deleted, 5 % with an about container."""
    chance = random.Random(seed)
    prose = Prose(chance)
    number = 0
    while True:
        deleted = chance.random() < 0.03
        metadata = "" if deleted else f"<metadata>\n{make(prose, number)}</metadata>\n"
        about = ABOUT.format(n=number) if chance.random() < 0.05 and not deleted else ""
        yield f"<record>\n{head(number, deleted)}{metadata}{about}</record>\n"
        number += 1


def generate(kind: str, folder: Path, size: int) -> None:
    """Writes the pages and the one big file of a generated kind."""
    prefix, make = {"plain": ("oai_dc", plain), "dense": ("oai_dc", dense), "oi": ("oai_oi", oi)}[kind]
    source, written, number = records(make, kind), 0, 0
    start = HEAD.format(prefix=prefix)
    (folder / kind).mkdir(parents=True)
    with open(folder / f"{kind}.xml", "w", encoding="utf-8", newline="") as whole:
        whole.write(start)
        while written < size:
            body = "".join(next(source) for _ in range(PAGE))
            last = written + len(body.encode()) >= size
            token = TOKEN.format(total=10**7, cursor=number * PAGE, token="" if last else f"t{number}")
            text = start + body + token + TAIL
            (folder / kind / f"{number:05}.xml").write_text(text, encoding="utf-8", newline="")
            whole.write(body)
            written += len(text.encode())
            number += 1
        whole.write(TAIL)


def repeat(folder: Path, size: int) -> bool:
    """Writes the recorded oai_dc pages that every tool reads alike, over and over."""
    root = os.environ.get("NATURALIA_CORPUS")
    if not root:
        return False
    from peers import agreed

    pages = [p for p in sorted(Path(root, "oai", "responses").glob("**/*.xml")) if agreed(p.read_bytes())]
    (folder / "real").mkdir(parents=True)
    written = number = 0
    while written < size:
        page = pages[number % len(pages)]
        shutil.copyfile(page, folder / "real" / f"{number:05}.xml")
        written += page.stat().st_size
        number += 1
    return True


def make(folder: Path, size: int, kinds: tuple[str, ...] = KINDS) -> list[str]:
    """Makes what is missing in `folder`; returns the kinds there are."""
    there = []
    for kind in kinds:
        done = folder / f"{kind}.done"
        if not done.exists():
            shutil.rmtree(folder / kind, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
            if kind == "real":
                if not repeat(folder, size):
                    continue
            else:
                generate(kind, folder, size)
            done.touch()
        there.append(kind)
    return there


def bytes_of(size: str) -> int:
    """`10M` as a number of bytes."""
    units = {"k": 1e3, "M": 1e6, "G": 1e9}
    return int(float(size[:-1]) * units[size[-1]]) if size[-1] in units else int(size)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=bytes_of, default=bytes_of("10M"))
    arguments = parser.parse_args()
    print(*make(arguments.folder, arguments.size))
