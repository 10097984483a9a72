"""No text that is meant to be looked at carries commands of a terminal from data; data stay exact."""

import http.server
import importlib
import json
import logging
import os
import pickle
import pkgutil
import subprocess
import sys
import threading
import unicodedata
import warnings
from types import MappingProxyType

import naturalia as nat
import pytest
from naturalia import _core
from support.building import dc, page, record, title

# A clipboard, a title, colours, a device string, their C1 forms, erasing, and text in another order.
HOSTILE = (
    "\x1b]52;c;aGVsbG8=\x07\x1b]0;owned\x07\x1b[31m\x1bP1$r\x1b\\\x9b2J\x9d0;owned\x9c\x90\x08\x7f\x85\x00"
    "\u202e\u202a\u2066\u2069\u2028\u2029end"
)
# XML 1.0 has no C0 characters.
IN_XML = "".join(sign for sign in HOSTILE if sign >= " ")


def commands(text):
    """The characters that a terminal must not get, by the categories of Unicode."""
    order = {0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069}
    return [
        sign
        for sign in text
        if (unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in "\n\t")
        or ord(sign) in order
    ]


# --- the function itself ---


def test_every_character_is_escaped_or_left_as_unicode_classes_say():
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        shown = _core.escaped(f"a{sign}b")
        if commands(sign):
            form = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
            assert shown == f"a{form}b"
            assert code >= 0xD800 or json.loads(f'"{_core.escaped(sign, json=True)}"') == sign
        else:
            assert shown == f"a{sign}b"


def test_escaped_text_stays_as_it_is():
    once = _core.escaped(HOSTILE)
    assert _core.escaped(once) == once
    assert not commands(once)


# --- classes ---

SHOWN = ("__repr__", "__str__", "_repr_html_")
# Their texts are the reprs of their parts.
BY_REPR = {"Condition", "Not", "And", "Or", "Field"}


def classes():
    """Every class of the package that has a text of its own."""
    for module in pkgutil.walk_packages(nat.__path__, "naturalia."):
        if ".testing" in module.name or module.name.endswith(("__main__", "_core")):
            continue
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and kind.__module__ == module.name and set(SHOWN) & set(vars(kind)):
                yield kind


def test_every_class_with_a_text_of_its_own_escapes_it():
    found = list(classes())
    assert len(found) > 20
    for kind in found:
        if (
            issubclass(kind, (nat.errors.NaturaliaError, nat.errors.NaturaliaWarning))
            or kind.__name__ in BY_REPR
        ):
            continue
        if issubclass(kind, tuple) and not hasattr(vars(kind).get("__str__"), "__displayed__"):
            assert "_make" in vars(kind) or "__str__" not in vars(kind), (
                kind
            )  # a named tuple: reprs of its parts
            continue
        for name in set(SHOWN) & set(vars(kind)):
            assert getattr(vars(kind)[name], "__displayed__", False), (
                f"{kind.__module__}.{kind.__name__}.{name}"
            )


# --- what Python shows ---


def media(**cells):
    row = {"media_id": HOSTILE, "title": HOSTILE, "creator": HOSTILE, "license_raw": HOSTILE, **cells}
    return nat.read((json.dumps(row) + "\n").encode(), format="media")


def nba():
    document = {"sourceSystemId": HOSTILE, "unitID": HOSTILE, "title": HOSTILE, "license": HOSTILE}
    return nat.read(json.dumps(document).encode(), format="nba")


def oai():
    return nat.read(page(record(dc(title(IN_XML), f"<dc:rights>{IN_XML}</dc:rights>"), 1)))


def harvested(folder):
    path = folder / f"{IN_XML}.sqlite".replace("/", "_")
    with nat.testing.serve(2) as server:
        nat.harvest(nat.OaiPmh(server.url, contact="a@b.example"), path, progress=False)
    return nat.Harvest(path)


def fetched(folder):
    with nat.testing.media(1, wrong={"1.jpg": "missing"}) as server:
        table = nat.read(server.jsonl(), format="media")
        return nat.fetch(table, folder / IN_XML, rate=None, progress=False, retries=0)


def written(folder):
    return oai().write(folder / f"{IN_XML}.csv")


def wild_name(folder):
    """A table of a file whose name is hostile."""
    path = folder / f"{IN_XML}\x1b.xml"
    path.write_bytes(page(record(dc(title("x & y")), 1)))
    return nat.read(path)


def frame():
    return nat.read(f"{json.dumps({HOSTILE: 'x', 'media_id': 'm'})}\n".encode(), format="media")


OBJECTS = {
    "a table": lambda _: media(),
    "a table of documents": lambda _: nba(),
    "a table of pages": lambda _: oai(),
    "a table with columns of its own": lambda _: frame(),
    "a summary": lambda _: nba().summary(),
    "a long table": lambda _: oai().long(),
    "a view": lambda _: oai().view(multi="first"),
    "a record": lambda _: nba()[0],
    "a record of XML": lambda _: oai()[0],
    "a report": lambda folder: wild_name(folder).report,
    "a query": lambda folder: nat.scan([wild_name(folder).report and str(next(folder.iterdir()))]),
    "a licence": lambda _: nat.license(HOSTILE),
    "a licence with a claim": lambda _: nat.license("CC BY " + HOSTILE),
    "a list of statements": lambda _: nat.license_report([HOSTILE, "CC0"]),
    "citations": lambda _: nat.cite(media()),
    "citations in BibTeX": lambda _: nat.cite(media(), style="bibtex"),
    "citations in CSL": lambda _: nat.cite(media(), style="csl-json"),
    "a check": lambda _: nat.check(media(), "commons"),
    "a gallery": lambda _: nat.gallery(media(), group="creator"),
    "a loss report": lambda _: nat.crosswalk("nba", "media").apply(nba()).loss,
    "a validation": lambda _: nat.validate(nba()),
    "a harvest": harvested,
    "a fetch job": fetched,
    "a write report": written,
}
ROUTES = {
    "repr": repr,
    "str": str,
    "format": "{}".format,
    "html": lambda each: each._repr_html_() if hasattr(each, "_repr_html_") else "",
}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("what", OBJECTS)
def test_what_is_shown_carries_no_command(tmp_path, what, route):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shown = ROUTES[route](OBJECTS[what](tmp_path))
    assert commands(shown) == []


def test_data_and_files_stay_exact(tmp_path):
    table = nba()
    assert table["unitID"] == [HOSTILE]
    table.write(tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text())["unitID"] == HOSTILE
    nat.cite(oai(), style="attribution").write(tmp_path / "cite.txt")
    table.write(tmp_path / "out.csv")
    assert nat.read(tmp_path / "out.csv")["unitID"] == [HOSTILE]


def test_pages_to_send_on_carry_no_command(tmp_path):
    nat.report(media(), tmp_path / "page.html")
    nat.crosswalk("nba", "media").apply(nba()).loss.write(tmp_path / "loss.html")
    for name in ("page.html", "loss.html"):
        assert commands((tmp_path / name).read_text(encoding="utf-8")) == []


# --- errors, warnings, logs ---


class Answering:
    """A service that gives one answer to every question."""

    def __init__(self, status, reason, headers, body):
        self.status, self.reason, self.headers, self.body = status, reason, headers, body

    def __enter__(self):
        answer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                start = f"HTTP/1.1 {answer.status} {answer.reason}\r\nConnection: close\r\n"
                for name, value in answer.headers.items():
                    start += f"{name}: {value}\r\n"
                self.wfile.write(start.encode("latin-1", "replace") + b"\r\n" + answer.body)
                self.close_connection = True

            do_POST = do_GET  # noqa: N815 - the name of the library

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}/oai"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


XML, HTML, JSON = (
    {"Content-Type": "text/xml"},
    {"Content-Type": "text/html"},
    {"Content-Type": "application/json"},
)
REFUSAL = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2020-01-01T00:00:00Z</responseDate>'
    f'<request verb="{IN_XML}">http://x/</request>'
    f'<error code="badArgument{IN_XML}">{IN_XML}</error></OAI-PMH>'
).encode()
ANSWERS = {
    "a protocol error": (200, "OK", XML, REFUSAL),
    "a page of HTML": (200, "OK", HTML, f"<html><title>{HOSTILE}</title><p>{HOSTILE}</html>".encode()),
    "an error page": (404, "Not\x1b]0;x\x07 Found", HTML, f"<html><title>{HOSTILE}</title></html>".encode()),
    "a refusal in text": (400, "No\x9b31m", {"Content-Type": f"text/plain; x={IN_XML}"}, HOSTILE.encode()),
    "a type": (200, "OK", {"Content-Type": "x/\x1b]0;x\x07"}, b"nothing"),
    "a redirect": (302, "Found", {"Location": "http://\x9b31m\x1b]0;x\x07.example/\u202e"}, b""),
    "a redirect to another scheme": (302, "Found", {"Location": "gopher://\x9b31m/"}, b""),
    "a time to wait": (503, "Busy", {"Retry-After": "9" * 9, "X": "\x1b"}, HOSTILE.encode()),
    "a refusal in JSON": (400, "Bad", JSON, json.dumps({"exception": HOSTILE, "message": HOSTILE}).encode()),
    "an error of CKAN": (
        200,
        "OK",
        JSON,
        json.dumps(
            {"success": False, "error": {"message": HOSTILE, "__type": HOSTILE, HOSTILE: [HOSTILE]}}
        ).encode(),
    ),
    "another document": (200, "OK", XML, f"<{'x'}>{IN_XML}</x>".encode()),
    "no UTF-8": (200, "OK", XML, b"<a \x9b\x1b]0;x\x07"),
}
CALLS = {
    "OAI-PMH": lambda url: nat.OaiPmh(url, contact="a@b.example", retries=0, timeout=5).identify(),
    "a list": lambda url: len(
        nat.OaiPmh(url, contact="a@b.example", retries=0, timeout=5).records("oai_dc").read()
    ),
    "the NBA": lambda url: (
        nat.Nba(url, contact="a@b.example", retries=0, timeout=5).multimedia(genus="Larus").read()
    ),
    "the NHM": lambda url: nat.NhmPortal(url, contact="a@b.example", retries=0, timeout=5).datasets(),
    "a feed": lambda url: nat.AtomFeed(url, contact="a@b.example", retries=0, timeout=5).read(),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_errors_of_services_carry_no_command(answer, call):
    with Answering(*ANSWERS[answer]) as url, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            CALLS[call](url)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is shown
            look_at_error(error)


def look_at_error(error):
    """Looks at everything that a program would print of an error."""
    import traceback

    while error is not None:
        texts = [str(error), repr(error), *traceback.format_exception_only(error)]
        if isinstance(error, nat.errors.NaturaliaError):
            texts += [error.message, error.hint, str(pickle.loads(pickle.dumps(error)))]
        for text in texts:
            assert commands(text) == [], text
        error = error.__cause__


def hostile_file(folder, data, end=".xml"):
    path = folder / f"{IN_XML}\x1b]0;x\x07{end}"
    path.write_bytes(data)
    return path


def foreign_manifest(folder):
    place = folder / f"{IN_XML}\x1b"
    place.mkdir()
    (place / "manifest.sqlite").write_bytes(b"x" * 5000)
    with nat.testing.media(1) as server:
        nat.fetch(nat.read(server.jsonl(), format="media"), place, progress=False)


WRONG = {
    "a file that is missing": lambda folder: nat.read(str(folder / f"{IN_XML}\x1b.xml")),
    "a file that is empty": lambda folder: nat.read(hostile_file(folder, b"")),
    "a file that is cut": lambda folder: nat.read(hostile_file(folder, b"<OAI-PMH")),
    "a page that is none": lambda _: nat.read(f"<html><title>{HOSTILE}</title>".encode()),
    "strict reading": lambda _: nat.read(f"<a>&{IN_XML};</a>".encode(), strict=True),
    "JSON that is none": lambda _: nat.read(b'{"a": "' + HOSTILE.encode()),
    "a column": lambda _: frame()["titel"],
    "a column that is hostile": lambda _: frame()[HOSTILE + "x"],
    "a view": lambda _: frame().view(columns=HOSTILE),
    "a field of a record": lambda _: getattr(oai()[0], "x" + HOSTILE),
    "a keyword": lambda _: nat.read(b"", **{HOSTILE: 1}),
    "a service": lambda _: nat.open(HOSTILE),
    "an address": lambda _: nat.open(f"https://x.example/{HOSTILE}"),
    "a license column": lambda _: nat.licenses(frame(), column="x" + HOSTILE),
    "a decision sheet": lambda folder: nat.licenses(["x"], decisions=f"{folder}/{IN_XML}\x1b.txt"),
    "a decision": lambda _: nat.licenses([HOSTILE], decisions={HOSTILE: HOSTILE}),
    "rules": lambda folder: nat.crosswalk(
        "nba", "media", rules=hostile_file(folder, f"nx_src\tnx_dst\n{IN_XML}\tx\n".encode(), ".tsv")
    ),
    "rules without columns": lambda folder: nat.crosswalk(
        "nba", "media", rules=hostile_file(folder, b"x\n", ".tsv")
    ),
    "a name of files": lambda folder: nat.fetch(media(), folder, name="{" + "x" + "}"),
    "a harvest file": lambda folder: nat.Harvest(hostile_file(folder, b"x" * 99, ".sqlite")),
    "a manifest": foreign_manifest,
    "a file to write": lambda folder: media().write(folder / f"{IN_XML}\x1b.x{HOSTILE[1:9]}"),
    "a folder that is missing": lambda folder: media().write(folder / IN_XML / "\x1b" / "out.csv"),
    "a format": lambda _: nat.read(b"<a/>", format=HOSTILE),
}


@pytest.mark.parametrize("what", WRONG)
def test_errors_of_calls_carry_no_command(tmp_path, what):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(Exception) as caught:  # noqa: PT011 - of many classes
            WRONG[what](tmp_path)
    look_at_error(caught.value)


def test_warnings_and_logs_carry_no_command(tmp_path, caplog):
    with warnings.catch_warnings(record=True) as seen, caplog.at_level(logging.DEBUG, "naturalia"):
        warnings.simplefilter("always")
        wild_name(tmp_path)
        held = harvested(tmp_path)
        with Answering(*ANSWERS["a protocol error"]) as url, pytest.raises(nat.errors.NaturaliaError):
            held.update(source=nat.OaiPmh(url, contact="a@b.example", retries=0), progress=False)
    assert any("repaired" in str(each.message) for each in seen)
    for each in seen:
        text = warnings.formatwarning(each.message, each.category, each.filename, each.lineno)
        assert commands(text) == []
    assert caplog.records
    for each in caplog.records:
        assert commands(each.getMessage()) == []
        assert commands(logging.Formatter().format(each)) == []


def test_bars_carry_no_command(capsys):
    from naturalia._harvest.progress import fetch_progress, harvest_progress

    for show in (harvest_progress, fetch_progress):
        with show(HOSTILE, shown=True) as draw:
            draw(Running())
    shown = capsys.readouterr()
    # A bar goes back to the start of its line and up a line, and clears it.
    text = (shown.out + shown.err).replace("\r", "").replace("\x1b[A", "").replace("\x1b[K", "")
    assert commands(text) == []


class Running:
    """A run of a harvest or of fetching."""

    progress = MappingProxyType(
        {
            "tally": json.dumps({"pages": 1, "declared": 1, "retries": 0, "received": 1}),
            "phase": HOSTILE,
            "bytes": 1,
            "failed": 0,
            "total": 1,
            "done": 1,
        }
    )


# --- the command line ---

PROGRAM = [sys.executable, "-c", "from naturalia._cli import main; main()"]


def on_terminal(*arguments, cwd):
    """What the program writes to a terminal of both its streams."""
    pty = pytest.importorskip("pty")
    parent, child = pty.openpty()
    environment = {
        **os.environ,
        "TERM": "dumb",
        "COLUMNS": "200",
        "PYTHONWARNINGS": "ignore",
        "NO_COLOR": "1",
    }
    running = subprocess.Popen(
        [*PROGRAM, *map(os.fsencode, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=child,
        stderr=child,
        cwd=cwd,
        env=environment,
    )
    os.close(child)
    parts = []
    while True:
        try:
            part = os.read(parent, 65536)
        except OSError:  # Linux: everybody has closed the other end
            break
        if not part:
            break
        parts.append(part)
    os.close(parent)
    running.wait()
    return b"".join(parts).decode().replace("\r\n", "\n"), running.returncode


@pytest.fixture
def place(tmp_path):
    """A folder with hostile files of every kind."""
    row = {
        "media_id": "m" + HOSTILE,
        "title": HOSTILE,
        "creator": HOSTILE,
        "license_raw": HOSTILE,
        HOSTILE: HOSTILE,
    }
    (tmp_path / "media.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "nba.json").write_text(
        json.dumps({"sourceSystemId": HOSTILE, "unitID": HOSTILE, "license": HOSTILE})
    )
    (tmp_path / "oai.xml").write_bytes(page(record(dc(title(IN_XML), f"<dc:rights>{IN_XML}</dc:rights>"), 1)))
    (tmp_path / "error.xml").write_bytes(REFUSAL)
    (tmp_path / f"name{IN_XML}\x1b]0;x\x07.xml").write_bytes(b"<html><title>" + HOSTILE.encode())
    media().write(tmp_path / "media.csv")
    (tmp_path / "rights.csv").write_text(f'"rights{IN_XML}\x1b"\n"{IN_XML}\x1b]0;x\x07"\n')
    (tmp_path / "statements.txt").write_text(HOSTILE.replace("\x00", ""))
    return tmp_path


STRANGE = f"name{IN_XML}\x1b]0;x\x07.xml"
COMMANDS = [
    *(("cat", name) for name in ("media.csv", "nba.json", "oai.xml", "error.xml", STRANGE)),
    *(("cat", "nba.json", "--format", kind) for kind in ("jsonl", "json", "csv", "tsv")),
    ("cat", "oai.xml", "--format", "xml"),
    ("cat", "oai.xml", "--long"),
    ("cat", "nba.json", "--columns", "unitID,license"),
    ("cat", "nba.json", "--to", "media"),
    *(("info", name) for name in ("nba.json", "oai.xml", "error.xml", STRANGE)),
    ("info", "oai.xml", "--format", "json"),
    *(("check", name, "--for", "commons") for name in ("nba.json", "oai.xml")),
    *(("cite", "nba.json", "--style", style) for style in ("attribution", "bibtex", "csl-json", "apa")),
    ("license", HOSTILE.replace("\x00", "")),
    ("license", "--report", "rights.csv", "--column", "x"),
    ("license", "--report", "rights.csv", "--column", f"rights{IN_XML}\x1b"),
    ("license", HOSTILE.replace("\x00", ""), "--format", "jsonl"),
    ("validate", "nba.json"),
    ("validate", "oai.xml"),
    ("validate", "nba.json", "--format", "jsonl"),
    ("convert", "nba.json", "-", "--format", "csv"),
    ("convert", "nba.json", "-", "--format", "parquet"),
    ("convert", "nba.json", "out.xml", "--to", "nba"),
    ("convert", STRANGE, "out.csv"),
    ("fetch", "media.csv", f"img{IN_XML}", "--dry-run"),
    ("fetch", "media.csv", "img", "--fields"),
    ("report", "nba.json", f"page{IN_XML}.html"),
    ("check", "rights.csv", "--for", "commons", "--column", f"rights{IN_XML}\x1b"),
    ("crosswalk", "nba", "media", "--explain", "x" + HOSTILE.replace("\x00", "")),
    ("cat", f"missing{IN_XML}\x1b]0;x\x07.xml"),
    ("cat", "oai.xml", f"--{IN_XML}\x1b]0;x\x07"),
    ("cat", "oai.xml", "--format", f"{IN_XML}\x1b"),
    (f"verb{IN_XML}\x1b]0;x\x07",),
    ("harvest", f"http://127.0.0.1:1/{IN_XML}", "out.sqlite"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: ascii(" ".join(each))[1:60])
def test_a_terminal_gets_no_command(place, command):
    text, _code = on_terminal(*command, cwd=place)
    assert text.strip()
    assert "this is a bug of ours" not in text, text
    assert commands(text) == [], text


def test_json_on_a_terminal_is_still_the_same_json(place):
    text, code = on_terminal("cat", "nba.json", "--format", "jsonl", cwd=place)
    assert code == 0
    assert json.loads(text.splitlines()[0])["unitID"] == HOSTILE


def test_a_pipe_gets_the_data_as_they_are(place):
    def piped(*arguments):
        return subprocess.run(
            [*PROGRAM, *arguments], cwd=place, capture_output=True, check=True
        ).stdout.decode()

    assert json.loads(piped("cat", "nba.json"))["unitID"] == HOSTILE
    assert HOSTILE in piped("cat", "nba.json", "--format", "csv")
    assert json.loads(piped("cite", "oai.xml", "--style", "csl-json"))[0]["title"]
    assert IN_XML.split("\\")[1] in piped("cat", "oai.xml", "--format", "csv")
