"""The cut network: the given graph as far as its layers need it, with each layer as an output, its weights apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from desktop_app.core.surgery.examined import Cut, Examined
from desktop_app.core.surgery.graph import Graph
from desktop_app.core.surgery.layout import channels_last
from desktop_app.core.surgery.nodes import attribute
from desktop_app.core.surgery.quantised import scale_of
from desktop_app.core.surgery.reading import Given
from desktop_app.core.surgery.shapes import Shape

MAP = "map"
OURS = "likeness."

_RESERVED = re.compile(r"(stage\d+|embedding|logits)(_map)?|map|likeness\..*")


class Built:
    """A cut network in the making.

    Attributes:
        model: the graph; initializers named in the weights of `given` are empty.
        weights: name in `model` of each of those, to its name in `given`.
    """

    def __init__(self, given: Given, graph: Graph, examined: Examined, kinds: dict[str, Shape], *, maps: bool) -> None:
        self._graph, self._examined, self._kinds = graph, examined, kinds
        self._last = channels_last(graph, examined.layout)
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []
        self._renamed: dict[str, str] = {}
        self._outputs: list[ValueInfoProto] = []
        cuts = examined.layers
        wanted = [cut.map_tensor for cut in cuts if cut.map_tensor] if maps else [cut.tensor for cut in cuts]
        if not maps and examined.map_output:
            wanted.append(examined.layer(examined.map_output).map_tensor)
        scales = [name for tensor in wanted if (pair := scale_of(graph, tensor)) for name in pair if name]
        kept = graph.leading_to([*wanted, *scales])
        needed = graph.before([*wanted, *scales])
        initializers = [tensor for tensor in given.model.graph.initializer if tensor.name in needed]
        self._make_room(kept, initializers, needed)
        if maps:
            for cut in cuts:
                if cut.map_tensor:
                    self._map(cut, f"{cut.name}_map")
        else:
            for cut in cuts:
                self._features(cut)
            if examined.map_output:
                self._map(examined.layer(examined.map_output), MAP)
        self.model = self._assemble(given, kept, initializers)
        self.weights = {
            self._renamed.get(tensor.name, tensor.name): tensor.name
            for tensor in initializers
            if tensor.name in given.weights
        }

    def _make_room(self, nodes: Sequence[NodeProto], tensors: Sequence[TensorProto], needed: set[str]) -> None:
        """Names that the outputs need, or that this module gives, are given up by what bears them already."""
        taken = {name for node in nodes for name in node.output} | {tensor.name for tensor in tensors}
        for name in sorted(taken):
            if _RESERVED.fullmatch(name):
                fresh = f"given.{name}"
                while fresh in needed or fresh in taken:
                    fresh += "_"
                self._renamed[name] = fresh

    # what makes a feature or a map of a tensor

    def _features(self, cut: Cut) -> None:
        kind, sides = self._kinds[cut.tensor].kind, self._kinds[cut.tensor].sides
        plain = cut.pooled_by == "none" and kind == TensorProto.FLOAT and len(sides) == 2
        if plain and self._rename(cut.tensor, cut.name):
            self._say(cut.name, [cut.dimension])
            return
        tensor = self._as_float(cut.tensor)
        if len(sides) == 3:  # tiles, whose channels are last
            tensor = self._add("GlobalAveragePool", self._add("Transpose", tensor, perm=[0, 2, 1]))
        elif cut.pooled_by == "mean":
            tensor = self._add("GlobalAveragePool", self._channels_first(cut, tensor))
        elif cut.pooled_by == "flatten" and cut.map_tensor:
            tensor = self._channels_first(cut, tensor)
        if len(sides) == 1:
            self._add("Reshape", tensor, self._constant(np.array([1, -1])), output=cut.name)
        else:
            self._add("Flatten", tensor, output=cut.name, axis=1)
        self._say(cut.name, [cut.dimension])

    def _map(self, cut: Cut, output: str) -> None:
        tensor = cut.map_tensor
        last = tensor in self._last
        channels = self._kinds[tensor].sides[3 if last else 1]
        free = not (self._examined.height and self._examined.width)
        sides: list[int | str] = [channels]
        sides += [f"{output}.height", f"{output}.width"] if free else [cut.map_height, cut.map_width]
        if self._kinds[tensor].kind != TensorProto.FLOAT or last or not self._rename(tensor, output):
            self._add("Identity", self._channels_first(cut, self._as_float(tensor)), output=output)
        self._say(output, sides)

    def _channels_first(self, cut: Cut, tensor: str) -> str:
        return self._add("Transpose", tensor, perm=[0, 3, 1, 2]) if cut.map_tensor in self._last else tensor

    def _as_float(self, name: str) -> str:
        kind = self._kinds[name].kind
        own = self._named(name)
        if kind in (TensorProto.UINT8, TensorProto.INT8) and (pair := scale_of(self._graph, name)):
            own = self._add("DequantizeLinear", own, *(self._named(other) for other in pair if other))
            return own
        if kind != TensorProto.FLOAT:
            own = self._add("Cast", own, to=TensorProto.FLOAT)
        return own

    # names

    def _named(self, name: str) -> str:
        return self._renamed.get(name, name)

    def _rename(self, name: str, output: str) -> bool:
        """Whether a tensor could take an output's name itself, as it can once, if a node makes it."""
        current = self._renamed.get(name, name)
        if name not in self._graph.makers or (current != name and not current.startswith("given.")):
            return False
        self._renamed[name] = output
        # nodes added before read it by its old name
        for node in self._nodes:
            for place, read in enumerate(node.input):
                if read == current:
                    node.input[place] = output
        return True

    def _say(self, output: str, sides: Sequence[int | str]) -> None:
        batch: int | str = "N" if self._examined.batch_free else 1
        self._outputs.append(helper.make_tensor_value_info(output, TensorProto.FLOAT, [batch, *sides]))

    def _constant(self, value: np.ndarray) -> str:
        name = f"{OURS}constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(value, name))
        return name

    def _add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or f"{OURS}{kind.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    # the file

    def _assemble(self, given: Given, kept: Sequence[NodeProto], initializers: Sequence[TensorProto]) -> ModelProto:
        examined = self._examined
        before, entry = self._entry()
        model = ModelProto(ir_version=min(max(given.model.ir_version, 8), 10), producer_name="Likeness")
        for opset in given.model.opset_import:
            if opset.domain not in {"", "ai.onnx"} and not any(node.domain == opset.domain for node in kept):
                continue
            model.opset_import.append(opset)
        out = model.graph
        out.name = "features"
        out.node.extend(before)
        for node in kept:
            copied = out.node.add()
            copied.CopyFrom(node)
            copied.doc_string = ""
            self._free(copied)
            for names in (copied.input, copied.output):
                for place, name in enumerate(names):
                    names[place] = entry if name == examined.input_name else self._named(name)
            if any(field.g.node or field.graphs for field in node.attribute):
                self._rename_inside(copied, entry)
        out.node.extend(self._nodes)
        for tensor in initializers:
            copied_tensor = out.initializer.add()
            copied_tensor.CopyFrom(tensor)
            copied_tensor.name = self._named(tensor.name)
        out.initializer.extend(self._constants)
        batch: int | str = "N" if examined.batch_free else 1
        high: int | str = examined.height or "H"
        wide: int | str = examined.width or "W"
        channels = examined.channels
        sides = [batch, channels, high, wide] if examined.layout == "NCHW" else [batch, high, wide, channels]
        out.input.append(helper.make_tensor_value_info(examined.input_name, TensorProto.FLOAT, sides))
        out.output.extend(self._outputs)
        return model

    def _entry(self) -> tuple[list[NodeProto], str]:
        """Nodes that turn float32 into what the given network takes, and the tensor that it then reads."""
        graph, name = self._graph, self._examined.input_name
        kind = graph.inputs[0].type.tensor_type.elem_type
        if kind == TensorProto.FLOAT:
            return [], name
        entry = f"{OURS}input"
        if kind != TensorProto.UINT8:
            return [helper.make_node("Cast", [name], [entry], to=kind)], entry
        bounds = [self._constant(np.float32(value).reshape(1)) for value in (0.0, 255.0, 0.5)]
        return [
            helper.make_node("Max", [name, bounds[0]], [f"{OURS}above"]),
            helper.make_node("Min", [f"{OURS}above", bounds[1]], [f"{OURS}within"]),
            helper.make_node("Add", [f"{OURS}within", bounds[2]], [f"{OURS}rounded"]),
            helper.make_node("Cast", [f"{OURS}rounded"], [entry], to=kind),
        ], entry

    def _free(self, node: NodeProto) -> None:
        """A Reshape whose first side is the file's own batch takes over the batch it is given instead."""
        if not self._examined.batch_free or node.op_type != "Reshape" or node.input[0] not in self._graph.data:
            return
        given = self._graph.inputs[0].type.tensor_type.shape.dim
        own = max(given[0].dim_value if given else 1, 1)  # some say a batch is free and then write 1
        if attribute(node, "allowzero", 0):
            return
        if len(node.input) < 2:  # before opset 5
            for entry in node.attribute:
                if entry.name == "shape" and len(entry.ints) and entry.ints[0] == own:
                    entry.ints[0] = 0
            return
        target = self._graph.constant(node.input[1])
        if target is not None and target.ndim == 1 and len(target) > 1 and target[0] == own:
            fresh = np.array(target, np.int64)
            fresh[0] = 0
            node.input[1] = self._constant(fresh)

    def _rename_inside(self, node: NodeProto, entry: str) -> None:
        for field in node.attribute:
            for inner in (field.g, *field.graphs):
                for step in inner.node:
                    for place, name in enumerate(step.input):
                        step.input[place] = entry if name == self._examined.input_name else self._named(name)
                    self._rename_inside(step, entry)
                for value in inner.output:
                    value.name = self._named(value.name)
