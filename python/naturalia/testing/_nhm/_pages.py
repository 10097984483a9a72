"""What the portal answers beside its API: records, objects, images, downloads, the page of a search."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any

from naturalia.testing._exchange import Reply
from naturalia.testing._nhm._archive import SPECIMENS
from naturalia.testing._nhm._images import images_of, jpeg, manifest, tiff
from naturalia.testing._nhm._writes import status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from naturalia.testing._exchange import Request
    from naturalia.testing._nhm._catalogue import Catalogue, Resource
    from naturalia.testing._nhm._documents import Document

__all__ = ["page"]

# The widest thumbnail and the widest preview, in pixels; nothing is made wider than it is.
WIDEST = {"thumbnail": 512, "preview": 2048}


def page(catalogue: Catalogue, request: Request, path: str) -> Reply:
    """The reply to a request for anything but an action."""
    for shape, answer in SHAPES:
        found = re.fullmatch(shape, path)
        if found:
            return answer(catalogue, request, *found.groups()) or missing()
    return missing()


def missing() -> Reply:
    return html("Not found", 404)


def html(title: str, status: int = 200, **headers: str) -> Reply:
    """A page for people."""
    shown = escape(title)
    text = f"<!DOCTYPE html>\n<html><head><title>{shown}</title></head><body><h1>{shown}</h1></body></html>\n"
    return Reply(status, {"Content-Type": "text/html; charset=utf-8", **headers}, text.encode())


def told(value: Any, kind: str = "application/json") -> Reply:
    """A document of JSON."""
    return Reply(200, {"Content-Type": kind}, json.dumps(value, ensure_ascii=False).encode())


def record_of(
    catalogue: Catalogue, resource_id: str, record_id: str, version: str | None
) -> tuple[Resource, Document] | None:
    """A record at a version."""
    resource = catalogue.resources.get(resource_id)
    if resource is None or record_id not in resource.places:
        return None
    record = resource.at(resource.places[record_id], int(version) if version else None)
    return (resource, record) if record is not None else None


def record(
    catalogue: Catalogue, _: Request, resource_id: str, record_id: str, version: str | None
) -> Reply | None:
    """`/record/<resource>/<id>`: leads to the page of the record."""
    if record_of(catalogue, resource_id, record_id, version) is None:
        return None
    name = catalogue.package_of(resource_id).name
    place = f"{catalogue.origin}/dataset/{name}/resource/{resource_id}/record/{record_id}"
    return html("It is there", 302, Location=f"{place}/{version}" if version else place)


def record_page(
    catalogue: Catalogue,
    _: Request,
    resource_id: str,
    record_id: str,
    dotted: str | None,
    version: str | None,
) -> Reply | None:
    """The page of a record; with `.json` the bare record, without an envelope."""
    found = record_of(catalogue, resource_id, record_id, version)
    if found is None:
        return None
    return told(found[1]) if dotted else html(f"Record {record_id}")


def thing(catalogue: Catalogue, request: Request, guid: str, version: str | None) -> Reply | None:
    """`/object/<GUID>`: leads to the page of a specimen, or to its description as linked data."""
    found = catalogue.record(guid)
    if found is None:
        return None
    resource, place = found
    if "json" in request.headers.get("accept", ""):
        return html("It is there", 303, Location=f"{catalogue.origin}/object/{guid}.jsonld")
    target = f"{catalogue.origin}/record/{SPECIMENS}/{resource.documents[place]['_id']}"
    return html("It is there", 303, Location=f"{target}/{version}" if version else target)


def linked(catalogue: Catalogue, _: Request, guid: str) -> Reply | None:
    """A specimen as JSON-LD: the terms of Darwin Core, all else as one text of JSON."""
    found = catalogue.record(guid)
    if found is None:
        return None
    resource, place = found
    document = resource.documents[place]
    plain = {
        key: value for key, value in document.items() if isinstance(value, str) and not key.startswith("_")
    }
    graph = {
        "@id": f"{catalogue.origin}/object/{guid}",
        **{f"dwc:{key}": value for key, value in plain.items() if key not in ("created", "modified")},
        "dwc:associatedMedia": " | ".join(images_of(resource, document)),
    }
    context = {"dwc": "http://rs.tdwg.org/dwc/terms/"}
    return told({"@context": context, "@graph": [graph]}, "application/ld+json")


def iiif(catalogue: Catalogue, _: Request, resource_id: str, record_id: str) -> Reply | None:
    """The manifest of a record with images."""
    found = record_of(catalogue, resource_id, record_id, None)
    made = manifest(*found, catalogue.origin) if found else None
    return told(made) if made else None


def picture(catalogue: Catalogue, _: Request, asset: str, size: str | None) -> Reply | None:
    """An image: a preview, a thumbnail, or the original, which may be a TIFF."""
    known = catalogue.assets.get(asset)
    if known is None:
        return None
    width, height, kind = known
    grey = int(asset[:2], 16)
    if size == "original":
        body = tiff(width, height, grey) if kind == "image/tiff" else jpeg(width, height, grey)
        return Reply(200, {"Content-Type": kind}, body)
    return scaled(width, height, WIDEST[size or "preview"], grey)


def scaled(width: int, height: int, widest: int, grey: int) -> Reply:
    shown = min(width, widest)
    return Reply(200, {"Content-Type": "image/jpeg"}, jpeg(shown, round(height * shown / width), grey))


def image_api(catalogue: Catalogue, _: Request, asset: str, region: str, size: str) -> Reply | None:
    """The image API of IIIF, as far as it names a whole image and a width."""
    known = catalogue.assets.get(asset)
    wide = re.fullmatch(r"max|!?(\d+),\d*", size)
    if known is None or region != "full" or wide is None:
        body = json.dumps({"error": "Not found" if known is None else "Bad request"}).encode()
        return Reply(404 if known is None else 400, {"Content-Type": "application/json"}, body)
    return scaled(known[0], known[1], int(wide.group(1) or known[0]), int(asset[:2], 16))


def image_info(catalogue: Catalogue, _: Request, asset: str) -> Reply | None:
    """What the image API tells of an image."""
    if asset not in catalogue.assets:
        return None
    width, height, _kind = catalogue.assets[asset]
    return told(
        {
            "@context": "http://iiif.io/api/image/3/context.json",
            "id": f"{catalogue.origin}/media/{asset}",
            "type": "ImageService3",
            "protocol": "http://iiif.io/api/image",
            "profile": "level2",
            "width": width,
            "height": height,
            "maxWidth": width,
        }
    )


def saved_search(catalogue: Catalogue, _: Request, slug: str) -> Reply | None:
    """The page of a search; empty for who has no JavaScript."""
    return html(f"Search {slug}") if slug in catalogue.archive.searches else None


def download_status(catalogue: Catalogue, _: Request, name: str, as_json: str | None) -> Reply | None:
    """How far a download is."""
    if name not in catalogue.archive.downloads:
        return None
    return told(status_of(catalogue, name)) if as_json else html("Download status")


def downloaded(catalogue: Catalogue, _: Request, name: str) -> Reply | None:
    """The file of a download."""
    known = catalogue.archive.downloads.get(name)
    return Reply(200, {"Content-Type": "application/zip"}, known["zip"]) if known else None


GUID = r"([0-9a-fA-F-]{36})"
VERSION = r"(?:/(\d+))?"

SHAPES: list[tuple[str, Callable[..., Reply | None]]] = [
    (rf"/record/([^/]+)/([^/]+?){VERSION}", record),
    (rf"/dataset/[^/]+/resource/([^/]+)/record/([^/.]+)(\.json)?{VERSION}", record_page),
    (rf"/(?:object|specimen)/{GUID}{VERSION}", thing),
    (rf"/object/{GUID}\.(?:jsonld|json-ld)", linked),
    (r"/iiif/resource/([^/]+)/record/([^/]+)", iiif),
    (r"/media/([^/]+)(?:/(thumbnail|preview|original))?", picture),
    (r"/media/([^/]+)/info\.json", image_info),
    (r"/media/([^/]+)/([^/]+)/([^/]+)/0/(?:default|color|gray)\.(?:jpg|png)", image_api),
    (r"/search/([^/]+)", saved_search),
    (r"/doi/(10\.[^/]+/[^/]+)", saved_search),
    (r"/status/download/([^/]+)(/json)?", download_status),
    (r"/downloads/direct/([^/]+)\.zip", downloaded),
]
