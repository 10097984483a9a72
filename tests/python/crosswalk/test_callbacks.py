"""An exception in code of the caller keeps its type and traceback, whatever part of the core called it."""

import asyncio
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, RawIOBase

import naturalia as nat
import pyarrow as pa
import pytest


class Own(Exception):
    """An exception of the caller."""

    def __init__(self, code, detail):
        super().__init__(code, detail)
        self.code = code


EXCEPTIONS = [
    ValueError("boom"),
    Own(7, "detail"),
    OSError(28, "no space", "x.tif"),
    KeyError("k"),
    StopIteration(1),
]
PASSING = [KeyboardInterrupt("now"), SystemExit(3), GeneratorExit(), asyncio.CancelledError()]


@pytest.fixture
def table():
    return nat.read(nat.samples.path("naturalis_oai_dc.xml"))


def raising(exception):
    """A function for a crosswalk that raises from an inner function."""

    def inner_function(_):
        raise exception

    def outer_function(values):
        return inner_function(values)

    return outer_function


def names_of_frames(exception):
    return [frame.name for frame in traceback.extract_tb(exception.__traceback__)]


@pytest.mark.parametrize("exception", EXCEPTIONS, ids=repr)
def test_an_exception_of_a_function_is_the_cause_of_the_crosswalk_error(table, exception):
    x = nat.crosswalk("oai_dc", "media", rules={("title", "titles"): raising(exception)})
    with pytest.raises(nat.errors.CrosswalkError) as caught:
        x.apply(table)
    assert caught.value.__cause__ is exception
    assert names_of_frames(exception)[-2:] == ["outer_function", "inner_function"]
    assert type(exception).__name__ in str(caught.value)
    shown = "".join(traceback.format_exception(caught.value))
    assert "direct cause" in shown
    assert "inner_function" in shown


@pytest.mark.parametrize("exception", PASSING, ids=repr)
def test_what_is_not_an_exception_passes_unchanged(table, exception):
    x = nat.crosswalk("oai_dc", "media", rules={("title", "titles"): raising(exception)})
    with pytest.raises(type(exception)) as caught:
        x.apply(table)
    assert caught.value is exception
    assert names_of_frames(exception)[-2:] == ["outer_function", "inner_function"]
    # The crosswalk is as it was: another table is mapped, or fails, in the same way.
    with pytest.raises(type(exception)):
        x.apply(table)


@pytest.mark.parametrize("exception", [*EXCEPTIONS[:2], *PASSING[:2]], ids=repr)
def test_the_same_holds_for_an_inverse_function(table, exception):
    # The forward mapping calls the inverse too, to see which values it brings back.
    expected = nat.errors.CrosswalkError if isinstance(exception, Exception) else type(exception)
    x = nat.crosswalk("oai_dc", "media", rules={("title", "titles"): (list, raising(exception))})
    with pytest.raises(expected) as caught:
        x.apply(table)
    assert exception in (caught.value, caught.value.__cause__)
    media = nat.crosswalk("oai_dc", "media").apply(table).table
    with pytest.raises(expected) as caught:
        x.invert().apply(media)
    assert exception in (caught.value, caught.value.__cause__)
    assert "inner_function" in names_of_frames(exception)


@pytest.mark.parametrize("exception", [*EXCEPTIONS[:2], *PASSING], ids=repr)
def test_the_same_holds_in_a_worker_thread(table, exception):
    x = nat.crosswalk("oai_dc", "media", rules={("title", "titles"): raising(exception)})
    raised = []

    def work():
        try:
            x.apply(table)
        except BaseException as error:  # noqa: BLE001 - whatever it is
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    (error,) = raised
    assert exception in (error, error.__cause__)
    assert "inner_function" in names_of_frames(exception)
    if not isinstance(exception, Exception):
        assert error is exception


def test_two_threads_each_get_the_exception_of_their_own_call(table):
    def function(_):
        raise ValueError(threading.current_thread().name)

    x = nat.crosswalk("oai_dc", "media", rules={("title", "titles"): function})

    def name_of(_):
        with pytest.raises(nat.errors.CrosswalkError) as caught:
            x.apply(table)
        return str(caught.value.__cause__) == threading.current_thread().name

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(name_of, range(40)))


class Answers:
    """A sequence whose items fail."""

    def __init__(self, exception, size):
        self.exception, self.size = exception, size

    def __len__(self):
        return self.size

    def __getitem__(self, at):
        raise self.exception


def sequence(exception):
    from collections.abc import Sequence

    class Failing(Answers, Sequence):
        pass

    return lambda values: Failing(exception, len(values))


@pytest.mark.parametrize("exception", [EXCEPTIONS[0], *PASSING[:2]], ids=repr)
def test_an_exception_while_the_answers_are_read_is_kept_too(table, exception):
    x = nat.crosswalk("oai_dc", "media", rules={("title", "titles"): sequence(exception)})
    expected = nat.errors.CrosswalkError if isinstance(exception, Exception) else type(exception)
    with pytest.raises(expected) as caught:
        x.apply(table)
    assert exception in (caught.value, caught.value.__cause__)


@pytest.mark.parametrize("answer", [None, "text", 1, [1], iter([])])
def test_an_answer_of_another_type_is_a_crosswalk_error_with_the_type_error_as_cause(table, answer):
    x = nat.crosswalk("oai_dc", "media", rules={("title", "titles"): lambda _: answer})
    with pytest.raises(nat.errors.CrosswalkError, match="list of texts") as caught:
        x.apply(table)
    assert isinstance(caught.value.__cause__, TypeError)


def test_a_crosswalk_error_inside_a_function_is_kept_as_it_is(table):
    inner = nat.crosswalk("oai_dc", "media", rules={("title", "titles"): raising(ValueError("deep"))})

    def outer(_):
        inner.apply(table)

    with pytest.raises(nat.errors.CrosswalkError) as caught:
        nat.crosswalk("oai_dc", "media", rules={("title", "titles"): outer}).apply(table)
    cause = caught.value.__cause__
    assert isinstance(cause, nat.errors.CrosswalkError)
    assert str(cause.__cause__) == "deep"


def test_an_error_without_an_exception_of_the_caller_has_no_cause(table):
    x = nat.crosswalk("oai_dc", "media", rules={("title", "titles"): lambda _: []})
    with pytest.raises(nat.errors.CrosswalkError, match="gave 0 values") as caught:
        x.apply(table)
    assert caught.value.__cause__ is None


# Frames and their Arrow streams


class Frame:
    """Something with an Arrow stream that fails before there is one."""

    def __init__(self, exception):
        self.exception = exception

    def __arrow_c_stream__(self, requested_schema=None):
        raise self.exception


def batches(exception):
    """A reader of pyarrow over a generator that fails after its first batch."""
    schema = pa.schema({"a": pa.string()})

    def inner_function():
        yield pa.record_batch({"a": ["x"]}, schema)
        raise exception

    return pa.RecordBatchReader.from_batches(schema, inner_function())


@pytest.mark.parametrize("exception", [*EXCEPTIONS[:4], *PASSING[:2]], ids=repr)
@pytest.mark.parametrize("frame", [Frame, batches])
def test_an_exception_of_a_frame_passes_unchanged(exception, frame):
    with pytest.raises(type(exception)) as caught:
        nat.Table(frame(exception))
    assert caught.value is exception
    with pytest.raises(type(exception)):
        nat.write(frame(exception), BytesIO(), format="csv")


def test_a_reader_of_pyarrow_is_read_to_its_end():
    schema = pa.schema({"a": pa.string()})
    reader = pa.RecordBatchReader.from_batches(
        schema, [pa.record_batch({"a": [text]}, schema) for text in "xyz"]
    )
    assert nat.Table(reader)["a"] == ["x", "y", "z"]
    empty = nat.Table(pa.RecordBatchReader.from_batches(schema, []))
    assert (len(empty), empty.columns) == (0, ["a"])


# Open files


class File(RawIOBase):
    """A file that fails at its second call."""

    def __init__(self, exception):
        self.exception = exception
        self.calls = 0

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, buffer):
        return self.used() or self.fill(buffer)

    def fill(self, buffer):
        buffer[:1] = b"<"
        return 1

    def write(self, data):
        self.used()
        return len(data)

    def used(self):
        self.calls += 1
        if self.calls > 1:
            raise self.exception


@pytest.mark.parametrize("exception", [*EXCEPTIONS[:4], *PASSING[:2]], ids=repr)
def test_an_exception_of_an_open_file_passes_unchanged(table, exception):
    with pytest.raises(type(exception)) as caught:
        nat.read(File(exception))
    assert caught.value is exception
    tables = [table[:1]] * 3
    for kind in ("csv", "tsv", "jsonl", "json", "xml", "parquet", "xlsx"):
        with pytest.raises(type(exception)) as caught:
            nat.write(iter(tables) if kind != "xlsx" else table, Grudging(exception), format=kind)
        assert caught.value is exception, kind


class Grudging(File):
    """A file that fails at its first call."""

    def used(self):
        raise self.exception


@pytest.mark.parametrize("exception", [*EXCEPTIONS[:2], *PASSING[:2]], ids=repr)
def test_an_exception_of_an_iterator_of_tables_passes_unchanged(table, exception):
    def tables():
        yield table
        raise exception

    for kind in ("csv", "jsonl", "xml", "parquet", "xlsx"):
        with pytest.raises(type(exception)) as caught:
            nat.write(tables(), BytesIO(), format=kind)
        assert caught.value is exception
    with pytest.raises(type(exception)) as caught:
        table.filter(raising(exception))
    assert caught.value is exception
    assert sys.exc_info() == (None, None, None)
