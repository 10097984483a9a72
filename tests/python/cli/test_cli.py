"""The command line as a person or a pipe sees it: data on one side, talk on the other, exit codes."""

import csv
import json
import os
import pty
import re
import shutil
import signal
import subprocess
from pathlib import Path

import naturalia as nat
import pytest
from naturalia import samples
from support import building
from support.building import dc, record
from support.commands import BIN, run

DC = samples.path("naturalis_oai_dc.xml")
OI = samples.path("openimages_oai_oi.xml")


def on_terminal(*args, columns):
    """What the command prints on a terminal of this many columns."""
    screen, inside = pty.openpty()
    process = subprocess.Popen(
        [str(BIN / "naturalia"), *args],
        stdout=inside,
        stderr=subprocess.PIPE,
        env={**os.environ, "COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": "1"},
    )
    os.close(inside)
    shown = b""
    try:
        while chunk := os.read(screen, 65536):
            shown += chunk
    except OSError:  # the way a terminal says that it was closed
        pass
    process.communicate()
    assert process.returncode == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")


def test_a_pipe_gets_json_lines():
    done = run("cat", DC)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [record["identifier"].rpartition(":")[2] for record in records][:2] == [
        "RMNH.MOL.900001",
        "RMNH.AVES.900147",
    ]
    assert records[0]["title"] == ["Helix pomatia Linnaeus, 1758"]
    assert done.stderr == ""


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_terminal_gets_a_table_that_fits(columns):
    shown = on_terminal("cat", OI, columns=columns).splitlines()
    assert len(shown) == 7
    assert shown[0].split()[:2] == ["identifier", "title"]
    assert "90101" in shown[1]
    assert "Vlucht van een" in shown[1]
    assert max(map(len, shown)) <= columns


def test_chosen_columns_are_all_shown():
    shown = on_terminal("cat", DC, "--columns", "identifier,rights,title", columns=80).splitlines()
    assert shown[0].split() == ["identifier", "rights", "title"]


def test_csv_joins_values():
    lines = run("cat", DC, "--format", "csv", "--columns", "identifier,subject").stdout.splitlines()
    assert lines[0] == "identifier,subject"
    assert lines[1] == "oai:naturalis.example:RMNH.MOL.900001,Mollusca | Gastropoda | Helix pomatia"


def test_csv_has_one_header_for_many_files():
    lines = run("cat", DC, samples.path("nhm_oai_dc.xml"), "--format", "csv").stdout.splitlines()
    assert sum(line.startswith("identifier,") for line in lines) == 1


def test_csv_with_lists_has_json_in_its_cells():
    done = run("cat", DC, "--format", "csv", "--multi", "list")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert json.loads(rows[0]["title"]) == nat.read(DC)[0].title


@pytest.mark.parametrize("shape", ["tsv", "json", "xml"])
def test_cat_writes_what_read_reads(shape):
    done = run("cat", OI, "--format", shape)
    again = nat.read((f"out.{shape}", done.stdout.encode()))
    assert again["title"] == nat.read(OI)["title"]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.parquet", "out.jsonl", "out.xml"])
def test_convert_writes_what_read_reads_and_says_what_is_missing(name, tmp_path):
    done = run("convert", OI, str(tmp_path / name))
    assert done.returncode == 0
    assert done.stdout == ""
    assert f"6 rows to {tmp_path / name}" in done.stderr
    assert ("without their language" in done.stderr) == (name in ("out.csv", "out.xlsx"))
    assert nat.read(tmp_path / name)["title"] == nat.read(OI)["title"]


def test_convert_goes_on_from_what_it_wrote(tmp_path):
    for one, other in (("a.parquet", "b.xml"), ("b.xml", "c.jsonl"), ("c.jsonl", "d.parquet")):
        source = OI if one == "a.parquet" else str(tmp_path / one)
        if source == OI:
            assert run("convert", OI, str(tmp_path / one)).returncode == 0
        assert run("convert", str(tmp_path / one), str(tmp_path / other)).returncode == 0
    assert list(nat.read(tmp_path / "d.parquet").long()) == list(nat.read(OI).long())


def test_convert_keeps_what_is_there_when_told_so_or_when_it_fails(tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("mine")
    refused = run("convert", OI, str(out), "--no-clobber")
    assert refused.returncode == 2
    assert "there already" in refused.stderr
    cut = tmp_path / "cut.xml"
    cut.write_bytes(Path(OI).read_bytes()[:5000])
    assert run("convert", str(cut), str(out)).returncode == 4
    assert out.read_text() == "mine"
    assert run("convert", str(cut), OI, str(out), "--keep-going").returncode == 5
    assert len(nat.read(out)) == 6


def test_convert_names_the_endings_it_knows(tmp_path):
    done = run("convert", OI, str(tmp_path / "out.xslx"))
    assert done.returncode == 2
    assert "did you mean '.xlsx'?" in done.stderr


def test_cat_as_xml_takes_no_view():
    done = run("cat", DC, "--format", "xml", "--multi", "join")
    assert done.returncode == 2
    assert "XML holds records as they are" in done.stderr


def test_limit_counts_records():
    assert len(run("cat", DC, OI, "--limit", "7").stdout.splitlines()) == 7
    assert run("cat", DC, "--limit", "0").stdout == ""


def test_long_has_a_row_a_value():
    rows = [json.loads(line) for line in run("cat", OI, "--long").stdout.splitlines()]
    first = rows[0]
    assert (first["element"], first["position"], first["value"], first["lang"]) == (
        "oi:title",
        0,
        "Vlucht van een buizerd",
        "nl",
    )


def test_languages():
    preferred = json.loads(run("cat", OI, "--lang", "en,nl", "--limit", "1").stdout)
    assert preferred["title"] == ["A buzzard in flight"]
    wide = json.loads(run("cat", OI, "--lang", "wide", "--limit", "1").stdout)
    assert wide["title_nl"] == ["Vlucht van een buizerd"]


@pytest.mark.parametrize("args", [("cat", "-"), ("info", "-")])
def test_dash_is_standard_input(args):
    done = run(*args, stdin=Path(DC).read_bytes(), text=False)
    assert done.returncode == 0
    assert b"oai:naturalis.example" in done.stdout or b"ListRecords" in done.stdout


def test_output_is_utf8_whatever_the_locale():
    done = run("cat", DC, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert "♂" in done.stdout
    shown = run("cat", DC, "--format", "table", env={"LC_ALL": "C", "PYTHONUTF8": "0", "COLUMNS": "120"})
    assert "♂" in shown.stdout


def test_a_closed_pipe_is_quiet(tmp_path):
    for number in range(60):
        shutil.copy(OI, tmp_path / f"{number:03}.xml")
    script = f"set -o pipefail; '{BIN}/naturalia' cat '{tmp_path}' | head -1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("command", ["demo", "doctor", f"cat --format table '{OI}'", "--help"])
def test_whoever_stops_reading_leaves_no_error(command):
    # `true` reads nothing: the very first line finds the pipe closed.
    script = f"'{BIN}/naturalia' {command} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_and_a_missing_folder_are_said_in_words(tmp_path):
    done = run("convert", OI, str(tmp_path / "nowhere" / "out.csv"))
    assert done.returncode == 2
    assert done.stderr == f"naturalia: there is no such folder\n  in {tmp_path / 'nowhere'}\n"
    done = run("convert", OI, "/dev/full", "--format", "csv")
    assert done.returncode == 2
    assert done.stderr == "naturalia: No space left on device\n  in /dev/full\n"


def test_a_pipe_by_name_takes_the_file():
    done = run("convert", OI, "/dev/stdout", "--format", "csv", text=False)
    assert done.returncode == 0
    assert done.stdout == run("cat", OI, "--format", "csv", text=False).stdout
    assert f"{len(done.stdout):,} bytes" in done.stderr.decode()


def test_convert_writes_to_standard_output_and_makes_no_file_called_dash(tmp_path):
    script = f"cd '{tmp_path}' && '{BIN}/naturalia' convert '{OI}' - --format jsonl"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 6
    assert not list(tmp_path.iterdir())
    done = run("convert", OI, "-")
    assert done.returncode == 2
    assert "--format" in done.stderr


def test_info_says_what_a_file_is():
    text = run("info", OI).stdout
    assert "verb      ListRecords" in text
    assert "format    oai_oi" in text
    assert "9,412 in all" in text
    facts = json.loads(run("info", OI, "--format", "json").stdout)
    assert facts["records"] == 6
    assert facts["token"]["completeListSize"] == 9412


def test_info_describes_what_cannot_be_read(tmp_path):
    page = tmp_path / "login.xml"
    page.write_text("<html><body>Please log in</body></html>")
    done = run("info", str(page))
    assert done.returncode == 0
    assert "problem" in done.stdout


def cut_page(tmp_path):
    page = tmp_path / "cut.xml"
    whole = Path(DC).read_bytes()
    page.write_bytes(whole[: len(whole) // 2])
    return str(page)


def error_page(tmp_path):
    page = tmp_path / "error.xml"
    page.write_text(
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z</responseDate>'
        '<request verb="ListRecords">https://oai.example/</request>'
        '<error code="badResumptionToken">expired</error></OAI-PMH>'
    )
    return str(page)


def test_errors_say_what_where_and_what_to_do(tmp_path):
    page = cut_page(tmp_path)
    done = run("cat", page)
    what, where, *then = done.stderr.splitlines()
    assert done.returncode == 4
    assert what.startswith("naturalia: ")
    assert re.search(rf"in {re.escape(page)}:\d+:\d+", where)
    assert then
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (lambda _: ["cat", DC], 0),
        (lambda _: ["cat", "nowhere/*.xml"], 2),
        (lambda _: ["cat", "nowhere.xml"], 2),
        (lambda _: ["cat", DC, "--columns", "titel"], 2),
        (lambda _: ["cat"], 2),
        (lambda _: ["dog"], 2),
        (lambda folder: ["cat", cut_page(folder)], 4),
        (lambda folder: ["cat", error_page(folder)], 4),
        (lambda folder: ["cat", cut_page(folder), DC, "--keep-going"], 5),
        (lambda folder: ["cat", cut_page(folder), "--salvage"], 5),
        (lambda _: ["cat", samples.path("odd.xml"), "--strict"], 4),
    ],
)
def test_exit_codes(arguments, code, tmp_path):
    assert run(*arguments(tmp_path)).returncode == code


def test_a_wrong_column_gets_a_suggestion():
    assert "did you mean 'title'?" in run("cat", DC, "--columns", "titel").stderr


def test_keep_going_prints_what_is_usable(tmp_path):
    done = run("cat", cut_page(tmp_path), DC, "--keep-going")
    assert len(done.stdout.splitlines()) == 5
    assert "not read" in done.stderr


def test_interrupting_exits_with_130():
    with subprocess.Popen(
        [str(BIN / "naturalia"), "cat", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        # More than a pipe holds: once it is all written, the program is up and waits for the rest.
        process.stdin.write(b" " * (1 << 20))
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, talk = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in talk


def test_repairs_are_talked_about():
    done = run("cat", samples.path("odd.xml"))
    assert len(done.stdout.splitlines()) == 6
    assert "repairs" in done.stderr


@pytest.mark.parametrize("verb", [[], ["demo"], ["info"], ["cat"], ["completion"]])
def test_help_shows_examples_that_run(verb, tmp_path):
    (tmp_path / "pages").mkdir()
    shutil.copy(DC, tmp_path / "pages")
    shutil.copy(OI, tmp_path / "page.xml")
    text = run(*verb, "--help").stdout
    examples = re.search(r"Examples:\n((?: +.*\n)+)", text).group(1).splitlines()
    assert len(examples) == 3
    for example in examples:
        done = subprocess.run(
            ["bash", "-c", example],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{BIN}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{example}\n{done.stderr}"
        assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions(shell):
    assert "naturalia" in run("completion", shell).stdout


def test_demo_is_offline_and_ends_well():
    done = run("demo", env={"COLUMNS": "80"})
    assert done.returncode == 0
    assert done.stderr == ""
    for said in (
        "Ctrl-C during page 5: 400 records",
        "1,200 unique of 1,200 received, 1,200 declared",
        "1 retry",
        "verified",
        " media of the genus Larus",
        "NHM: 50 media of snails",
        " media of three sources",
        "Open Images",
        "records and",
    ):
        assert said in done.stdout
    table = done.stdout.split("three sources")[1].split("Licences, and")[0]
    assert all(f" {source} " in table for source in ("CRS", "NHM", "openimages.eu"))
    assert max(map(len, done.stdout.splitlines())) < 200
    assert len(re.findall(r"\.png +[\d,]{6,} bytes  CC", done.stdout)) == 3
    assert all(line[:1].strip() for line in table.splitlines()[1:] if line), "every row has a title"
    page = re.search(r"a report of all \d+: (.*naturalia-demo\.html)", done.stdout)
    report = Path(page[1]).read_text(encoding="utf-8")
    assert "<h1>Sample media of Naturalis and the NHM</h1>" in report
    assert "127.0.0.1" not in report
    assert all("fetched from" in line for line in done.stdout.splitlines() if "127.0.0.1" in line)


def test_demo_keeps_its_results_in_a_new_folder(tmp_path):
    import nbclient
    import nbformat

    folder = tmp_path / "demo"
    done = run("demo", "--keep", str(folder), env={"COLUMNS": "60"})
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line for line in done.stdout.partition("Next")[0].splitlines() if "/" not in line]
    assert max(map(len, lines)) <= 60
    assert len(nat.read(folder / "media.xlsx")) == 14
    for name in ("report.html", "sheet.html"):
        assert "data:image/" in (folder / name).read_text(encoding="utf-8")
    assert len(list((folder / "img").glob("*.png"))) == 8
    assert (folder / "img" / "ATTRIBUTION.csv").is_file()
    notebook = nbformat.read(folder / "demo.ipynb", 4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    shown = "".join(str(cell.get("outputs")) for cell in notebook.cells)
    assert "data:image/" in shown
    assert "commons: 14 media" in shown
    again = run("demo", "--keep", str(folder))
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)


def test_license_says_what_statements_mean():
    done = run("license", "CC-BY-SA 3.0 NL", "CC BY", "--unknown-only")
    assert [json.loads(line)["license_id"] for line in done.stdout.splitlines()] == ["cc-by"]
    assert "cc0-1.0" in run("license", "-", "--format", "csv", stdin="CC0 1.0\n").stdout
    assert run("license").returncode == 2


def test_check_is_a_gate(tmp_path):
    path = tmp_path / "rights.csv"
    path.write_text("rights,n\nCC BY 4.0,1\nask us,2\n", encoding="utf-8")
    done = run("check", str(path), "--column", "rights", "--for", "commons")
    assert (done.returncode, "ask us" in done.stdout, "CC BY 4.0" in done.stdout) == (6, True, False)
    sheet = str(tmp_path / "decide.xlsx")
    assert run("license", "--report", str(path), "--column", "rights", "--out", sheet).returncode == 0
    path.write_text("rights\nCC BY 4.0\n", encoding="utf-8")
    assert (
        run("check", str(path), "--column", "rights", "--for", "commons", "--decisions", sheet).returncode
        == 0
    )


def test_check_says_what_commons_takes_and_is_a_gate():
    done = run("check", OI, "--for", "commons")
    verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
    assert done.returncode == 6
    assert sorted(set(verdicts)) == ["conditional", "no", "yes"]
    assert "commons: 6 media" in done.stderr


def test_cite_prints_one_line_a_medium_and_says_what_is_missing():
    done = run("cite", OI)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 6
    assert run("cite", DC, "--style", "bibtex").stderr.startswith("5 citations; missing: ")


def test_report_writes_one_page_that_asks_nobody(tmp_path):
    done = run("report", OI, str(tmp_path / "r.html"), "--title", "<Gulls>")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert done.returncode == 0
    assert "&lt;Gulls&gt;" in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!data:|https?://)', page)
    assert not re.findall(r'<(?:img|link|iframe)[^>]+(?:src|href)="http', page)
    assert f"naturalia report {OI}" in page


def test_convert_takes_what_records_leave_open(tmp_path):
    out = tmp_path / "out.jsonl"
    options = ["--unit-from", "source", "--institution-from", "publisher", "--constant", "owner=Museum"]
    done = run("convert", DC, str(out), "--to", "nba", *options, "--set", "Mollusca=collection:Shells")
    assert done.returncode == 0, done.stderr
    first = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert (first["unitID"], first["owner"], first["collectionType"]) == (
        "RMNH.MOL.900001",
        "Museum",
        "Shells",
    )
    assert first["sourceInstitutionID"] == "Naturalis Biodiversity Center"
    wrong = run("convert", DC, str(out), "--to", "nba", "--constant", "owner")
    assert wrong.returncode == 2
    assert "is not NAME=TEXT" in wrong.stderr


def test_convert_reports_the_dialect_and_takes_another(tmp_path):
    address = "http://commons.example/cgi/viewcontent.cgi?article=1"
    given = tmp_path / "page.xml"
    given.write_bytes(building.page(record(dc(f"<dc:identifier>{address}</dc:identifier>"))))
    out = tmp_path / "out.ndjson"
    done = run("convert", str(given), str(out), "--to", "nba")
    assert "1  records were recognised as bepress" in done.stderr
    assert json.loads(out.read_text())["serviceAccessPoints"][0]["accessUri"] == address
    done = run("convert", str(given), str(out), "--to", "nba", "--dialect", "plain")
    assert "recognised" not in done.stderr
    assert not json.loads(out.read_text()).get("serviceAccessPoints")
    done = run("convert", str(given), str(out), "--to", "nba", "--dialect", "dspase")
    assert done.returncode == 2
    assert "known here are openimages" in done.stderr


def test_crosswalk_explains_a_dialect():
    done = run("crosswalk", "oai_dc", "nba", "--dialect", "dspace", "--explain", "dc_identifier")
    assert "nx:oai_dc.dspace.001" in done.stdout
    assert "metadata_rights" in run("crosswalk", "--help").stdout
