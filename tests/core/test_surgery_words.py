"""What an examination found crosses processes as JSON, and nothing else passes for it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.surgery.examined import Cut, Examined

FOUND = Examined(
    sha256="0" * 64,
    bytes=1000,
    input_name="data",
    layout="NHWC",
    channels=3,
    height=224,
    width=224,
    batch_free=True,
    precision="float32",
    opset=13,
    producer="someone 1.0",
    layers=(Cut("stage1", "a", 8, "a", 56, 56, "mean"), Cut("embedding", "b", 24), Cut("logits", "c", 10)),
    class_output="logits",
    embedding_output="embedding",
    map_output="stage1",
    ends_in_global_pool=False,
    is_segmentation=False,
    classes=10,
    softmax=True,
    sentences=("It does.",),
    trial_size=(224, 224),
)


def test_there_and_back() -> None:
    assert Examined.from_dict(json.loads(json.dumps(FOUND.to_dict()))) == FOUND
    assert FOUND.layer("embedding").dimension == 24
    with pytest.raises(KeyError):
        FOUND.layer("stage9")


def _without(value: dict[str, Any], path: list[str | int]) -> dict[str, Any]:
    made: Any = copy.deepcopy(value)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return made


@pytest.mark.parametrize("key", list(FOUND.to_dict()))
def test_nothing_may_be_missing(key: str) -> None:
    with pytest.raises(ValueError):
        Examined.from_dict(_without(FOUND.to_dict(), [key]))


@pytest.mark.parametrize("key", list(FOUND.to_dict()["layers"][0]))
def test_nothing_may_be_missing_of_a_layer(key: str) -> None:
    with pytest.raises(ValueError):
        Examined.from_dict(_without(FOUND.to_dict(), ["layers", 0, key]))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("bytes", -1),
        ("bytes", 2**60),
        ("bytes", True),
        ("layout", "NCWH"),
        ("layout", ["NCHW"]),
        ("batch_free", 1),
        ("layers", {}),
        ("layers", [FOUND.to_dict()["layers"][0]] * 2),
        ("layers", [5]),
        ("class_output", "stage7"),
        ("sentences", "It does."),
        ("sentences", ["x"] * 2000),
        ("trial_size", [1, 2, 3]),
    ],
)
def test_what_is_no_such_value_is_refused(key: str, value: object) -> None:
    with pytest.raises(ValueError):
        Examined.from_dict({**FOUND.to_dict(), key: value})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*FOUND.to_dict(), "name"]), inner),
)


@given(value=_JSON, key=st.sampled_from(list(FOUND.to_dict())))
def test_foreign_json_is_refused_or_taken_but_never_harmful(value: object, key: str) -> None:
    for whole in (value, {**FOUND.to_dict(), key: value}):
        try:
            found = Examined.from_dict(whole)
        except ValueError:
            continue
        assert Examined.from_dict(json.loads(json.dumps(found.to_dict()))) == found
