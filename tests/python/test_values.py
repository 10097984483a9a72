"""Functions on values from Python: what a rule of a crosswalk makes of a text."""

import pytest
from naturalia import _core


def test_a_value_has_its_shape():
    assert _core.value("date.edtf", "omstreeks 1900")[0] == "1900~"
    assert _core.value("split", "vogels;zee", [";"])[0] == ["vogels", "zee"]
    assert _core.value("name.role", "Haan, Piet de (regie)")[0] == {
        "name": "Haan, Piet de",
        "role": "regie",
        "kind": "person",
    }


def test_what_is_not_understood_has_a_kind_and_a_reason():
    assert _core.value("date.edtf", "05-09-1952") == (None, "ambiguous", "day and month can't be told apart")
    assert _core.value("date.edtf", "z.d.")[1] == "placeholder"
    assert _core.value("date.edtf", "1953-02-30")[1] == "impossible"
    assert _core.value("date.edtf", "Mission period")[1] == "unknown"


def test_a_value_goes_back():
    assert _core.value("name.role", "Bloemendal, Philip ( commentaar)", back=True)[0] == (
        "Bloemendal, Philip ( commentaar)"
    )
    assert _core.value("lang.name_en", "nld", back=True)[0] == "Dutch"


def test_a_wrong_call_says_what_is_wrong():
    with pytest.raises(ValueError, match=r"no function date\.edft"):
        _core.value("date.edft", "1900")
    with pytest.raises(ValueError, match=r"split takes \(separator\), not 0 arguments"):
        _core.value("split", "a;b")
    with pytest.raises(ValueError, match="no way back"):
        _core.value("mime.from_url", "http://x.org/y.png", back=True)
