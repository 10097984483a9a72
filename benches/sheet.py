"""Makes docs/pictures/sheet.png, the picture of the README: its contact sheet, as Chromium shows it.

    .venv/bin/python benches/sheet.py

Needs Chromium (Debian: `apt-get install chromium fonts-dejavu`) and Pillow. Run it again when a contact sheet
or the samples change.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import naturalia as nat
from PIL import Image, ImageChops

WIDTH, HEIGHT = 1000, 900
COLOURS = 256
PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "sheet.png"
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
]


def main() -> None:
    """Writes the picture beside this file."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.exit("no Chromium on the PATH: apt-get install chromium fonts-dejavu")
    media = nat.concat([nat.samples.nba(), nat.samples.nhm(), nat.samples.openimages()])
    with TemporaryDirectory() as folder:
        page, picture = Path(folder, "sheet.html"), Path(folder, "sheet.png")
        nat.gallery(media, n=15, images=nat.samples.pictures(media, folder)).write(page)
        subprocess.run(
            [
                browser,
                *OPTIONS,
                f"--user-data-dir={folder}/profile",
                f"--window-size={WIDTH},{HEIGHT}",
                f"--screenshot={picture}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        with Image.open(picture) as opened:
            shown = opened.convert("RGB")
        empty = Image.new("RGB", shown.size, "white")
        _, _, _, bottom = ImageChops.difference(shown, empty).getbbox()
        shown = shown.crop((0, 0, shown.width, min(bottom + 16, shown.height)))
        shown.quantize(COLOURS).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
