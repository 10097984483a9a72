"""From a path, a glob, a folder, bytes, an open file or a list of them: the same table."""

import gzip
import io
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import naturalia as nat
import pytest
from naturalia import errors
from support.building import dc, error_page, oi, page, record, title
from support.observed import identifiers, read, texts


def numbered(*numbers: int) -> bytes:
    return page(*(record(dc(title(str(n))), n) for n in numbers))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pages, in an order that only sorting gives: 1, 2 and, in a folder below, 3."""
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(numbered(2)))
    (tmp_path / "a.xml").write_bytes(numbered(1))
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "page.xml").write_bytes(numbered(3))
    (tmp_path / "notes.txt").write_text("not a page")
    return tmp_path


def test_a_path_may_be_text_or_a_path_object(folder: Path) -> None:
    assert texts(read(folder / "a.xml")) == texts(read(str(folder / "a.xml"))) == ["1"]


def test_a_folder_is_all_its_pages_below_in_sorted_order(folder: Path) -> None:
    assert texts(read(folder)) == texts(read(str(folder))) == ["1", "2", "3"]


def test_a_glob_is_its_files_in_sorted_order(folder: Path) -> None:
    assert texts(read(str(folder / "*.xml*"))) == ["1", "2"]
    assert texts(read(str(folder / "**" / "*.xml"))) == ["1", "3"]


def test_bytes_an_open_file_and_a_stream_are_read_like_a_file(folder: Path) -> None:
    data = (folder / "a.xml").read_bytes()
    with open(folder / "a.xml", "rb") as stream:
        assert texts(read(stream)) == ["1"]
    assert texts(read(data)) == texts(read(bytearray(data))) == texts(read(io.BytesIO(data))) == ["1"]


def test_a_file_open_as_text_is_refused_because_its_encoding_is_already_guessed(folder: Path) -> None:
    with open(folder / "a.xml", encoding="utf-8") as stream, pytest.raises(TypeError, match="rb"):
        read(stream)


def test_xml_as_text_is_refused_with_advice() -> None:
    with pytest.raises(ValueError, match="encode"):
        read(numbered(1).decode())


def test_a_gzipped_file_is_unpacked_whatever_its_name(folder: Path) -> None:
    packed = (folder / "b.xml.gz").read_bytes()
    (folder / "plain.xml").write_bytes(packed)
    assert texts(read(folder / "b.xml.gz")) == texts(read(folder / "plain.xml")) == ["2"]
    assert texts(read(packed)) == ["2"]


def test_a_list_may_mix_paths_bytes_and_files(folder: Path) -> None:
    mixed = [folder / "c" / "page.xml", numbered(7, 8), str(folder / "a.xml"), io.BytesIO(numbered(9))]
    assert texts(read(mixed)) == ["3", "7", "8", "1", "9"]


def test_a_generator_of_pages_is_read() -> None:
    assert texts(read(numbered(n) for n in range(5))) == list("01234")


def test_a_missing_file_is_a_file_not_found_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nowhere.xml")
    with pytest.raises(FileNotFoundError):
        read(str(tmp_path / "*.xml"))


@pytest.mark.parametrize("wrong", [None, 3, object()])
def test_anything_else_is_a_type_error(wrong: object) -> None:
    with pytest.raises(TypeError):
        read(wrong)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(TypeError):
        read(numbered(1), stric=True)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_order_and_content_do_not_depend_on_threads(threads: int, tmp_path: Path) -> None:
    for n in range(60):
        (tmp_path / f"{n:03}.xml").write_bytes(numbered(*range(n * 3, n * 3 + 3)))
    table = read(tmp_path, threads=threads)
    assert texts(table) == [str(n) for n in range(180)]
    assert table.report.pages == 60


def test_repairs_do_not_depend_on_threads(tmp_path: Path) -> None:
    for n in range(20):
        (tmp_path / f"{n:03}.xml").write_bytes(page(record(dc(title(f"{n} & &nbsp;")), n)))
    assert read(tmp_path, threads=1).report.repairs == read(tmp_path, threads=2).report.repairs


def test_each_repair_of_a_long_line_has_its_own_place() -> None:
    """The places are compared with a count over the whole input."""
    titles = ["é & " * 300, "one\n& two &\n\n&", "& " * 50]
    raw = page(*(record(dc(title(text)), number) for number, text in enumerate(titles)))
    found = [(repair.line, repair.offset) for repair in read(raw).report.repairs]
    expected = []
    for offset in (at for at in range(len(raw)) if raw[at : at + 1] == b"&"):
        before = raw[:offset].decode()
        line = before.count("\n") + 1
        expected.append((line, offset))
    assert len(expected) == 353
    assert found == expected


def test_a_scan_hands_out_the_same_rows_in_the_same_order(folder: Path) -> None:
    parts = list(nat.scan(folder))
    assert [t for part in parts for t in texts(part)] == ["1", "2", "3"]
    assert all(part.format == "oai_dc" for part in parts)


def test_a_scan_can_be_started_twice(folder: Path) -> None:
    query = nat.scan(folder)
    assert [len(p) for p in query] == [len(p) for p in query]


def test_a_scan_collects_into_the_table_read_gives(folder: Path) -> None:
    collected = nat.scan(folder).collect()
    assert identifiers(collected) == identifiers(read(folder))
    assert collected.report.pages == 3


def test_formats_mixed_in_one_read_raise(folder: Path) -> None:
    (folder / "d.xml").write_bytes(page(record(oi("<oi:title>x</oi:title>"))))
    with pytest.raises((errors.NaturaliaError, ValueError), match="format"):
        read(folder)


def test_one_of_mixed_formats_can_be_asked_for(folder: Path) -> None:
    (folder / "d.xml").write_bytes(page(record(oi("<oi:title>x</oi:title>"))))
    assert texts(read(folder, format="oai_oi"), "oi:title") == ["x"]
    assert texts(read(folder, format="oai_dc")) == ["1", "2", "3"]


def test_an_unknown_format_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="oai_dc"):
        read(numbered(1), format="oai_cd")


def test_keep_going_reads_the_rest_and_names_the_problems(folder: Path) -> None:
    (folder / "aa.xml").write_bytes(b"<html>Down</html>")
    (folder / "ab.xml").write_bytes(numbered(5)[:-9])
    (folder / "ac.xml").write_bytes(error_page(("badArgument", "no")))
    table = read(folder, keep_going=True)
    assert texts(table) == ["1", "2", "3"]
    told = table.report
    named = [p.source for p in told.problems] + [e.source for e in told.errors]
    assert sorted(Path(n).name for n in named) == ["aa.xml", "ab.xml", "ac.xml"]


def test_without_keep_going_the_first_problem_is_raised_with_its_file(folder: Path) -> None:
    (folder / "aa.xml").write_bytes(b"<html>Down</html>")
    with pytest.raises(errors.NotOaiPmh) as refused:
        read(folder)
    assert "aa.xml" in str(refused.value)


def test_no_pages_at_all_is_an_error_not_an_empty_table(tmp_path: Path) -> None:
    with pytest.raises((FileNotFoundError, ValueError)):
        read(tmp_path)


def test_errors_say_where_in_the_file(tmp_path: Path) -> None:
    data = numbered(1).replace(b"<dc:title>", b"\n\n  <dc:title>\x0b")
    (tmp_path / "x.xml").write_bytes(data)
    with pytest.raises(errors.ParseError) as refused:
        read(tmp_path / "x.xml", strict=True)
    at = refused.value
    assert (at.line, at.column, at.offset) == (3, 13, data.index(b"\x0b"))
    assert str(at.source).endswith("x.xml")
    assert "x.xml:3:13" in str(at)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        numbered(1)[:-4],
        numbered(1).replace(b"<dc:", b"\x0b<dc:", 1),
        error_page(("badVerb", "b"), ("x", "y")),
    ],
)
def test_every_error_survives_pickling(data: bytes) -> None:
    with pytest.raises(errors.NaturaliaError) as raised:
        read(data, strict=True)
    again = pickle.loads(pickle.dumps(raised.value))
    assert type(again) is type(raised.value)
    assert str(again) == str(raised.value)
    assert vars(again) == vars(raised.value)


def _child(queue: multiprocessing.Queue, data: list[bytes]) -> None:
    queue.put(len(nat.read(data, threads=2)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_reading_works_after_a_fork() -> None:
    pages = [numbered(n) for n in range(40)]
    assert len(read(pages, threads=2)) == 40
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_child, args=(queue, pages))
    child.start()
    assert queue.get(timeout=60) == 40
    child.join(60)
    assert child.exitcode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_ctrl_c_during_a_long_read_is_a_keyboard_interrupt(tmp_path: Path) -> None:
    (tmp_path / "page.xml").write_bytes(page(*(record(dc(title("x" * 500)), n) for n in range(2000))))
    script = f"""
        import naturalia as nat
        files = [{str(tmp_path / "page.xml")!r}] * 20000
        print("reading", flush=True)
        try:
            nat.read(files)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "reading\n"
    import time

    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    assert "interrupted" in out


def many_kinds(number: int, padding: int) -> str:
    """A record with everything that could be confused where a piece of a big file ends."""
    about = (
        '<about><provenance xmlns="http://p.example/" xmlns:x="http://x.example/"><x:a>1</x:a>'
        f"{'p' * padding}</provenance></about>"
    )
    payload = (
        f"<a><b xmlns='http://b.example/' xmlns:c='http://c.example/'><c:d/>{number}</b><e>é & &nbsp;</e>"
        f"<![CDATA[</record>]]><!-- <record> --><f x='>'>{'y' * padding}</f><q:r/></a>"
    )
    return record(payload, number, about=about)


@pytest.mark.parametrize("padding", [1, 350, 900, 2111])
def test_a_big_file_is_the_sum_of_its_records_wherever_its_pieces_end(padding: int, tmp_path: Path) -> None:
    """Files of more than a few megabytes are read in pieces."""
    count = 6_000_000 // len(many_kinds(0, padding))
    records = [many_kinds(number, padding) for number in range(count)]
    (tmp_path / "big.xml").write_bytes(page(*records, token="<resumptionToken>t</resumptionToken>"))
    big, small = (
        read(tmp_path / "big.xml"),
        read([page(*records[n : n + 50]) for n in range(0, len(records), 50)]),
    )
    for column in ("identifier", "metadata", "extra"):
        assert big[column] == small[column]
    assert [tuple(r)[2::3] for r in big.report.repairs] == [tuple(r)[2::3] for r in small.report.repairs]
    assert big.pages[0].token == ("t", None, None, None, {})
    parts = list(nat.scan(tmp_path / "big.xml"))
    assert len(parts) > 1
    assert [m for part in parts for m in part["metadata"]] == small["metadata"]


@pytest.mark.parametrize("padding", [1, 777])
def test_a_big_file_keeps_its_names_wherever_its_pieces_end(padding: int, tmp_path: Path) -> None:
    inner = '<n xmlns="http://n.example/" xmlns:dc="http://other.example/"><dc:title>no</dc:title></n>'
    records = [
        record(
            dc(title(f"{n}{'t' * padding}"), inner, "<q>no namespace</q>"), n, about=f"<about>{inner}</about>"
        )
        for n in range(5_000_000 // (padding + 700))
    ]
    (tmp_path / "big.xml").write_bytes(page(*records))
    big, small = (
        read(tmp_path / "big.xml"),
        read([page(*records[n : n + 50]) for n in range(0, len(records), 50)]),
    )
    assert [tuple(r) for r in big.long()] == [tuple(r) for r in small.long()]


@pytest.mark.soak
def test_a_file_of_70_megabytes_is_read_like_its_pages(tmp_path: Path) -> None:
    body = "y" * 2000
    with open(tmp_path / "big.xml", "wb") as out:
        start, end = page().split(b"</ListRecords>")
        out.write(start)
        out.writelines(record(dc(title(f"{n} & {body}")), n).encode() for n in range(34_000))
        out.write(b"</ListRecords>" + end)
    assert (tmp_path / "big.xml").stat().st_size > 70_000_000
    table = read(tmp_path / "big.xml")
    assert len(table) == 34_000
    assert [t.partition(" ")[0] for t in texts(table)] == [str(n) for n in range(34_000)]
    data = (tmp_path / "big.xml").read_bytes()
    for number in (0, 17_000, 33_999):
        assert data[table.report.repairs[number].offset] == ord("&")
    assert sum(len(p) for p in nat.scan(tmp_path / "big.xml")) == 34_000
    (tmp_path / "big.xml").write_bytes(data[:-5])
    with pytest.raises(errors.Truncated):
        read(tmp_path / "big.xml")
    handed = []
    with pytest.raises(errors.Truncated):
        handed.extend(len(part) for part in nat.scan(tmp_path / "big.xml"))
    assert sum(handed) < 34_000
