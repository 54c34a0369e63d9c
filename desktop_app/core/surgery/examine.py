"""Examining a stranger's network: what it takes, where it can be cut, and a trial that proves it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from onnx import TensorProto

from desktop_app.core.errors import UserError
from desktop_app.core.surgery import cuts
from desktop_app.core.surgery.ending import Ending, ending
from desktop_app.core.surgery.examined import Examined, Precision
from desktop_app.core.surgery.graph import Graph
from desktop_app.core.surgery.layout import channels_last
from desktop_app.core.surgery.outputs import main_output, routes
from desktop_app.core.surgery.pictures import Input, read_input
from desktop_app.core.surgery.quantised import is_quantised
from desktop_app.core.surgery.reading import NO_NETWORK, Given, read
from desktop_app.core.surgery.running import CANNOT_RUN, TOO_MUCH_MEMORY
from desktop_app.core.surgery.shapes import Shapes
from desktop_app.core.surgery.trial import Trial

_SIZES = (224, 256, 299, 227, 240, 192, 160, 128, 112, 96, 64, 48, 32, 28)
"""Tried in turn where a network says no size."""


def examine(path: Path) -> Examined:
    """Find out all there is to know about a network's file. Half a second for most, some for the largest.

    The file is read once and never changed; the network is run on noise a few times.

    Args:
        path: of an ONNX file.

    Raises:
        UserError: Likeness cannot use this network; the message is one sentence that says why.
    """
    try:
        return _examine(path)
    except (MemoryError, RecursionError) as error:
        raise UserError(TOO_MUCH_MEMORY, repr(error)) from error
    except UnicodeDecodeError as error:  # names are read where they are needed
        raise UserError(NO_NETWORK, str(error)) from error


def _examine(path: Path) -> Examined:
    given = read(path)
    graph = Graph(given.model)
    takes = read_input(graph)
    first: UserError | None = None
    for height, width in _trial_sizes(takes):
        try:
            return _at_size(given, graph, takes, height, width)
        except UserError as error:
            if str(error) != CANNOT_RUN:
                raise
            first = first or error
    raise first or UserError(CANNOT_RUN)


def _trial_sizes(takes: Input) -> list[tuple[int, int]]:
    if takes.height and takes.width:
        return [(takes.height, takes.width)]
    sizes = _SIZES if takes.channels == 3 else (28, 32, *_SIZES)
    return [(size, size) for size in dict.fromkeys(sizes)]


def _at_size(given: Given, graph: Graph, takes: Input, height: int, width: int) -> Examined:
    shapes = Shapes(graph, given.weights, takes.sides(takes.batch or 1, height, width))
    last = channels_last(graph, takes.layout)
    endings = [
        ending(graph, shapes, route, channels=takes.channels, size=(height, width)) for route in routes(graph, last)
    ]
    main = main_output(graph, shapes, endings)
    plan = cuts.plan(graph, shapes, main)
    kinds = {name: shapes[name] for cut in plan.layers for name in (cut.tensor, cut.map_tensor) if name}
    classes = plan.layers[-1].dimension if plan.class_output else 0
    if main.kind == "segmentation" and not classes:
        classes = main.shape.sides[1] if main.shape.rank == 4 else 0
    examined = Examined(
        sha256=given.sha256,
        bytes=given.bytes,
        input_name=takes.name,
        layout=takes.layout,
        channels=takes.channels,
        height=takes.height,
        width=takes.width,
        batch_free=True,
        precision=_precision(given, graph),
        opset=given.opset,
        producer=_producer(given),
        layers=plan.layers,
        class_output=plan.class_output,
        embedding_output=plan.embedding_output,
        map_output=plan.map_output,
        ends_in_global_pool=False,
        is_segmentation=main.kind == "segmentation",
        classes=classes,
        softmax=main.probabilities,
        trial_size=(height, width),
    )
    trial = Trial(given, graph, examined, kinds, takes)
    examined = dataclasses.replace(examined, batch_free=trial.batch_free)
    if trial.embedding_is_mean():
        plan = cuts.joined(plan)
        examined = dataclasses.replace(
            examined, layers=plan.layers, map_output=plan.map_output, ends_in_global_pool=True
        )
    if not (takes.height and takes.width) and not trial.any_size():
        examined = dataclasses.replace(examined, height=height, width=width)
    return dataclasses.replace(examined, sentences=tuple(_remarks(examined, takes, endings, main, trial)))


def _precision(given: Given, graph: Graph) -> Precision:
    if is_quantised(graph):
        return "int8"
    half = sum(len(weight.data) for weight in given.weights.values() if weight.kind == TensorProto.FLOAT16)
    whole = sum(len(weight.data) for weight in given.weights.values() if weight.kind == TensorProto.FLOAT)
    takes_half = graph.inputs[0].type.tensor_type.elem_type == TensorProto.FLOAT16
    return "float16" if half > whole or takes_half else "float32"


def _producer(given: Given) -> str:
    """Who wrote the file, as it says, made safe to show."""
    words = f"{given.model.producer_name} {given.model.producer_version}".strip()
    return "".join(letter for letter in words if letter.isprintable())[:80]


def _remarks(examined: Examined, takes: Input, endings: Sequence[Ending], main: Ending, trial: Trial) -> list[str]:
    remarks = []
    if not examined.batch_free:
        remarks.append("It looks at one photo at a time, so it is slower than others.")
    if len([found for found in endings if found.kind != "other"]) > 1:
        remarks.append(
            f"It has several answers; Likeness uses \N{LEFT DOUBLE QUOTATION MARK}{_shown(main.output)}"
            "\N{RIGHT DOUBLE QUOTATION MARK} and what leads to it."
        )
    if examined.is_segmentation:
        remarks.append("It says what is where in a photo, so its answers can be shown over the photo.")
    elif not examined.class_output:
        remarks.append("It names nothing: photos are compared by the numbers it ends in.")
    elif examined.class_output and not examined.softmax:
        remarks.append(f"Its last {examined.classes} numbers are taken for scores of classes.")
    if not examined.map_output:
        remarks.append("It does not keep places apart, so it cannot show where photos are alike.")
    if not trial.finite:
        remarks.append("On a trial picture some of its numbers were not finite, so it may compare badly.")
    if takes.height == 0 and examined.height:
        remarks.append(f"It takes photos of {examined.width} by {examined.height} pixels only.")
    return remarks


def _shown(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:40]
