"""Tiny networks as surgery leaves them: files whose outputs are the layers, and what an examination says of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.preparation import Preparation
from desktop_app.core.nets.registry import Derive, adding
from desktop_app.core.surgery.examined import Cut, Examined

CHANNELS, CLASSES = 6, 4


def tiny(preparation: Preparation, *, batch: int | str = "N", maps: bool = False, seed: int = 0) -> onnx.ModelProto:
    """One convolution, rectified; the mean of it is the embedding, four classes on top of that.

    Args:
        preparation: whose pictures it takes.
        batch: its fixed size, or a name where it is free.
        maps: gives the map alone, as the second file of a network does.
        seed: of its weights.
    """
    draw = np.random.default_rng(seed)
    kernel = draw.normal(0, 0.2, (CHANNELS, preparation.channels, 3, 3)).astype(np.float32)
    classes = draw.normal(0, 1, (CLASSES, CHANNELS)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["planes", "kernel"], ["sums"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["sums"], ["stage1_map" if maps else "map"]),
    ]
    entry = "image"
    if preparation.layout == "NHWC":
        nodes.insert(0, helper.make_node("Transpose", [entry], ["planes"], perm=[0, 3, 1, 2]))
    else:
        nodes.insert(0, helper.make_node("Identity", [entry], ["planes"]))
    outputs = {"stage1_map": None} if maps else {"stage1": CHANNELS, "embedding": CHANNELS, "logits": CLASSES, "map": 0}
    if not maps:
        nodes += [
            helper.make_node("GlobalAveragePool", ["map"], ["mean"]),
            helper.make_node("Flatten", ["mean"], ["embedding"]),
            helper.make_node("GlobalMaxPool", ["map"], ["most"]),
            helper.make_node("Flatten", ["most"], ["stage1"]),
            helper.make_node("Gemm", ["embedding", "classes"], ["logits"], transB=1),
        ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(entry, TensorProto.FLOAT, [batch, *preparation.shape])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(classes, "classes")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def examined(preparation: Preparation, *, batch_free: bool = True, free_size: bool = False, seed: int = 0) -> Examined:
    """What an examination says of `tiny`."""
    height, width = (0, 0) if free_size else (preparation.height, preparation.width)
    places = {"map_tensor": "map", "map_height": preparation.height // 2, "map_width": preparation.width // 2}
    return Examined(
        sha256=hashlib.sha256(b"given %d" % seed).hexdigest(),
        bytes=1000,
        input_name="image",
        layout=preparation.layout,
        channels=preparation.channels,
        height=height,
        width=width,
        batch_free=batch_free,
        precision="float32",
        opset=13,
        producer="tests",
        layers=(
            Cut("stage1", "map", CHANNELS, pooled_by="mean", **places),
            Cut("embedding", "mean", CHANNELS),
            Cut("logits", "logits", CLASSES),
        ),
        class_output="logits",
        embedding_output="embedding",
        map_output="stage1",
        ends_in_global_pool=True,
        is_segmentation=False,
        classes=CLASSES,
        softmax=False,
    )


def deriving(preparation: Preparation, *, batch: int | str = "N", seed: int = 0) -> Derive:
    """Writes `tiny` where surgery would write what it derives."""

    def derive(out: Path, maps_out: Path | None) -> None:
        onnx.save(tiny(preparation, batch=batch, seed=seed), out)
        if maps_out is not None:
            onnx.save(tiny(preparation, batch=batch, maps=True, seed=seed), maps_out)

    return derive


def add_network(*about: object, **words: object) -> Network:
    """`registry.adding`, to its end."""
    operation = adding(*about, **words)
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


def added(preparation: Preparation, name: str = "tiny", *, batch: int | str = "N", seed: int = 0, **words):
    """`tiny` as an added network."""
    about = examined(preparation, batch_free=batch == "N", seed=seed)
    derive = deriving(preparation, batch=batch, seed=seed)
    return add_network(about, derive, name=name, title=words.pop("title", ""), preparation=preparation, **words)
