"""`Nba`: the Netherlands Biodiversity API, and the questions it answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from naturalia import _core, errors
from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._output.escaping import displayed
from naturalia._sources.nba import fields as nba
from naturalia._sources.nba.keywords import NAMES, any_of, conditions_for, ordered, split_values, values_of
from naturalia._sources.nba.operators import OPERATORS
from naturalia._sources.nba.query import NbaQuery
from naturalia._sources.nba.queryspec import checked, kept_fields, spec_of, where_of
from naturalia._sources.nba.question import WINDOW, NbaList, read, replied, text_rows, whole_number
from naturalia._sources.nba.references import REFERENCES, ById, ids_of, references, referring
from naturalia._sources.settings import (
    BACKOFF,
    MAX_BYTES,
    MAX_WAIT,
    RATES,
    RETRIES,
    TIMEOUT,
    plain_url,
    settings,
)
from naturalia._table.table import Table, core_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from naturalia._query.conditions import Where
    from naturalia._sources.nba.fields import IndexedField

__all__ = ["Nba"]

SETTING = "metadata/getSetting/index.max_result_window"
BASE = "https://api.biodiversitydata.nl/v2"
PLURALS = {"specimens": "specimen", "taxa": "taxon", "media": "multimedia", "multimedias": "multimedia"}


@public
@displayed
class Nba:
    """The Netherlands Biodiversity API of Naturalis: multimedia, specimens and taxa.

        >>> import naturalia as nat
        >>> with nat.testing.nba() as server:
        ...     nba = nat.Nba(server.url, rate=None)
        ...     q = nba.multimedia(genus="Larus")
        ...     q.count() == len(q.collect())
        True

    Nothing is asked before an answer is looked at. A list comes whole or not at all, also where it is longer
    than the service pages through. What the service would refuse (a field it has not, an operator the field
    does not take) is refused before it is asked, with what was probably meant.

    Args:
        url: where it is, with the version.
        contact: whom the service may write to about these requests: a mail address, or a URL. If None it is
            `NATURALIA_CONTACT`, and without that there is a warning.
        timeout: seconds a connection, or the next bytes, may take.
        retries: how often a question is asked again after a passing fault.
        backoff: seconds before the first retry; doubled each time, with jitter, at most 30.
        max_wait: the longest wait in seconds that the service may ask for (`Retry-After`).
        rate: requests a second to this host, `"30/min"`, or None for no limit.
        headers: sent with every request, to this host only.
        auth: user and password.
        verify: whether certificates are verified. Leave it True.
        proxy: the URL of a proxy; what `HTTPS_PROXY` and its kin say if None; no proxy at all if "".
        max_bytes: the largest reply to take, unpacked.

    Raises:
        ValueError: the address, or a setting, can't be.
    """

    @keywords
    def __init__(
        self,
        url: str = BASE,
        *,
        contact: str | None = None,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        backoff: float = BACKOFF,
        max_wait: float = MAX_WAIT,
        rate: float | str | None = RATES["nba"],
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        verify: bool = True,
        proxy: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        base, found = plain_url(url)
        self._base = base.partition("?")[0].rstrip("/")
        self._settings = settings(
            self._base,
            contact=contact,
            timeout=timeout,
            retries=retries,
            backoff=backoff,
            max_wait=max_wait,
            rate=rate,
            headers=headers,
            auth=auth or found,
            verify=verify,
            proxy=proxy,
            max_bytes=max_bytes,
        )
        self._start()

    def _start(self) -> None:
        self._core = _core.Service("nba", self._base, self._settings)
        self._windows: dict[str, int] = {}
        self._field_cache: dict[str, dict[str, IndexedField]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return nba_from_state, (self._base, self._settings)

    @property
    def base_url(self) -> str:
        """Where it is asked."""
        return self._core.base

    def multimedia(
        self,
        *,
        of: Any = None,
        where: Where | None = None,
        fields: Iterable[str] | str | None = None,
        download: bool = False,
        **keywords: Any,
    ) -> NbaQuery:
        """Multimedia documents: photographs, scans, films and sounds, one document a medium.

        >>> import naturalia as nat
        >>> with nat.testing.nba() as server:
        ...     nba = nat.Nba(server.url, rate=None)
        ...     q = nba.multimedia(license="CC0", where=nat.field("sourceSystem.code").isin(["CRS", "XC"]))
        ...     print(q.explain().splitlines()[1])
        where license IN ['CC0', 'CC0 1.0']

        Args:
            of: a table of specimens or taxa: the media of those.
            where: a condition of `nat.field`.
            fields: the paths to have in the answer, and nothing else; `id` always is.
            download: fetch it as streams, each counted and completed, instead of page by page.
            keywords: what documents have to be like: a text, or several in a list, a column, an array.
                Taxa: `scientific_name` (with or without authorship), `species` (and what is below it),
                `genus`, `family`, `order`, `class_`, `phylum`, `kingdom`: each asks every path that holds it.
                `license` takes what people write, addresses and `"open"` too. `since`, `until`: changed;
                `collected_since`, `collected_until`: begun to be collected; a month or a year is all of it.
                `area`: the name of an area, or GeoJSON. Others are the names of fields in small letters:
                `unit_id`, `collection_type`, `source_system`, `type_status`, `country`, `sex`, `theme` …
                A path with dots asks only that path.

        Raises:
            TypeError: a keyword there is not.
            ValueError: a field or a value the service would refuse.
        """
        return self._list("multimedia", of, where, fields, keywords, download=download)

    def specimens(
        self,
        *,
        of: Any = None,
        where: Where | None = None,
        fields: Iterable[str] | str | None = None,
        download: bool = False,
        **keywords: Any,
    ) -> NbaQuery:
        """Specimens and observations; `of` multimedia, by associatedSpecimenReference. See `multimedia`."""
        return self._list("specimen", of, where, fields, keywords, download=download)

    def taxa(
        self,
        *,
        of: Any = None,
        where: Where | None = None,
        fields: Iterable[str] | str | None = None,
        download: bool = False,
        **keywords: Any,
    ) -> NbaQuery:
        """Taxa, by synonyms too; `of` multimedia, by associatedTaxonReference. See `multimedia`."""
        return self._list("taxon", of, where, fields, keywords, download=download)

    @keywords
    def query(
        self, document: str, spec: Mapping[str, Any] | None = None, /, *, download: bool = False
    ) -> NbaQuery:
        """A QuerySpec as the NBA documents it: conditions, logicalOperator, sortFields, fields, from, size.

        Without `from` and `size` it is all of them; with them it is just those.

        Raises:
            ValueError: what the service would refuse, and where in the spec.
        """
        kind = document_of(document)
        if spec is not None and not hasattr(spec, "keys"):
            message = (
                f"a QuerySpec is a dict with conditions, not {type(spec).__name__}: conditions go in where="
            )
            raise TypeError(message)
        checked_spec = checked(kind, spec or {}, self._fields(kind))
        return NbaQuery(self._document_query(kind, [checked_spec], checked_spec, download=download))

    @keywords
    def record(self, id: str, *, type: str = "multimedia") -> Any:
        """One document by its id, such as `RMNH.AVES.140023_2@CRS`.

        Raises:
            naturalia.errors.NbaError: there is none.
        """
        from urllib.parse import quote

        kind = document_of(type)
        path = f"{kind}/find/{quote(ids_of([id])[0], safe='@')}"
        return wrap(read(*self._core.ask("GET", path, [], None), kind, dict))[0]

    @keywords
    def records(self, ids: Iterable[str], *, type: str = "multimedia") -> NbaQuery:
        """Documents by their ids; those there are none of are in `missing` of the query, once it is read."""
        kind = document_of(type)
        return NbaQuery(ById(self._core, kind, ids_of(ids), self._settings["rate"]))

    def area(self, name: str, /) -> dict[str, Any]:
        """The outline of an area as GeoJSON, by its name (its locality) in the service's list of areas.

        Raises:
            naturalia.errors.NbaError: there is none.
        """
        from urllib.parse import quote

        found: dict[str, Any] = self._ask(f"geo/getGeoJsonForLocality/{quote(name, safe='')}", dict)
        return found

    @keywords
    def fields(self, document: str = "multimedia", *, live: bool = False) -> Table:
        """The fields of a document type: path, type, indexed, operators, description.

        Args:
            document: `multimedia`, `specimen` or `taxon`.
            live: ask the service instead of the table we ship; later questions are checked by its answer.
        """
        kind = document_of(document)
        infos: dict[str, Any] = {}
        if live:
            infos = self._ask(f"{kind}/metadata/getFieldInfo", dict, dict)
            self._field_cache[kind] = {
                path: nba.with_service_facts(path, facts, nba.fields(kind).get(path))
                for path, facts in infos.items()
            }
        rows = [
            {
                "path": field.path,
                "type": field.type,
                "indexed": field.indexed,
                "operators": " ".join(field.operators),
                "description": infos.get(path, {}).get("description"),
            }
            for path, field in self._fields(kind).items()
        ]
        return text_rows(rows, ["path", "type", "indexed", "operators", "description"])

    @keywords
    def operators(self, path: str | None = None, *, document: str = "multimedia") -> list[str]:
        """The operators a field takes, or all twenty."""
        if path is None:
            return list(OPERATORS)
        kind = document_of(document)
        return list(nba.find_field(kind, path, self._fields(kind)).operators)

    def sources(self) -> Table:
        """The source systems: code and name."""
        return text_rows(self._ask("metadata/getSourceSystems", list, dict), ["code", "name"])

    @keywords
    def settings(self, document: str | None = None) -> Table:
        """The settings of the service, or of a document type: name and value."""
        path = "metadata/getSettings"
        found = self._ask(path if document is None else f"{document_of(document)}/{path}", dict)
        return text_rows(
            [{"name": name, "value": str(value)} for name, value in found.items()], ["name", "value"]
        )

    def vocabulary(self, name: str | None = None, /) -> list[str]:
        """The names of the controlled lists, or the values of one, such as `License` or `Sex`."""
        path = "metadata/getControlledLists" if name is None else f"metadata/getControlledList/{name}"
        return [str(each) for each in self._ask(path, list, str)]

    @classmethod
    def from_url(cls, url: str, /, *, today: bool = False, **settings: Any) -> NbaQuery:
        """The question of an address: `…/multimedia/query?…`, `…/find/…`, a permanent link of a specimen.

            >>> import naturalia as nat
            >>> q = nat.Nba.from_url("https://api.biodiversitydata.nl/v2/specimen/query?collectionType=Aves")
            >>> q.url
            'https://api.biodiversitydata.nl/v2/specimen/query?collectionType=Aves'

        It is asked for all of it, unless the address says `_from` or `_size`.

        Args:
            url: the address, with parameters or a `_querySpec`.
            today: ask at today's address whatever the host of the address; one warning says so.
            settings: those of `Nba`.

        Raises:
            ValueError: it is no question to the NBA.
        """
        from naturalia._sources.nba.urls import question_of

        question = question_of(url)
        base = question.base
        if today and base.rstrip("/") != BASE:
            from warnings import warn

            warn(f"{base} is asked at {BASE}", errors.NaturaliaWarning, stacklevel=2)
            base = BASE
        source = cls(base or BASE, **settings)
        if question.ids:
            return source.records(question.ids, type=question.document)
        return source.query(question.document, question.spec)

    def __repr__(self) -> str:
        return f"<Nba {self.base_url}>"

    def _list(
        self,
        document: str,
        of: Any,
        where: Where | None,
        fields: Any,
        words: Mapping[str, Any],
        *,
        download: bool,
    ) -> NbaQuery:
        # What can be gone through only once is wanted twice.
        words = {name: list(each) if isinstance(each, Iterator) else each for name, each in words.items()}
        if of is not None and document in REFERENCES:
            if words or where is not None or fields is not None:
                message = "of= stands alone: the documents are asked for by their ids"
                raise TypeError(message)
            ids = references(core_of(of), document)
            return NbaQuery(ById(self._core, document, ids, self._settings["rate"]))
        if of is not None:
            words = {**words, **referring(core_of(of))}
        ordered(words)
        found = [conditions_for(document, name, value) for name, value in words.items()]
        extra = [] if where is None else [where]
        field_table = self._fields(document)
        shown = {} if fields is None else {"fields": kept_fields(document, fields, field_table)}
        specs = [
            spec_of(document, where_of([*parts, *extra]), field_table) | shown for parts in product(*found)
        ]
        wholes = dict(zip(words, map(any_of, found), strict=True))
        joined = spec_of(document, where_of([*wholes.values(), *extra]), field_table) | shown
        question = self._document_query(document, specs, joined, download=download)
        if "scientific_name" not in words:
            return NbaQuery(question)
        # Names are counted a piece at a time: a document may be found by several.
        others = [whole for name, whole in wholes.items() if name != "scientific_name"]
        chunks = split_values(values_of("scientific_name", words["scientific_name"]), NAMES)
        condition = found[list(words).index("scientific_name")]
        named = [
            (names, spec_of(document, where_of([piece, *others, *extra]), field_table))
            for names, piece in zip(chunks, condition, strict=True)
        ]
        return NbaQuery(question, named=named)

    def _document_query(
        self, document: str, specs: list[dict[str, Any]], joined: dict[str, Any], *, download: bool
    ) -> NbaList:
        service = "download" if download else "query"
        ways: dict[str, Any] = {"settings": self._settings, "window": self._window}
        return NbaList(self._core, document, specs, joined, service=service, **ways)

    def _fields(self, document: str) -> dict[str, IndexedField]:
        return self._field_cache.get(document) or nba.fields(document)

    def _window(self, document: str) -> int:
        """How far the service pages; asked once."""
        if document not in self._windows:
            try:
                found = whole_number(*self._core.ask("GET", f"{document}/{SETTING}", [], None))
            except (errors.NbaError, errors.ParseError) as error:  # as its documentation has it
                from warnings import warn

                notice = f"{self._base} does not say how far it pages ({error.message}): {WINDOW:,} is taken"
                warn(notice, errors.NaturaliaWarning, stacklevel=2)
                found = WINDOW
            self._windows[document] = found
        return self._windows[document]

    def _ask(self, path: str, *kinds: type) -> Any:
        return replied(*self._core.ask("GET", path, [], None), *kinds)


def nba_from_state(base: str, settings: Any) -> Nba:
    """A service as it was pickled; connections are made anew."""
    source = Nba.__new__(Nba)
    source._base, source._settings = base, settings
    source._start()
    return source


def document_of(name: str) -> str:
    """The document type, or what was probably meant."""
    kind = PLURALS.get(name, name)
    if kind not in nba.DOCUMENTS:
        message = f"the NBA has no documents {name!r}{closest(str(name), nba.DOCUMENTS)}"
        raise ValueError(message)
    return kind
