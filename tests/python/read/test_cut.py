"""A page that ends too early is never read as a shorter one, and no bytes crash the process."""

import random
import subprocess
import sys
import textwrap
from pathlib import Path

import naturalia as nat
import pytest
from conftest import FIXTURES, corpus_files
from naturalia import errors
from support.building import dc, page, record, title
from support.observed import identifiers, read, refusal, repairs, texts

PAGES = sorted(p.name for p in FIXTURES.glob("*.xml") if p.name != "bare_records.xml")


PIECES = [
    *b"""
    < > & ]]> <![CDATA[ <!-- --> <?xml ?> <record> </record> <metadata> </metadata> <OAI-PMH> </OAI-PMH>
    xmlns:dc="" <!DOCTYPE <dc:title/> <error> =" <header <![ </ /> &# &#xD800; <a:b:c>
    """.split(),
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r"),
]


def root_end(data: bytes) -> int:
    """The byte after which nothing but blanks follows."""
    return len(data.rstrip())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_cut_at_any_byte_is_an_error(name: str, fixtures: Path) -> None:
    data = (fixtures / name).read_bytes()
    for end in range(data.index(b"</OAI-PMH>") + len(b"</OAI-PMH>")):
        for strict in (False, True):
            assert refusal(data[:end], strict=strict), f"cut at byte {end} was read, strict={strict}"


def test_a_file_of_pages_cut_at_any_byte_of_a_later_page_is_noticed(fixtures: Path) -> None:
    data = (fixtures / "several_pages.xml").read_bytes()
    first = data.index(b"</OAI-PMH>") + len(b"</OAI-PMH>")
    for end in range(first, root_end(data)):
        tail = data[first:end].strip()
        between = not tail or tail.endswith(b"?>")
        assert between or refusal(data[:end]) or repairs(read(data[:end])), f"cut at byte {end}"
        assert between or refusal(data[:end], strict=True), f"cut at byte {end}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_from_the_end_of_its_root_on(name: str, fixtures: Path) -> None:
    data = (fixtures / name).read_bytes()
    for end in range(root_end(data), len(data) + 1):
        read(data[:end], strict=True)


def test_a_bare_record_cut_at_any_byte_is_an_error() -> None:
    data = record(dc(title("Larus")), about="<about><x/></about>").encode()
    read(data)
    for end in range(len(data)):
        assert refusal(data[:end]), f"cut at byte {end} was read"


def test_a_page_cut_inside_its_records_counts_the_complete_ones() -> None:
    data = page(*(record(dc(title(str(n))), n) for n in range(10)))
    starts = [i for i in range(len(data)) if data.startswith(b"<record>", i)]
    for complete, start in enumerate(starts):
        with pytest.raises(errors.Truncated) as cut:
            read(data[: start + 20])
        assert cut.value.records == complete


def test_salvage_gives_the_complete_records_and_counts_the_loss() -> None:
    data = page(*(record(dc(title(str(n))), n) for n in range(10)))
    cut = data[: data.index(b"<dc:title>7") + 9]
    table = read(cut, salvage=True)
    assert texts(table) == [str(n) for n in range(7)]
    assert len(table.report.problems) == 1
    assert "7" in table.report.problems[0].message


def test_salvage_of_a_whole_page_is_the_page() -> None:
    data = page(*(record(dc(title(str(n))), n) for n in range(10)))
    assert identifiers(read(data, salvage=True)) == identifiers(read(data))
    assert read(data, salvage=True).report.problems == []


def test_a_scan_of_a_cut_file_ends_in_an_error_after_complete_pages(tmp_path: Path) -> None:
    """What a scan handed out before the error is complete; what it did not is named."""
    whole = page(*(record(dc(title(str(n))), n) for n in range(5)))
    (tmp_path / "dump.xml").write_bytes(whole + whole[: len(whole) // 2])
    parts = []
    with pytest.raises(errors.Truncated):
        parts.extend(nat.scan(tmp_path / "dump.xml"))
    assert [len(part) for part in parts] in ([], [5])


def test_reading_several_files_of_which_one_is_cut_gives_nothing(tmp_path: Path) -> None:
    whole = page(record(dc(title("a"))))
    (tmp_path / "1.xml").write_bytes(whole)
    (tmp_path / "2.xml").write_bytes(whole[:-5])
    with pytest.raises(errors.Truncated) as cut:
        read(tmp_path)
    assert str(cut.value.source).endswith("2.xml")


def outcome(data: bytes, strict: bool) -> int:
    """Rows, or -1 for a clean refusal. Anything else is a crash."""
    try:
        return len(read(data, strict=strict))
    except (errors.NaturaliaError, ValueError):
        return -1


@pytest.mark.parametrize("name", PAGES)
def test_random_bit_flips_never_crash(name: str, fixtures: Path) -> None:
    data = (fixtures / name).read_bytes()
    chance = random.Random(name)
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        outcome(bytes(broken), strict=chance.random() < 0.3)


@pytest.mark.parametrize("name", PAGES)
def test_random_splices_never_crash(name: str, fixtures: Path) -> None:
    data = (fixtures / name).read_bytes()
    chance = random.Random(name)
    for _ in range(300):
        broken = data
        for _ in range(chance.randint(1, 4)):
            at, drop = chance.randrange(len(broken)), chance.choice((0, 0, 1, 7, 60))
            broken = broken[:at] + chance.choice(PIECES) + broken[at + drop :]
        outcome(broken, strict=chance.random() < 0.3)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
@pytest.mark.parametrize("find", sorted(FIXTURES.glob("finds/*")), ids=lambda p: p.stem)
def test_what_once_crashed_or_hung_is_read_or_refused(find: Path) -> None:
    """In a process of its own, with little memory and time."""
    script = f"""
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        import naturalia as nat
        for strict in (False, True):
            try:
                nat.read({str(find)!r}, strict=strict, threads=1)
            except nat.errors.NaturaliaError:
                pass
    """
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)]
    assert subprocess.run(command, timeout=20, check=False).returncode == 0


@pytest.mark.corpus
@pytest.mark.parametrize("file", corpus_files("responses/**/*"), ids=lambda p: "/".join(p.parts[-2:]))
def test_a_recorded_page_cut_anywhere_is_an_error(file: Path) -> None:
    data = file.read_bytes()
    if isinstance(refusal(data), errors.ParseError):
        return  # refused whole as well
    end = root_end(data)
    for at in range(0, end, max(1, end // 50)):
        assert isinstance(refusal(data[:at]), (errors.ParseError, errors.NotOaiPmh)), f"cut at byte {at}"


@pytest.mark.corpus
def test_corpus_cuts_did_run() -> None:
    assert corpus_files("responses/**/*")
