"""What cannot be used, and files that were made to do harm, are refused in one sentence each."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.examine import examine
from tests.core import tiny_networks
from tests.core.tiny_networks import Net, save


def _with_input(*sides: int | str, kind: int = TensorProto.FLOAT, name: str = "image") -> ModelProto:
    net = Net()
    net.add("Identity", name, output="y")
    model = net.model([("y", sides)], sides, kind=kind, answers=kind)
    model.graph.input[0].name = name
    return model


def _boxes() -> ModelProto:
    net = Net()
    x = net.conv("image", 3, 8)
    boxes = net.add("Reshape", net.conv(x, 8, 4), net.whole(1, -1, 4))
    scores = net.add("Reshape", net.conv(x, 8, 1), net.whole(1, 1, -1))
    net.add("NonMaxSuppression", boxes, scores, output="chosen")
    return net.model([("chosen", ["n", 3])], answers=TensorProto.INT64)


def _rows() -> ModelProto:
    net = Net()
    x = net.add("Reshape", net.conv("image", 3, 85, stride=4, relu=False), net.whole(1, 85, 64))
    net.add("Transpose", x, perm=[0, 2, 1], output="output0")
    return net.model([("output0", [1, 64, 85])], [1, 3, 32, 32])


def _grids() -> ModelProto:
    net = Net()
    outputs = []
    x = net.conv("image", 3, 8, stride=2)
    for place, side in enumerate((8, 4, 2)):
        x = net.conv(x, 8, 8, stride=2)
        net.add("Conv", x, net.weight(255, 8, 1, 1), output=f"grid{place}")
        outputs.append((f"grid{place}", ["N", 255, side, side]))
    return net.model(outputs)


def _two_inputs() -> ModelProto:
    net = Net()
    net.add("Add", "image", "other", output="y")
    other = helper.make_tensor_value_info("other", TensorProto.FLOAT, ["N", 3, 32, 32])
    return net.model([("y", ["N", 3, 32, 32])], inputs=[other])


def _own_operator() -> ModelProto:
    net = Net()
    net.add("Secret", net.conv("image", 3, 8), output="y", domain="their.own")
    return net.model([("y", ["N", 10])])


def _forbidden_operator() -> ModelProto:
    net = Net()
    net.add("EPContext", net.conv("image", 3, 8), output="y", domain="com.microsoft", ep_cache_context="/etc/passwd")
    return net.model([("y", ["N", 10])])


def _unknown_operator() -> ModelProto:
    net = Net()
    net.add("NoSuchThing", net.conv("image", 3, 8), output="y")
    return net.model([("y", ["N", 10])])


def _branch() -> ModelProto:
    net = Net()
    x = net.add("Flatten", net.add("GlobalAveragePool", net.conv("image", 3, 8)))
    some = net.add("Greater", net.add("ReduceMax", x, keepdims=0), net.constant(np.float32(0)))
    branches = {
        f"{word}_branch": helper.make_graph(
            [helper.make_node(kind, [x], [f"{word}_y"])],
            word,
            [],
            [helper.make_tensor_value_info(f"{word}_y", TensorProto.FLOAT, ["N", 8])],
        )
        for word, kind in (("then", "Relu"), ("else", "Neg"))
    }
    net.add("If", some, output="y", **branches)
    return net.model([("y", ["N", 8])])


def _cycle() -> ModelProto:
    net = Net()
    net.nodes.append(helper.make_node("Add", ["image", "b"], ["a"]))
    net.nodes.append(helper.make_node("Relu", ["a"], ["b"]))
    return net.model([("b", ["N", 3, 32, 32])])


def _twice() -> ModelProto:
    net = Net()
    net.nodes.append(helper.make_node("Relu", ["image"], ["a"]))
    net.nodes.append(helper.make_node("Neg", ["image"], ["a"]))
    return net.model([("a", ["N", 3, 32, 32])])


def _nothing_makes() -> ModelProto:
    net = Net()
    net.add("Add", "image", "ghost", output="y")
    return net.model([("y", ["N", 3, 32, 32])])


def _independent() -> ModelProto:
    net = Net()
    net.add("Identity", net.weight(1, 10), output="y")
    return net.model([("y", [1, 10])])


def _recursion() -> ModelProto:
    model = tiny_networks.functions()
    model.functions[1].node[0].op_type, model.functions[1].node[0].domain = "Rectify", "own"
    return model


def _explosion() -> ModelProto:
    """Functions of ten calls each, forty deep: 10^40 steps in a few kilobytes."""
    model = tiny_networks.functions()
    for depth in range(40):
        inner = f"Deep{depth + 1}" if depth < 39 else "Rectify"
        names = ["x", *(f"t{i}" for i in range(9)), "y"]
        steps = [helper.make_node(inner, [names[i]], [names[i + 1]], domain="own") for i in range(10)]
        imports = list(model.functions[0].opset_import)
        model.functions.append(helper.make_function("own", f"Deep{depth}", ["x"], ["y"], steps, imports))
    model.functions[0].node[1].op_type = "Deep0"
    return model


def _too_new() -> ModelProto:
    model = tiny_networks.residual()
    model.opset_import[0].version = 200
    return model


def _sequence() -> ModelProto:
    net = Net()
    parts = net.add("SplitToSequence", net.conv("image", 3, 8), axis=1)
    net.add("ConcatFromSequence", parts, output="y", axis=1)
    return net.model([("y", ["N", 8, 32, 32])])


def _optional_input() -> ModelProto:
    model = tiny_networks.residual()
    kind = helper.make_optional_type_proto(helper.make_tensor_type_proto(TensorProto.FLOAT, ["N", 3, 32, 32]))
    model.graph.input[0].type.CopyFrom(kind)
    return model


def _giant_inside() -> ModelProto:
    net = Net()
    x = net.add("Flatten", net.add("GlobalAveragePool", net.conv("image", 3, 8)))
    giant = net.add("ConstantOfShape", net.whole(8, 2**36))
    net.add("ReduceMax", net.add("MatMul", x, giant), axes=[1], output="y")
    return net.model([("y", ["N", 1])])


def _giant_weight() -> ModelProto:
    model = tiny_networks.residual()
    model.graph.initializer[0].dims[0] = 2**40
    return model


def _negative_weight() -> ModelProto:
    model = tiny_networks.residual()
    model.graph.initializer[0].dims[0] = -8
    return model


def _short_weight() -> ModelProto:
    model = tiny_networks.residual()
    tensor = model.graph.initializer[0]
    tensor.raw_data = tensor.raw_data[:-4]
    return model


def _wrong_shapes() -> ModelProto:
    net = Net()
    x = net.add("Flatten", net.add("GlobalAveragePool", net.conv("image", 3, 8)))
    net.dense(x, 24, 10, "y")
    return net.model([("y", ["N", 10])])


def _stuck_batch() -> ModelProto:
    net = Net()
    x = net.add("Flatten", net.add("GlobalAveragePool", net.conv("image", 3, 8)))
    x = net.add("Add", x, net.weight(4, 8))
    net.add("Softmax", net.dense(x, 8, 10), output="y", axis=1)
    return net.model([("y", [4, 10])], [4, 3, 32, 32])


REFUSED: dict[str, tuple[Callable[[], ModelProto], str]] = {
    "boxes": (_boxes, "boxes"),
    "rows of boxes": (_rows, "boxes"),
    "grids of boxes": (_grids, "boxes"),
    "tokens": (lambda: _with_input("N", 128, kind=TensorProto.INT64, name="input_ids"), "reads text"),
    "strings": (lambda: _with_input("N", 1, kind=TensorProto.STRING), "reads text"),
    "table": (lambda: _with_input("N", 20), "takes no pictures"),
    "film": (lambda: _with_input("N", 3, 16, 64, 64), "films"),
    "numbers": (lambda: _with_input("N", 3, 32, 32, kind=TensorProto.INT32), "takes no pictures"),
    "no pixels": (lambda: _with_input("N", 3, 0, 224), "without any pixels"),
    "a single number": (lambda: _with_input(), "takes no pictures"),
    "seven channels": (lambda: _with_input("N", 7, 32, 32), "neither one nor three"),
    "absurd size": (lambda: _with_input("N", 3, 10**6, 10**6), "1000000"),
    "absurd batch": (lambda: _with_input(10**6, 3, 32, 32), "pictures at once"),
    "two inputs": (_two_inputs, "several inputs"),
    "own operator": (_own_operator, "only its maker"),
    "operator that opens files": (_forbidden_operator, "only its maker"),
    "unknown operator": (_unknown_operator, "does not run"),
    "branch": (_branch, "decisions"),
    "cycle": (_cycle, "damaged"),
    "made twice": (_twice, "damaged"),
    "made by nothing": (_nothing_makes, "damaged"),
    "independent of the picture": (_independent, "does not depend on the picture"),
    "function that calls itself": (_recursion, "call themselves"),
    "functions without end": (_explosion, "more steps"),
    "too new": (_too_new, "newer"),
    "sequence": (_sequence, "lists"),
    "optional": (_optional_input, "lists"),
    "giant inside": (_giant_inside, "memory"),
    "giant weight": (_giant_weight, "absurd size"),
    "negative weight": (_negative_weight, "damaged"),
    "short weight": (_short_weight, "damaged"),
    "wrong shapes": (_wrong_shapes, "does not run"),
    "stuck batch": (_stuck_batch, "4 pictures at once"),
}


def refusal(path: Path) -> str:
    before = path.read_bytes()
    with pytest.raises(UserError) as caught:
        examine(path)
    assert path.read_bytes() == before
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0, "one sentence"
    assert "!" not in sentence
    return sentence


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_used_is_refused_in_a_sentence(kind: str, tmp_path: Path) -> None:
    make, words = REFUSED[kind]
    assert words in refusal(save(make(), tmp_path / "given.onnx"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(200), b"\x08", os.urandom(4096), b"{}" * 50])
def test_what_is_no_network_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "given.onnx").write_bytes(content)
    assert "not an ONNX network" in refusal(tmp_path / "given.onnx")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        examine(tmp_path / "none.onnx")
    with pytest.raises(UserError, match="no such file"):
        examine(tmp_path)


def test_a_file_cut_short_is_refused_or_still_a_network(tmp_path: Path) -> None:
    whole = tiny_networks.residual().SerializeToString()
    for length in range(1, len(whole), 97):
        (tmp_path / "given.onnx").write_bytes(whole[:length])
        refusal(tmp_path / "given.onnx")


def test_harmed_bytes_never_do_more_than_raise_a_sentence(tmp_path: Path) -> None:
    dice = random.Random(3)
    whole = tiny_networks.residual().SerializeToString()
    for _ in range(150):
        harmed = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            harmed[dice.randrange(len(harmed))] = dice.randrange(256)
        (tmp_path / "given.onnx").write_bytes(harmed)
        try:
            examine(tmp_path / "given.onnx")
        except UserError:
            continue
