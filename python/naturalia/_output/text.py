"""Text for people: counts with their nouns, values on one line, lines of one width."""

from __future__ import annotations

__all__ = ["cell_text", "left_out", "plural", "text_of", "wrapped"]


def plural(count: int, noun: str, many: str | None = None) -> str:
    """The count with its noun: "1 record", "2,000 records"; `many` where an s does not do."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def left_out(count: int, what: str = "left out") -> str:
    """A remark on records that are not public; "" if there are none."""
    return f"{plural(count, 'record')} not public: {what}" if count else ""


def text_of(value: object) -> str:
    """A value on one line."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    text = " ".join(str(value).split())
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` characters."""
    from textwrap import wrap

    return wrap(text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def cell_text(cell: object) -> str | None:
    """The text of a cell; None for a blank one."""
    return str(cell).strip() or None if cell is not None else None
