"""A page of HTML that can be sent on: no script, no request, readable in light and dark and on paper."""

from __future__ import annotations

from html import escape

__all__ = ["html_page"]

STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2rem 0 .4rem;border-bottom:1px solid #8888}
table{border-collapse:collapse;font-size:.92rem}
td,th{text-align:left;vertical-align:top;padding:.15rem .9rem .15rem 0}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.bar{display:inline-block;height:.7em;background:currentColor;opacity:.55;min-width:1px}
.track{display:inline-block;width:7rem}.faint{opacity:.75}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}td{overflow-wrap:anywhere}
@media print{body{margin:0;max-width:none;font-size:11pt}h2{break-after:avoid}tr,figure{break-inside:avoid}
a{color:inherit;text-decoration:none}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def html_page(title: str, sections: dict[str, str]) -> str:
    """A complete page: each section that is not empty, under its heading."""
    parts = [f"<h1>{escape(title)}</h1>"]
    for name, inner in sections.items():
        head = f"<h2>{name}</h2>" if name else ""
        parts += [f"<section>{head}{inner}</section>"] if inner else []
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body>"
        + "\n".join(parts)
        + "</body></html>\n"
    )
