"""Licences: from a rights statement to a licence that can be trusted, or to the reason why there is none."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._output.escaping import displayed

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Answer", "Attribution", "Combined", "License", "combine", "license", "licenses_in"]

# A check: `verdict` is yes, no, conditional or unknown, `reason` a code, `row` the fact it stands on.
Answer = namedtuple("Answer", "verdict reason row hints")  # noqa: PYI024 - typing costs 5 ms of the import
# A mix: `pair` are the numbers of the first two that don't go together, `unit` the terms that are left.
Combined = namedtuple("Combined", "verdict reason pair unit row")  # noqa: PYI024
# A credit line: `missing` says what it lacks.
Attribution = namedtuple("Attribution", "text missing")  # noqa: PYI024


@public
@displayed
class License:
    """A rights statement as it was understood. What it says is information, not legal advice.

    >>> import naturalia as nat
    >>> r = nat.license("http://creativecommons.org/licenses/by-sa/3.0/nl/deed.en")
    >>> r
    <License cc-by-sa-3.0-nl: exact>
    >>> r.uri, r.label, r.jurisdiction
    ('https://creativecommons.org/licenses/by-sa/3.0/nl/', 'CC BY-SA 3.0 NL', 'nl')
    >>> r.title("nl")
    'Naamsvermelding-GelijkDelen 3.0 Nederland'

    Attributes: `raw id family unit version jurisdiction uri rdf_uri spdx spdx_expression label status basis
    rule warnings reason unread scope suggestions claimed holder span byte_span evidence deed_language
    retired replaced_by wikidata commons_template permissions parts`. None means not stated; nothing is
    guessed.
    """

    __slots__ = ("_core",)
    _core: _core.License

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "_core", _core.License(text))

    if TYPE_CHECKING:

        @property
        def raw(self) -> str: ...
        @property
        def id(self) -> str | None: ...
        @property
        def family(self) -> str | None: ...
        @property
        def unit(self) -> str | None: ...
        @property
        def version(self) -> str | None: ...
        @property
        def jurisdiction(self) -> str | None: ...
        @property
        def uri(self) -> str | None: ...
        @property
        def rdf_uri(self) -> str | None: ...
        @property
        def spdx(self) -> str | None: ...
        @property
        def spdx_expression(self) -> str | None: ...
        @property
        def label(self) -> str | None: ...
        @property
        def status(self) -> str: ...
        @property
        def basis(self) -> str: ...
        @property
        def rule(self) -> str: ...
        @property
        def warnings(self) -> list[str]: ...
        @property
        def reason(self) -> str | None: ...
        @property
        def unread(self) -> list[str]: ...
        @property
        def scope(self) -> str | None: ...
        @property
        def suggestions(self) -> list[str]: ...
        @property
        def claimed(self) -> str | None: ...
        @property
        def holder(self) -> str | None: ...
        @property
        def span(self) -> tuple[int, int] | None: ...
        @property
        def byte_span(self) -> tuple[int, int] | None: ...
        @property
        def evidence(self) -> list[tuple[str, str, int, int]]: ...
        @property
        def deed_language(self) -> str | None: ...
        @property
        def retired(self) -> str | None: ...
        @property
        def replaced_by(self) -> str | None: ...
        @property
        def wikidata(self) -> str | None: ...
        @property
        def commons_template(self) -> str | None: ...
        @property
        def permissions(self) -> dict[str, str]: ...

    else:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or name not in FIELDS:
                message = f"a License has no {name!r}{closest(name, FIELDS)}"
                raise AttributeError(message)
            return getattr(self._core, name)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a License does not change: {name}"
        raise AttributeError(message)

    @property
    def parts(self) -> list[License]:
        """The licences of a choice or conflict."""
        return [own(part) for part in self._core.parts]

    def title(self, lang: str = "en") -> str | None:
        """The title in a language, in the nearest one that has it, or in English."""
        return self._core.title(lang)

    def uri_for(self, target: str) -> str | None:
        """The address in the spelling a target wants: `iiif`, `edm`, `rdf`, `spdx`, `html`.

        >>> import naturalia as nat
        >>> nat.license("CC BY-SA 3.0 NL").uri_for("spdx")
        'LicenseRef-CC-BY-SA-3.0-NL'
        """
        return self._core.uri_for(target)

    def check(self, use: str) -> Answer:
        """May it be used for this: yes, no, conditional or unknown, and why.

        >>> import naturalia as nat
        >>> nat.license("CC BY-NC 4.0").check("commons")
        Answer(verdict='no', reason='not-free', row='tools: by-nc 4.0', hints=[])
        """
        return Answer(*self._core.check(known_use(use)))

    def remix(self, other: License) -> Combined:
        """May works under both be remixed into one?

        >>> import naturalia as nat
        >>> nat.license("CC BY-SA 4.0").remix(nat.license("CC BY-NC-SA 4.0")).verdict
        'no'
        """
        return Combined(*self._core.remix(other._core))

    @keywords
    def attribution(
        self,
        *,
        title: str | None = None,
        author: str | None = None,
        source: str | None = None,
        modified: bool = False,
        style: str = "text",
    ) -> Attribution:
        """A credit line as text, html, markdown, wikitext or csl, and what it lacks.

        >>> import naturalia as nat
        >>> nat.license("CC BY 4.0").attribution(title="Gull", author="A. Person").text
        '“Gull” by A. Person is licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)'
        """
        line = self._core.attribution(
            title=title, author=author, source=source, modified=modified, style=style
        )
        return Attribution(*line)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, License) and self._core == other._core

    def __hash__(self) -> int:
        return hash(self._core)

    def __repr__(self) -> str:
        return repr(self._core)

    def __str__(self) -> str:
        return str(self._core)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *FIELDS})

    def __reduce__(self) -> Any:
        return own, (self._core,)

    def _repr_html_(self) -> str:
        from naturalia._licenses.chips import of_license

        return of_license(self._core)


FIELDS = tuple(name for name in vars(_core.License) if not name.startswith("_"))


def own(core: _core.License) -> License:
    """The `License` of a licence of the core."""
    found = License.__new__(License)
    object.__setattr__(found, "_core", core)
    return found


@public
@keywords
def license(  # noqa: A001
    text: str | None, *, assume_version: str | None = None, constant: bool = False
) -> License:
    """What a rights statement says.

    >>> import naturalia as nat
    >>> nat.license("CC0 4.0").suggestions
    ['CC0 1.0']
    >>> nat.license("CC BY").uri is None
    True
    >>> nat.license("CC BY", assume_version="4.0").basis
    'assumed'

    Args:
        text: an address, code, title or sentence in any language; None is a blank.
        assume_version: the version to take where none is stated. That is a decision of yours, and the
            answer says so.
        constant: whether the statement is one for a whole source and was not made for this item. The answer
            says so, and what depends on the item, such as `commons`, becomes conditional.
    """
    given: Any = text
    if given is not None and not isinstance(given, str):
        message = f"a rights statement is text, not {type(text).__name__}; licenses() takes many"
        raise TypeError(message)
    return own(_core.License(text or "", assume_version, constant))


@public
def licenses_in(text: str) -> list[License]:
    """Every licence of a text, each with its `span`.

    >>> import naturalia as nat
    >>> text = "Images CC BY 4.0, sound CC0 1.0"
    >>> [(r.id, text[slice(*r.span)]) for r in nat.licenses_in(text)]
    [('cc-by-4.0', 'CC BY 4.0'), ('cc0-1.0', 'CC0 1.0')]
    """
    return [own(core) for core in _core.licenses_in(text)]


@public
def combine(licenses: Iterable[License]) -> Combined:
    """What a work made of works under all these may carry, or the pair that doesn't go together.

    >>> import naturalia as nat
    >>> nat.combine([nat.license("CC0 1.0"), nat.license("CC BY 4.0"), nat.license("CC BY-NC 4.0")]).unit
    'by-nc'
    """
    return Combined(*_core.combine([each._core for each in licenses]))


def known_use(use: str) -> str:
    """The name of a check, or what was probably meant."""
    if use.replace("-", "_") not in _core.USES:
        message = f"no check {use!r}{closest(use, _core.USES)}"
        raise ValueError(message)
    return use.replace("-", "_")
