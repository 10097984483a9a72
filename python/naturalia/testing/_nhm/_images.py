"""Images: manifests of IIIF, and pictures as small as a picture can be written."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from naturalia.testing._nhm._catalogue import LICENSES

if TYPE_CHECKING:
    from naturalia.testing._nhm._catalogue import Resource
    from naturalia.testing._nhm._documents import Document

__all__ = ["images_of", "jpeg", "manifest", "tiff"]

CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def images_of(resource: Resource, record: Document) -> list[str]:
    """The addresses of the images of a record: its media, or what its image column holds."""
    media = record.get("associatedMedia")
    if media:
        return [one["identifier"] for one in media if one.get("type") != "3D"]
    held = record.get(resource.extras.get("_image_field", ""), [])
    if isinstance(held, str):
        held = (
            held.split(resource.extras["_image_delimiter"])
            if "_image_delimiter" in resource.extras
            else [held]
        )
    return [one["identifier"] if isinstance(one, dict) else one.strip() for one in held]


def manifest(resource: Resource, record: Document, origin: str) -> dict[str, Any] | None:
    """The IIIF manifest of a record of Presentation 3, with canvases of 1000 by 1000; None without images."""
    images = images_of(resource, record)
    if not images:
        return None
    base = f"{origin}/iiif/resource/{resource.id}/record/{record['_id']}"
    label = record.get(resource.extras.get("_title_field", "scientificName"), str(record["_id"]))
    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": base,
        "type": "Manifest",
        "label": {"en": [label]},
        "metadata": [
            {"label": {"en": [key]}, "value": {"en": [str(value)]}}
            for key, value in record.items()
            if not isinstance(value, (list, dict))
        ],
        "rights": LICENSES.get(resource.extras.get("_image_licence", ""), ("", CC_BY))[1],
        "items": [canvas(f"{base}/canvas/{place}", image) for place, image in enumerate(images)],
    }


def canvas(base: str, image: str) -> dict[str, Any]:
    body = {
        "id": f"{image}/full/max/0/default.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "service": [{"id": image, "type": "ImageService3", "profile": "level2"}],
    }
    annotation = {
        "id": f"{base}/annotation",
        "type": "Annotation",
        "motivation": "painting",
        "body": body,
        "target": base,
    }
    return {
        "id": base,
        "type": "Canvas",
        "label": {"none": [image]},
        "width": 1000,
        "height": 1000,
        "items": [{"id": f"{base}/page", "type": "AnnotationPage", "items": [annotation]}],
    }


def segment(mark: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(data) + 2) + data


@lru_cache(maxsize=64)
def jpeg(width: int, height: int, grey: int = 128) -> bytes:
    """A JPEG of one grey: baseline, one component, two bits a block of 8 by 8 pixels (ITU-T T.81)."""
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    # The quantum of the mean is 8, so that the mean of the first block is the grey itself.
    mean = round(grey - 128)
    size = abs(mean).bit_length()
    # Two codes a table: "0" for a mean that does not change, "10" for that of the first block.
    means = segment(0xC4, bytes([0x00, 1, 1, *[0] * 14, 0, size or 11]))
    waves = segment(0xC4, bytes([0x10, 1, 0, *[0] * 14, 0]))
    first = f"10{mean if mean > 0 else mean + (1 << size) - 1:0{size}b}0" if mean else "00"
    bits = first + "00" * (blocks - 1)
    bits += "1" * (-len(bits) % 8)
    coded = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            segment(0xDB, bytes([0, 8, *[1] * 63])),
            segment(0xC0, struct.pack(">BHHB3B", 8, height, width, 1, 1, 0x11, 0)),
            means,
            waves,
            segment(0xDA, bytes([1, 1, 0, 0, 63, 0])),
            coded,
            b"\xff\xd9",
        ]
    )


@lru_cache(maxsize=16)
def tiff(width: int, height: int, grey: int = 128) -> bytes:
    """A TIFF of one grey, in runs of equal bytes (TIFF 6.0, compression 32773)."""
    whole, rest = divmod(width, 128)
    row = bytes([129, grey]) * whole + (bytes([(257 - rest) & 0xFF, grey]) if rest else b"")
    data = row * height
    tags = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, 8),
        (259, 3, 32773),
        (262, 3, 1),
        (273, 4, 8 + 2 + 10 * 12 + 4),
        (277, 3, 1),
        (278, 4, height),
        (279, 4, len(data)),
        (284, 3, 1),
    ]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return (
        struct.pack("<2sHI", b"II", 42, 8)
        + struct.pack("<H", len(tags))
        + entries
        + struct.pack("<I", 0)
        + data
    )
