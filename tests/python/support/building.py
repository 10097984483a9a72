"""Pages as short as a test needs: `page(record(dc(title("Larus"))))`."""

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
QDC = "http://worldcat.org/xmlschemas/qdc-1.0/"
OAI_OI = "http://www.openbeelden.nl/feeds/oai/"
OI = "http://www.openbeelden.nl/oai/"
PROVENANCE = "http://www.openarchives.org/OAI/2.0/provenance"

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
REQUEST = '<request verb="{verb}" metadataPrefix="oai_dc">http://museum.example/oai</request>'


def title(text: str, attributes: str = "") -> str:
    """`<dc:title>`, its content taken as it stands."""
    return f"<dc:title{' ' + attributes if attributes else ''}>{text}</dc:title>"


def dc(*elements: str, oai_dc: str = OAI_DC, dc: str = DC, declarations: str = "") -> str:
    """An `oai_dc` container around these elements."""
    return f'<oai_dc:dc xmlns:oai_dc="{oai_dc}" xmlns:dc="{dc}"{declarations}>{"".join(elements)}</oai_dc:dc>'


def qdc(*elements: str) -> str:
    """A qualified Dublin Core container around these elements."""
    return (
        f'<oai_qdc:qualifieddc xmlns:oai_qdc="{QDC}" xmlns:dc="{DC}" xmlns:dcterms="{DCTERMS}">'
        f"{''.join(elements)}</oai_qdc:qualifieddc>"
    )


def oi(*elements: str) -> str:
    """An Open Images container around these elements."""
    return f'<oai_oi:oi xmlns:oai_oi="{OAI_OI}" xmlns:oi="{OI}">{"".join(elements)}</oai_oi:oi>'


def header(
    number: int = 1,
    *,
    identifier: str | None = None,
    datestamp: str = "2020-01-01",
    status: str = "",
    sets: tuple[str, ...] = (),
) -> str:
    """A header; `number` makes the identifier, `oai:museum.example:1`."""
    identifier = identifier or f"oai:museum.example:{number}"
    mark = f' status="{status}"' if status else ""
    specs = "".join(f"<setSpec>{spec}</setSpec>" for spec in sets)
    return (
        f"<header{mark}><identifier>{identifier}</identifier>"
        f"<datestamp>{datestamp}</datestamp>{specs}</header>"
    )


def record(
    payload: str | None,
    number: int = 1,
    *,
    head: str | None = None,
    about: str = "",
) -> str:
    """A record around a payload; None leaves the metadata element out."""
    metadata = "" if payload is None else f"<metadata>{payload}</metadata>"
    return f"<record>{head or header(number)}{metadata}{about}</record>"


def envelope(content: str, *, verb: str = "ListRecords", xmlns: str | None = OAI) -> str:
    """The OAI-PMH root around a verb element or around errors, without a declaration."""
    declared = f' xmlns="{xmlns}"' if xmlns else ""
    return (
        f"<OAI-PMH{declared}><responseDate>2020-01-02T03:04:05Z</responseDate>"
        f"{REQUEST.format(verb=verb)}{content}</OAI-PMH>"
    )


def page(*records: str, token: str = "", verb: str = "ListRecords", **root: str | None) -> bytes:
    """A whole ListRecords page, as bytes."""
    content = f"<{verb}>{''.join(records)}{token}</{verb}>"
    return (DECLARATION + envelope(content, verb=verb, **root)).encode()


def three(second: str) -> bytes:
    """Three records of one title each; the second title is `second`, as it stands."""
    return page(
        record(dc(title("Larus argentatus")), 1),
        record(dc(title(second)), 2),
        record(dc(title("Parus major")), 3),
    )


def error_page(*errors: tuple[str, str]) -> bytes:
    """A reply of protocol errors: (code, message) pairs."""
    found = "".join(f'<error code="{code}">{message}</error>' for code, message in errors)
    return (DECLARATION + envelope(found)).encode()
