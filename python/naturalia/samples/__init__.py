"""Small files to try things on, and the tables they hold. We wrote them in the layout of the sources.

>>> import naturalia as nat
>>> nat.samples.nba()
<Table nba: 8 records, 40 columns>
>>> nat.samples.NAMES[0]
'identify.xml'

Titles, people, numbers and places are invented. All addresses are in `.example`, which leads nowhere
(RFC 2606), so a sample is never mistaken for a record of a museum.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from naturalia._table.table import Table

__all__ = ["NAMES", "naturalis", "nba", "nhm", "openimages", "path", "pictures"]

FOLDER = os.path.dirname(__file__)
NAMES = sorted(name for name in os.listdir(FOLDER) if name.endswith((".xml", ".json", ".jsonl")))


def path(name: str) -> str:
    """The path of a sample; of the folder they are in for "".

    >>> import naturalia as nat
    >>> nat.read(nat.samples.path("identify.xml"))["repositoryName"]
    ['Open Images Platform (sample)']

    Raises:
        ValueError: no sample has that name; `NAMES` lists them.
    """
    if name and name not in NAMES:
        from naturalia._arguments.spelling import closest

        message = f"no sample {name!r}{closest(name, NAMES)}"
        raise ValueError(message)
    return os.path.join(FOLDER, name)


def openimages() -> Table:
    """Six films, sounds and photographs as Open Images publishes them: format `oai_oi`, in Dutch and English.

    >>> import naturalia as nat
    >>> nat.samples.openimages()[0].title
    ['Vlucht van een buizerd', 'A buzzard in flight']
    """
    return table("openimages_oai_oi.xml")


def naturalis() -> Table:
    """Five records of Naturalis in Dublin Core: format `oai_dc`.

    >>> import naturalia as nat
    >>> nat.samples.naturalis()["rights"][2]
    ['CC0']
    """
    return table("naturalis_oai_dc.xml")


def nba() -> Table:
    """Eight multimedia documents of the Netherlands Biodiversity API: format `nba`.

    Their licences are those that need care: exact, without a version, non-commercial, none, and a
    "CC0 4.0", which does not exist.

    >>> import naturalia as nat
    >>> nat.samples.nba()[0].title
    'Burgundy snail, shell from the front'
    """
    return table("nba_multimedia.json")


def nhm() -> Table:
    """Six media of the data portal of the Natural History Museum, London: format `media`, a row a file.

    >>> import naturalia as nat
    >>> nat.samples.nhm()["license_code"][:3]
    ['cc-by-4.0', 'cc-by-4.0', 'cc0-1.0']
    """
    return table("nhm_media.jsonl", "media")


def table(name: str, format: str | None = None) -> Table:
    """The table that a sample holds."""
    from naturalia._files.read import read

    return read(path(name), format=format)


def pictures(media: Any, folder: str | os.PathLike[str], /, *, side: int = 600) -> dict[str, str]:
    """Draws the pictures of sample media as PNG files, and returns their paths by `media_id`.

        >>> import naturalia as nat
        >>> images = nat.samples.pictures(nat.samples.nhm(), "img", side=200)
        >>> images["ae000001-5a1e-4d0c-9b7e-000000000001"]
        'img/snail-24.png'
        >>> nat.gallery(nat.samples.nhm(), images=images)
        <Gallery: 6 of 6 media>

    The addresses of the samples lead nowhere, so their pictures can't be fetched. These are drawings by this
    package, in CC0; a drawing takes about 0.1 s. Media of no sample are left out.

    Args:
        media: tables of the samples, or of `concat`.
        folder: where the files are written; created if it does not exist.
        side: width and height in pixels.

    Raises:
        ValueError: `side` is not between 16 and 4,096.
    """
    from naturalia._media.media import Media
    from naturalia.samples._drawings import draw

    smallest, largest = 16, 4096
    if not smallest <= side <= largest:
        message = f"side={side}: a picture has {smallest} to {largest:,} pixels a side"
        raise ValueError(message)
    with open(os.path.join(FOLDER, "pictures.tsv"), encoding="utf-8") as file:
        motifs = dict(line.rstrip("\n").split("\t") for line in file)
    os.makedirs(folder, exist_ok=True)
    paths = {}
    for medium in Media(media).rows():
        motif = motifs.get(medium.media_id or "")
        if motif is None:
            continue
        name, _, number = motif.partition("-")
        file_path = os.path.join(os.fspath(folder), f"{motif}.png")
        with open(file_path, "wb") as picture:
            picture.write(draw(name, int(number), side))
        paths[medium.media_id] = file_path
    return paths
