"""Drawings of shells, birds, insects and plants: the pictures of the samples."""

from __future__ import annotations

from math import cos, exp, pi, sin
from random import Random
from typing import TYPE_CHECKING

from naturalia.samples._canvas import Canvas, Colour, Point, ellipse, outline, stroke

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MOTIFS", "draw"]

INK: Colour = (52, 44, 40)
WHITE: Colour = (250, 248, 242)
PAPERS: tuple[tuple[Colour, Colour], ...] = (
    ((247, 242, 231), (232, 222, 203)),
    ((238, 242, 240), (214, 224, 222)),
    ((244, 238, 240), (226, 216, 222)),
    ((240, 240, 230), (222, 222, 200)),
)
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((150, 196, 226), (236, 240, 232)),
    ((244, 196, 150), (250, 236, 214)),
    ((126, 164, 204), (222, 232, 240)),
)


def draw(motif: str, number: int, side: int = 600) -> bytes:
    """A drawing as PNG: the same bytes for the same motif, number and side."""
    chance = Random(f"{motif} {number}")  # noqa: S311 - not used for security
    top, bottom = chance.choice(SKIES if motif in LANDSCAPES else PAPERS)
    canvas = Canvas(side, top, bottom)
    MOTIFS[motif](canvas, chance)
    if motif not in LANDSCAPES:
        scale_bar(canvas)
    return canvas.png()


def lighter(colour: Colour, share: float) -> Colour:
    """The colour mixed with white; with ink where the share is negative."""
    other, part = (WHITE, share) if share > 0 else (INK, -share)
    red, green, blue = (round(one + (two - one) * part) for one, two in zip(colour, other, strict=True))
    return red, green, blue


def scale_bar(canvas: Canvas) -> None:
    """A scale bar below the object, as photographs of specimens have."""
    for number in range(5):
        left = 0.36 + 0.056 * number
        box = [(left, 0.93), (left + 0.056, 0.93), (left + 0.056, 0.945), (left, 0.945)]
        canvas.fill(box, INK if number % 2 == 0 else WHITE)


def shadow(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A soft shadow."""
    for step in range(5):
        canvas.fill(ellipse(x, y, width * (1 - 0.06 * step), height * (1 - 0.12 * step)), INK, 0.05)


def snail(canvas: Canvas, chance: Random) -> None:
    """The shell of a land snail, seen from above."""
    base = chance.choice(((206, 158, 100), (222, 196, 130), (186, 130, 96), (214, 178, 150)))
    band = lighter(base, -0.55)
    turns, growth = 4.2, 0.145
    spin = chance.uniform(0, 2 * pi)
    largest = exp(growth * 2 * pi * turns)
    center_x, center_y, size = 0.5 - 0.06 * cos(spin), 0.47 - 0.06 * sin(spin), 0.37

    def place(angle: float, share: float) -> Point:
        distance = size * exp(growth * angle) / largest
        distance *= 1 - (1 - exp(-2 * pi * growth)) * share
        turned = angle + spin
        return center_x + distance * cos(turned) * 1.08, center_y + distance * sin(turned)

    end = 2 * pi * turns
    shadow(canvas, 0.52, 0.49, 0.32, 0.31)
    rim = [place(end - 2 * pi + 2 * pi * step / 90, 0) for step in range(91)]
    canvas.fill(rim, base)
    angles = [end * step / 260 for step in range(20, 261)]
    for share, width, colour, opacity in (
        (0.82, 0.30, lighter(base, -0.4), 0.35),
        (0.30, 0.34, lighter(base, 0.6), 0.4),
        (0.5, chance.uniform(0.10, 0.22), band, 0.75),
        (0.72, chance.uniform(0.03, 0.1), band, 0.6),
    ):
        outer = [place(angle, share - width / 2) for angle in angles]
        inner = [place(angle, share + width / 2) for angle in reversed(angles)]
        canvas.fill([*outer, *inner], colour, opacity)
    for step in range(70):
        angle = end - 2 * pi * 2.2 * step / 70
        rib = [place(angle + 0.1 * part, part / 4) for part in range(5)]
        canvas.fill(stroke(rib, 0.004, 0.002), lighter(base, -0.5), 0.35)
    canvas.fill(stroke([place(angle, 0) for angle in angles], 0.002, 0.007), lighter(base, -0.7), 0.9)
    lip = [place(end + 0.02, part / 6) for part in range(7)]
    canvas.fill(stroke(lip, 0.022), lighter(base, 0.7))
    x, y = place(end - 2.2, 0.35)
    canvas.fill(ellipse(x, y, 0.035, 0.02, spin), WHITE, 0.35)


def scallop(canvas: Canvas, chance: Random) -> None:
    """A valve of a scallop."""
    base = chance.choice(((214, 120, 96), (224, 158, 110), (176, 104, 128), (206, 140, 120)))
    ribs = chance.choice((11, 13, 15))
    hinge_x, hinge_y, radius = 0.5, 0.74, 0.46
    shadow(canvas, 0.51, 0.53, 0.4, 0.27)
    ears = [(0.34, 0.7), (0.66, 0.7), (0.63, 0.79), (0.37, 0.79)]
    canvas.fill(ears, lighter(base, -0.15))
    for x in (0.37, 0.41, 0.59, 0.63):
        canvas.fill(stroke([(x, 0.705), (x, 0.785)], 0.006), lighter(base, -0.5), 0.6)

    def place(share: float, distance: float) -> Point:
        angle = pi * (1.12 - 1.24 * share) * 0.78 + pi * 0.11
        bulge = 1 - 0.24 * (2 * share - 1) ** 2
        return hinge_x + radius * distance * bulge * cos(
            angle
        ) * 1.05, hinge_y - radius * distance * bulge * sin(angle)

    for number in range(ribs):
        start, middle, end = number / ribs, (number + 0.5) / ribs, (number + 1) / ribs
        edge = [
            place(start + (end - start) * step / 6, 0.97 + 0.04 * sin(pi * step / 6)) for step in range(7)
        ]
        canvas.fill([place(0.5, 0.0), *edge], base)
        canvas.fill(
            [place(0.5, 0.0), place(start, 0.97), place(start + (middle - start) * 0.45, 0.985)], INK, 0.3
        )
        canvas.fill([place(0.5, 0.0), place(middle, 1.0), place(middle + 0.3 / ribs, 1.0)], WHITE, 0.45)
    for distance in (0.28, 0.42, 0.55, 0.68, 0.79, 0.9):
        growth = [place(step / 40, distance) for step in range(41)]
        canvas.fill(stroke(growth, chance.uniform(0.005, 0.02)), lighter(base, -0.6), 0.3)
    canvas.fill(ellipse(0.5, 0.73, 0.035, 0.028), lighter(base, 0.3))


def leaf(canvas: Canvas, chance: Random) -> None:
    """A leaf with its veins."""
    base = chance.choice(((92, 132, 72), (128, 142, 66), (176, 120, 58), (86, 120, 92)))
    lean = chance.uniform(-0.08, 0.08)
    teeth = chance.choice((0.0, 0.012))

    def place(along: float, across: float) -> Point:
        return 0.5 + across + lean * sin(pi * along), 0.8 - 0.68 * along

    def width(along: float) -> float:
        return 0.27 * float(sin(pi * along**0.82) ** 0.9) * (1.08 - 0.35 * along)

    steps = [step / 56 for step in range(57)]
    notch = [teeth * (number % 4 - 1.5) for number in range(57)]
    right = [place(at, max(width(at) + cut, 0)) for at, cut in zip(steps, notch, strict=True)]
    left = [place(at, -max(width(at) + cut, 0)) for at, cut in zip(steps, notch, strict=True)]
    shadow(canvas, 0.52, 0.5, 0.24, 0.34)
    canvas.fill([*right, *reversed(left)], base)
    middle = [place(at, 0) for at in steps]
    canvas.fill([*middle, *reversed(left)], INK, 0.12)
    for number in range(9):
        start = 0.05 + 0.095 * number
        for way in (-1, 1):
            reach = min(start + 0.16, 0.97)
            vein = [
                place(start + (reach - start) * part / 6, way * width(reach) * 0.93 * (part / 6) ** 0.9)
                for part in range(7)
            ]
            canvas.fill(stroke(vein, 0.007, 0.002), lighter(base, 0.45), 0.8)
            canvas.fill([*vein, place(start + 0.04, 0)], WHITE, 0.08)
    stalk = [(0.5 - 0.03, 0.9), place(0, 0), *middle]
    canvas.fill(stroke(outline(stalk[::4], closed=False), 0.016, 0.003), lighter(base, 0.5))


def butterfly(canvas: Canvas, chance: Random) -> None:
    """A butterfly with its wings spread."""
    base = chance.choice(((236, 206, 108), (222, 128, 62), (108, 150, 196), (240, 236, 220)))
    dark = lighter(base, -0.85)
    shadow(canvas, 0.5, 0.5, 0.36, 0.24)

    def both(points: list[Point], colour: Colour, opacity: float = 1.0) -> None:
        canvas.fill(points, colour, opacity)
        canvas.fill([(1 - x, y) for x, y in points], colour, opacity)

    def smaller(points: list[Point], share: float) -> list[Point]:
        return [(0.52 + (x - 0.52) * share, 0.46 + (y - 0.46) * share) for x, y in points]

    upper = outline([(0.51, 0.4), (0.66, 0.22), (0.9, 0.15), (0.88, 0.34), (0.76, 0.5), (0.52, 0.5)])
    lower = outline(
        [(0.51, 0.46), (0.72, 0.47), (0.82, 0.6), (0.77, 0.72), (0.68, 0.73), (0.58, 0.68), (0.51, 0.55)]
    )
    for wing in (lower, upper):
        both(wing, dark)
        both(smaller(wing, 0.9), base)
    for end in ((0.87, 0.19), (0.87, 0.26), (0.83, 0.37), (0.77, 0.45)):
        both(stroke([(0.53, 0.43), end], 0.005, 0.009), dark, 0.85)
    for end in ((0.79, 0.58), (0.75, 0.68), (0.66, 0.7)):
        both(stroke([(0.53, 0.5), end], 0.005, 0.009), dark, 0.85)
    for number in range(5):
        both(ellipse(0.855 - 0.02 * number, 0.215 + 0.06 * number, 0.014, 0.017), WHITE, 0.9)
    spot = chance.choice(((196, 70, 50), (60, 90, 150), (230, 160, 60)))
    both(ellipse(0.72, 0.64, 0.034, 0.034), dark)
    both(ellipse(0.72, 0.64, 0.021, 0.021), spot)
    both(ellipse(0.7, 0.31, 0.028, 0.042, 0.8), dark, 0.9)
    canvas.fill(ellipse(0.5, 0.5, 0.022, 0.15), INK)
    canvas.fill(ellipse(0.5, 0.36, 0.026, 0.026), INK)
    for number in range(6):
        canvas.fill(ellipse(0.5, 0.48 + 0.026 * number, 0.017, 0.004), base, 0.7)
    for way in (-1, 1):
        feeler = outline([(0.5, 0.35), (0.5 + way * 0.03, 0.26), (0.5 + way * 0.08, 0.2)], closed=False)
        canvas.fill(stroke(feeler, 0.006, 0.004), INK)
        canvas.fill(ellipse(0.5 + way * 0.083, 0.197, 0.01, 0.007), INK)


def beetle(canvas: Canvas, chance: Random) -> None:
    """A beetle, seen from above."""
    base = chance.choice(((94, 52, 40), (46, 92, 84), (62, 72, 120), (120, 60, 50)))
    shadow(canvas, 0.52, 0.54, 0.2, 0.31)
    for way in (-1, 1):
        for hip, knee, foot in (
            ((0.12, 0.36), (0.27, 0.29), (0.33, 0.17)),
            ((0.15, 0.5), (0.31, 0.5), (0.37, 0.6)),
            ((0.13, 0.62), (0.27, 0.7), (0.31, 0.85)),
        ):
            leg = [(0.5 + way * x, y) for x, y in (hip, knee, foot)]
            canvas.fill(stroke(leg[:2], 0.026, 0.018), INK)
            canvas.fill(stroke(leg[1:], 0.016, 0.007), INK)
        jaw = outline(
            [(0.5 + way * 0.05, 0.2), (0.5 + way * 0.13, 0.13), (0.5 + way * 0.045, 0.06)], closed=False
        )
        canvas.fill(stroke(jaw, 0.03, 0.008), lighter(base, -0.35))
    canvas.fill(ellipse(0.5, 0.24, 0.09, 0.065), lighter(base, -0.5))
    canvas.fill(ellipse(0.5, 0.345, 0.145, 0.075), lighter(base, -0.3))
    canvas.fill(ellipse(0.5, 0.33, 0.11, 0.035), WHITE, 0.12)
    body = outline(
        [
            (0.5, 0.39),
            (0.64, 0.41),
            (0.68, 0.55),
            (0.64, 0.75),
            (0.5, 0.86),
            (0.36, 0.75),
            (0.32, 0.55),
            (0.36, 0.41),
        ]
    )
    canvas.fill(body, base)
    for share, opacity in ((0.86, 0.08), (0.66, 0.1), (0.44, 0.12)):
        canvas.fill([(0.47 + (x - 0.5) * share, 0.57 + (y - 0.6) * share) for x, y in body], WHITE, opacity)
    for number in range(1, 5):
        for way in (-1, 1):
            groove = outline(
                [
                    (0.5 + way * 0.03 * number, 0.42),
                    (0.5 + way * 0.037 * number, 0.6),
                    (0.5 + way * 0.024 * number, 0.8),
                ],
                closed=False,
            )
            canvas.fill(stroke(groove, 0.004), INK, 0.45)
    canvas.fill(stroke([(0.5, 0.4), (0.5, 0.86)], 0.008), INK)
    canvas.fill([(0.475, 0.4), (0.525, 0.4), (0.5, 0.45)], INK)


def flower(canvas: Canvas, chance: Random) -> None:
    """A flowering plant, as it lies on a herbarium sheet."""
    petal = chance.choice(((196, 84, 150), (150, 96, 186), (214, 110, 120), (226, 178, 70)))
    green = (96, 128, 78)
    stem = outline([(0.46, 0.88), (0.48, 0.6), (0.51, 0.35), (0.52, 0.1)], closed=False)
    canvas.fill(stroke(stem, 0.016, 0.005), lighter(green, -0.2))
    for number in range(7):
        way = 1 if number % 2 else -1
        y = 0.82 - 0.045 * number
        start = 0.465 + 0.006 * number
        blade = outline(
            [
                (start, y),
                (start + way * 0.12, y - 0.075),
                (start + way * 0.23, y - 0.11),
                (start + way * 0.1, y - 0.03),
            ]
        )
        canvas.fill(blade, lighter(green, chance.uniform(-0.2, 0.2)))
        canvas.fill(
            stroke([(start, y), (start + way * 0.2, y - 0.1)], 0.005, 0.002), lighter(green, 0.5), 0.8
        )
    for number in range(13):
        share = number / 12
        way = 1 if number % 2 else -1
        y = 0.5 - 0.38 * share
        reach = (0.13 - 0.1 * share) * way
        x = 0.495 + 0.025 * share
        canvas.fill(stroke([(x, y + 0.02), (x + reach, y)], 0.006), lighter(petal, -0.4))
        size = 0.05 - 0.034 * share
        turn = chance.uniform(0, pi)
        for part in range(4):
            angle = turn + pi / 2 * part
            canvas.fill(
                ellipse(
                    x + reach + size * cos(angle) * 0.8, y + size * sin(angle) * 0.8, size, size * 0.62, angle
                ),
                lighter(petal, 0.12 * (part % 2)),
            )
        canvas.fill(ellipse(x + reach, y, size * 0.34, size * 0.34), WHITE, 0.9)
    for left, top in ((0.42, 0.7), (0.45, 0.56)):
        canvas.fill(
            [(left, top), (left + 0.1, top - 0.012), (left + 0.1, top + 0.01), (left, top + 0.022)],
            WHITE,
            0.85,
        )


def songbird(canvas: Canvas, chance: Random) -> None:
    """A bird on a branch."""
    back, breast = chance.choice(
        (((36, 120, 160), (222, 130, 60)), ((120, 104, 86), (206, 110, 70)), ((92, 112, 76), (232, 206, 96)))
    )
    branch = outline([(0.02, 0.74), (0.3, 0.7), (0.62, 0.73), (0.98, 0.66)], closed=False)
    canvas.fill(stroke(branch, 0.05, 0.022), (110, 88, 70))
    canvas.fill(stroke([(x, y - 0.012) for x, y in branch], 0.01, 0.004), WHITE, 0.2)
    for x, y, turn in ((0.16, 0.66, -0.9), (0.82, 0.62, -0.5), (0.88, 0.74, 0.7)):
        canvas.fill(ellipse(x, y, 0.07, 0.026, turn), (104, 134, 84))
    tail = [(0.36, 0.56), (0.2, 0.8), (0.26, 0.84), (0.45, 0.64)]
    canvas.fill(tail, lighter(back, -0.3))
    body = outline(
        [(0.36, 0.58), (0.42, 0.38), (0.56, 0.27), (0.68, 0.34), (0.67, 0.5), (0.58, 0.66), (0.44, 0.68)]
    )
    canvas.fill(body, breast)
    canvas.fill(
        outline([(0.37, 0.6), (0.42, 0.39), (0.55, 0.28), (0.6, 0.4), (0.52, 0.56), (0.41, 0.64)]), back
    )
    canvas.fill(ellipse(0.62, 0.27, 0.105, 0.098), back)
    canvas.fill(ellipse(0.66, 0.31, 0.055, 0.045), breast)
    canvas.fill([(0.7, 0.24), (0.86, 0.27), (0.7, 0.305)], INK)
    canvas.fill(ellipse(0.655, 0.25, 0.018, 0.018), WHITE)
    canvas.fill(ellipse(0.658, 0.25, 0.012, 0.012), INK)
    wing = outline([(0.53, 0.38), (0.55, 0.5), (0.44, 0.62), (0.29, 0.68), (0.4, 0.46)])
    canvas.fill(wing, lighter(back, -0.25))
    for number in range(5):
        feather = [(0.51 - 0.012 * number, 0.46 + 0.022 * number), (0.34, 0.61 + 0.014 * number)]
        canvas.fill(stroke(feather, 0.006, 0.003), lighter(back, 0.5), 0.6)
    for x in (0.5, 0.56):
        canvas.fill(stroke([(x, 0.66), (x + 0.01, 0.715)], 0.011), (150, 90, 60))


def hills(canvas: Canvas, chance: Random, colour: Colour, height: float) -> None:
    """Hills in the distance, and nearer ones before them."""
    for layer in range(3):
        level = height + 0.08 * layer
        ridge = [(step / 8 - 0.03, level + chance.uniform(-0.04, 0.04)) for step in range(10)]
        curve = outline(ridge, closed=False)
        canvas.fill([*curve, (1.1, 1.0), (-0.1, 1.0)], lighter(colour, 0.55 - 0.25 * layer))


def seabird(canvas: Canvas, chance: Random) -> None:
    """A bird in flight."""
    grey = chance.choice(((150, 160, 170), (120, 92, 70), (90, 96, 104)))
    canvas.fill(ellipse(chance.uniform(0.15, 0.3), 0.2, 0.07, 0.07), (255, 244, 214), 0.9)
    hills(canvas, chance, (104, 134, 132), 0.78)
    for way in (-1, 1):
        wing = outline(
            [
                (0.5 + way * 0.03, 0.46),
                (0.5 + way * 0.2, 0.3),
                (0.5 + way * 0.34, 0.3),
                (0.5 + way * 0.47, 0.4),
                (0.5 + way * 0.32, 0.39),
                (0.5 + way * 0.18, 0.45),
                (0.5 + way * 0.05, 0.56),
            ]
        )
        canvas.fill(wing, grey)
        edge = outline(
            [(0.5 + way * 0.05, 0.55), (0.5 + way * 0.18, 0.445), (0.5 + way * 0.34, 0.385)], closed=False
        )
        canvas.fill(stroke(edge, 0.02, 0.008), WHITE, 0.9)
        canvas.fill(
            outline([(0.5 + way * 0.36, 0.31), (0.5 + way * 0.47, 0.4), (0.5 + way * 0.35, 0.375)]), INK, 0.85
        )
    canvas.fill([(0.46, 0.6), (0.54, 0.6), (0.58, 0.74), (0.5, 0.7), (0.42, 0.74)], WHITE)
    canvas.fill(ellipse(0.5, 0.53, 0.058, 0.13), WHITE)
    canvas.fill(ellipse(0.5, 0.4, 0.045, 0.048), lighter(grey, 0.6))
    canvas.fill([(0.485, 0.37), (0.515, 0.37), (0.5, 0.31)], (230, 170, 60))
    for way in (-1, 1):
        canvas.fill(ellipse(0.5 + way * 0.022, 0.392, 0.008, 0.008), INK)


def river(canvas: Canvas, chance: Random) -> None:
    """A river between hills."""
    canvas.fill(ellipse(chance.uniform(0.6, 0.8), 0.24, 0.075, 0.075), (255, 246, 220), 0.9)
    hills(canvas, chance, (110, 138, 96), 0.42)
    for share, colour, opacity in ((1.0, (150, 190, 206), 1.0), (0.4, WHITE, 0.4)):
        left, right = [], []
        for step in range(41):
            near = (step / 40) ** 1.6
            middle = 0.5 + 0.1 * sin(4.6 * (step / 40) ** 0.8) * (0.4 + near)
            half = share * (0.008 + 0.2 * near)
            y = 0.59 + 0.43 * step / 40
            left.append((middle - half, y))
            right.append((middle + half, y))
        canvas.fill([*left, *reversed(right)], colour, opacity)
    for number in range(16):
        x = chance.uniform(0.02, 0.26) if number % 2 else chance.uniform(0.72, 0.98)
        top = chance.uniform(0.62, 0.76)
        lean = chance.uniform(-0.03, 0.03)
        reed = outline([(x, 1.0), (x + lean / 3, 0.86), (x + lean, top)], closed=False)
        canvas.fill(stroke(reed, 0.009, 0.003), (92, 110, 62))
        canvas.fill(ellipse(x + lean, top, 0.009, 0.035), (112, 76, 52))


MOTIFS: dict[str, Callable[[Canvas, Random], None]] = {
    motif.__name__: motif
    for motif in (snail, scallop, leaf, butterfly, beetle, flower, songbird, seabird, river)
}
LANDSCAPES = {"seabird", "river"}
