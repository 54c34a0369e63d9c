"""Opening a handed-over classifier on any machine: looked through before onnxruntime sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.handover.about import (
    ABOUT_KEY,
    AGREEMENT_KEY,
    CLASSES_KEY,
    FORMAT,
    FORMAT_KEY,
    About,
    about_from,
    agreement_from,
    classes_from,
)
from desktop_app.core.handover.agreement import Agreement
from desktop_app.core.handover.parts import Floats
from desktop_app.core.types import Pixels
from desktop_app.core.wording import printable

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto

LARGEST_FILE = 1_000_000_000
MOST_CLASSES = 10_000
_MOST_NODES = 20_000
_LONGEST_NAME = 1_000
_IR_VERSIONS = range(8, 11)
_OPSETS = range(13, 27)
# loops and branches are never part of a classifier; without them a run has an end
_REFUSED = frozenset(("If", "Loop", "Scan", "SequenceMap"))


class OpenedClassifier:
    """A classifier that was handed over, ready to answer. `probabilities` may be called from several threads.

    Attributes:
        path: the file.
        name: of the label set it was made with.
        classes: the class names in the order of the probabilities.
        about: where it comes from.
        agreement: how it agreed with the program that made it; None where the file does not say.
    """

    def __init__(
        self, path: Path, classes: tuple[str, ...], about: About, agreement: Agreement | None, session: Any
    ) -> None:
        self.path = path
        self.classes = classes
        self.about = about
        self.agreement = agreement
        self._session = session
        # a network that takes one picture at a time makes a file that does
        self._at_once = 1 if session.get_inputs()[0].shape[0] == 1 else None

    @property
    def name(self) -> str:
        """What it tells apart."""
        return self.about.name

    def probabilities(self, pictures: Pixels) -> Floats:
        """Answers to pictures of one size.

        Args:
            pictures: uint8 (n, h, w, 3), RGB, upright; n, h and w at least 1.

        Returns:
            float32 (n, classes).

        Raises:
            ValueError: `pictures` is something else.
            UserError: the file fails on them.
        """
        if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[3] != 3 or 0 in pictures.shape:
            raise ValueError(f"pictures must be uint8 (n, h, w, 3), not {pictures.dtype} {pictures.shape}")
        step = self._at_once or len(pictures)
        parts = [pictures[start : start + step] for start in range(0, len(pictures), step)]
        try:
            answers = [self._session.run(["probabilities"], {"image": part})[0] for part in parts]
            found = np.asarray(np.concatenate(answers), np.float32)
        except Exception as error:  # onnxruntime has no exception type of its own for it
            raise UserError(_DAMAGED.format(_named(self.path)), str(error)) from error
        if found.shape != (len(pictures), len(self.classes)) or not np.isfinite(found).all():
            raise UserError(_DAMAGED.format(_named(self.path)), f"probabilities {found.shape}")
        return found


_NOT_OURS = "“{}” is not a classifier made by Likeness."
_DAMAGED = "“{}” is damaged. Ask for the file once more."
_TOO_NEW = "“{}” was made by a newer version of Likeness. Update Likeness to open it."
_NOT_SAFE = "“{}” holds more than a classifier made by Likeness does, so it was not opened."


def open_classifier(path: Path, *, threads: int = 1) -> OpenedClassifier:
    """Read a classifier back.

    Before onnxruntime opens it, the file has to be one of Likeness's kind: its metadata, one input and two outputs
    of the known shapes, all weights inside, only operations of the ONNX standard, none that loop.

    Args:
        path: the file.
        threads: of one run on the processor.

    Raises:
        UserError: one sentence why it cannot be opened.
    """
    name = _named(path)
    model = load_checked(path)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    try:
        classes, about = classes_from(metadata[CLASSES_KEY]), about_from(metadata[ABOUT_KEY])
    except (KeyError, ValueError, RecursionError, OverflowError) as error:
        raise UserError(_DAMAGED.format(name), str(error)) from error
    if len(classes) > MOST_CLASSES or max(map(len, classes)) > _LONGEST_NAME or len(set(classes)) < len(classes):
        raise UserError(_DAMAGED.format(name), "class names")
    _check_ends(model, len(classes), name)
    return OpenedClassifier(
        path, classes, about, agreement_from(metadata.get(AGREEMENT_KEY, "")), _session(model, threads, name)
    )


def load_checked(path: Path) -> ModelProto:
    """The parsed file, once it is known to be ours and harmless.

    Raises:
        UserError: it is not.
    """
    import onnx

    name = _named(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UserError(_NOT_OURS.format(name), "too large")
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"“{name}” cannot be read.", str(error)) from error
    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # whatever protobuf raises
        raise UserError(_NOT_OURS.format(name), str(error)) from error
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    if FORMAT_KEY not in metadata:
        raise UserError(_NOT_OURS.format(name))
    _check_version(metadata, name)
    _check_contents(model, name)
    return model


def _check_version(metadata: Mapping[str, str], name: str) -> None:
    number = metadata[FORMAT_KEY]
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise UserError(_DAMAGED.format(name), f"format {number[:20]!r}")
    if int(number) > FORMAT:
        raise UserError(_TOO_NEW.format(name), f"format {number}")


def _check_contents(model: ModelProto, name: str) -> None:
    import onnx

    graph = model.graph
    opsets = {entry.domain or "ai.onnx": entry.version for entry in model.opset_import}
    tensors = [*graph.initializer, *(attribute.t for node in graph.node for attribute in node.attribute)]
    wrong = ""
    if model.functions or opsets.keys() != {"ai.onnx"} or {node.domain for node in graph.node} - {"", "ai.onnx"}:
        wrong = "operations that are not of the standard"
    elif any(tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data for tensor in tensors):
        wrong = "weights in another file"
    elif graph.sparse_initializer or _REFUSED & {node.op_type for node in graph.node} or any(_inner(graph)):
        wrong = "loops or branches"
    elif len(graph.node) > _MOST_NODES:
        wrong = f"{len(graph.node)} nodes"
    elif model.ir_version not in _IR_VERSIONS or opsets["ai.onnx"] not in _OPSETS:
        wrong = f"IR {model.ir_version}, opset {opsets['ai.onnx']}"
    if wrong:
        raise UserError(_NOT_SAFE.format(name), wrong)
    try:
        onnx.checker.check_model(model)
    except Exception as error:  # the checker has a type of its own, and raises others too
        raise UserError(_DAMAGED.format(name), str(error)) from error


def _inner(graph: GraphProto) -> Iterator[bool]:
    """Whether each attribute holds a graph of its own."""
    for node in graph.node:
        for attribute in node.attribute:
            yield bool(attribute.graphs) or attribute.HasField("g")


def _check_ends(model: ModelProto, classes: int, name: str) -> None:
    import onnx

    held = {tensor.name for tensor in model.graph.initializer}
    inputs = {value.name: value.type.tensor_type for value in model.graph.input if value.name not in held}
    outputs = {value.name: value.type.tensor_type for value in model.graph.output}
    fits = (
        inputs.keys() == {"image"}
        and outputs.keys() == {"probabilities", "label"}
        and inputs["image"].elem_type == onnx.TensorProto.UINT8
        and len(inputs["image"].shape.dim) == 4
        and outputs["probabilities"].elem_type == onnx.TensorProto.FLOAT
        and [dim.dim_value for dim in outputs["probabilities"].shape.dim][1:] == [classes]
    )
    if not fits:
        raise UserError(_DAMAGED.format(name), f"inputs {sorted(inputs)}, outputs {sorted(outputs)}")


def _session(model: ModelProto, threads: int, name: str) -> Any:
    try:
        return session_of(model.SerializeToString(), threads)
    except Exception as error:  # onnxruntime's own types are not public
        raise UserError(_DAMAGED.format(name), str(error)) from error


def session_of(data: bytes, threads: int = 1) -> Any:
    """An onnxruntime session on the processor for a serialised model."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)  # it prints to stderr otherwise
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _named(path: Path) -> str:
    return printable(path.name)
