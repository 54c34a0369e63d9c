"""Where a network is cut: the last map of each resolution, the embedding, and the scores of its classes.

Maps before the first convolution are the picture itself, and at or after the class layer they are classes; of maps of
nearly one size the last is kept, for it has seen most. A map with nothing but linear steps before it is no stage in a
transformer: it is the picture cut into tiles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from onnx import TensorProto

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.ending import Ending
from desktop_app.core.surgery.examined import Cut, PooledBy
from desktop_app.core.surgery.graph import Graph
from desktop_app.core.surgery.quantised import scale_of
from desktop_app.core.surgery.route import Route
from desktop_app.core.surgery.shapes import Shapes

_CONVOLUTIONS = frozenset({"Conv", "QLinearConv", "ConvInteger", "FusedConv"})
_FLOATS = frozenset({TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE})
_INTEGERS = frozenset({TensorProto.UINT8, TensorProto.INT8})

_WHOLE = frozenset({"GlobalAveragePool", "AveragePool", "ReduceMean", "Relu", "Clip", "Sigmoid", "HardSwish"})

_NEARLY = 1.34  # sides of maps of one stage differ by less than this
_FLATTENED = 2048  # values of a small map that is taken as it stands
_LARGEST_DIMENSION = 65_536

_NOTHING = "Likeness finds no place in this network where photos could be compared."


@dataclass(frozen=True, slots=True)
class Plan:
    """Cuts in network order, and which of them are what."""

    layers: tuple[Cut, ...]
    class_output: str
    embedding_output: str
    map_output: str
    last_map: Cut | None  # the last map before the embedding, which may be what it is the mean of


def plan(graph: Graph, shapes: Shapes, ending: Ending) -> Plan:
    """Choose the cuts.

    Raises:
        UserError: there is none.
    """
    route = ending.route
    shapes.find([stop.tensor for stop in route.stops if _might_be_map(shapes, stop.tensor)])
    finder = _Finder(graph, shapes, route)
    logits: Cut | None = None
    if ending.kind in ("classes", "segmentation") and ending.logits:
        logits = finder.logits(ending)
    if ending.kind in ("classes", "segmentation") and ending.stop >= 0:
        before, embedding = finder.before_classes(ending.stop)
        if ending.kind == "segmentation" and embedding:
            before, embedding = finder.narrowest(before, embedding)
    elif ending.kind == "numbers":
        before, embedding = len(route.stops) - 1, finder.cut("embedding", ending.output, whole=True)
    else:
        before, embedding = finder.bottleneck()
    stages = finder.stages(before)
    if not embedding:
        raise UserError(_NOTHING, "no embedding")
    last = stages[-1] if stages else None
    if embedding.map_tensor:
        if last and _alike(last, embedding):
            stages.pop()
        last = embedding
    layers = [_named(cut, f"stage{place}") for place, cut in enumerate(stages, 1)]
    layers.append(embedding)
    if logits and logits.tensor != embedding.tensor:
        layers.append(logits)
    else:
        logits = None
    if any(not 0 < cut.dimension <= _LARGEST_DIMENSION for cut in layers):
        raise UserError(_NOTHING, "; ".join(f"{cut.tensor!r}: {cut.dimension}" for cut in layers))
    name = "" if not last else "embedding" if last is embedding else layers[len(stages) - 1].name
    return Plan(tuple(layers), "logits" if logits else "", "embedding", name, last)


def joined(plan: Plan) -> Plan:
    """The same where the embedding is the mean of the last map: that map is the embedding's own, and no stage."""
    last = plan.last_map
    if last is None or plan.map_output == "embedding":
        return plan
    layers = [cut for cut in plan.layers if cut.name != plan.map_output]
    place = next(i for i, cut in enumerate(layers) if cut.name == "embedding")
    old = layers[place]
    own = Cut(old.name, old.tensor, old.dimension, last.map_tensor, last.map_height, last.map_width, old.pooled_by)
    layers[place] = own
    return Plan(tuple(layers), plan.class_output, plan.embedding_output, "embedding", own)


def _might_be_map(shapes: Shapes, name: str) -> bool:
    shape = shapes.get(name)
    return shape is None or shape.rank in (2, 4)


def _named(cut: Cut, name: str) -> Cut:
    return Cut(name, cut.tensor, cut.dimension, cut.map_tensor, cut.map_height, cut.map_width, cut.pooled_by)


def _side(cut: Cut) -> float:
    """How fine a map is: the side of a square of as many places."""
    return math.sqrt(cut.map_height * cut.map_width)


def _alike(one: Cut, other: Cut) -> bool:
    return one.map_tensor == other.map_tensor or (one.map_height, one.map_width) == (other.map_height, other.map_width)


class _Finder:
    """Makes cuts of tensors of one route."""

    def __init__(self, graph: Graph, shapes: Shapes, route: Route) -> None:
        self._graph, self._shapes, self._route = graph, shapes, route
        convolutions = (
            place for place, stop in enumerate(route.stops) if any(node.op_type in _CONVOLUTIONS for node in stop.nodes)
        )
        self._first = next(convolutions, len(route.stops))

    def cut(self, name: str, tensor: str, *, whole: bool = False) -> Cut | None:
        """A tensor as a cut; None where it is no feature.

        Args:
            name: of the layer.
            tensor: to cut at.
            whole: small maps are taken as they stand instead of their mean, for a code is in its places too.
        """
        shape = self._shapes[tensor]
        usable = shape.kind in _FLOATS or (shape.kind in _INTEGERS and scale_of(self._graph, tensor) is not None)
        if not usable or shape.values == 0:
            return None
        if shape.rank in (1, 2):
            return Cut(name, tensor, shape.sides[-1])
        if shape.rank == 3 and self._route.attends:  # (n, tiles, channels)
            return Cut(name, tensor, shape.sides[-1], pooled_by="mean")
        if shape.rank != 4:
            return None
        _, *sides = shape.sides
        channels, height, width = (
            (sides[2], sides[0], sides[1]) if tensor in self._route.channels_last else (sides[0], sides[1], sides[2])
        )
        if height * width == 1:
            return Cut(name, tensor, channels, pooled_by="flatten")
        flat = whole and channels < 64 and channels * height * width <= _FLATTENED
        pooled: PooledBy = "flatten" if flat else "mean"
        dimension = channels * height * width if flat else channels
        return Cut(name, tensor, dimension, tensor, height, width, pooled)

    def stages(self, before: int) -> list[Cut]:
        """The last map of each resolution among the stops before an index, until places are given up."""
        groups: list[list[Cut]] = []
        for place, stop in enumerate(self._route.stops[:before]):
            if place < self._first or stop.nodes[-1].op_type == "Pad":
                continue
            if self._route.attends and stop.tensor not in self._route.curved:
                continue
            shape = self._shapes.get(stop.tensor)
            if shape is not None and shape.rank == 2:
                break
            if shape is None or shape.rank != 4:
                continue
            cut = self.cut("", stop.tensor)
            if cut and not cut.map_tensor:
                break
            if not cut or not cut.map_tensor:
                continue
            side = _side(cut)
            if groups:
                first = _side(groups[-1][0])
                if 1 / _NEARLY < side / first < _NEARLY:
                    groups[-1].append(cut)
                    continue
            groups.append([cut])
        return [group[-1] for group in groups]

    def before_classes(self, stop: int) -> tuple[int, Cut | None]:
        """The embedding is what the class layer reads; with the index of the stop after the last stage."""
        tensor = self._route.stops[stop - 1].tensor
        makers = self._graph.makers
        while (node := makers.get(tensor)) is not None and node.op_type == "DequantizeLinear":
            before = makers.get(node.input[0])
            if before is None or before.op_type != "QuantizeLinear" or not self._is_whole(before.input[0]):
                break
            tensor = before.input[0]  # the same, not yet rounded to 8 bit
        return stop, self.cut("embedding", tensor)

    def _is_whole(self, name: str) -> bool:
        """Whether a tensor is what it is before it is rounded; rounding may also be what cuts it off below zero."""
        makers = self._graph.makers
        while (node := makers.get(name)) is not None and node.op_type in ("Flatten", "Reshape", "Squeeze"):
            name = node.input[0]
        return node is not None and node.op_type in _WHOLE

    def narrowest(self, before: int, embedding: Cut) -> tuple[int, Cut]:
        """The map with fewest places, where a network goes down and up again with shortcuts between.

        What its class layer reads is then the picture in fine detail; what is in it is known at the narrowest map,
        which is no stop. Of several the one with most channels is taken.

        Returns:
            The index of the stop after the last stage, and the cut; as given where the embedding is narrow already.
        """
        graph, route = self._graph, self._route
        best: tuple[tuple[int, int], Cut] | None = None
        for node in route.nodes:
            shape = self._shapes.get(node.output[0])
            if shape is None or shape.rank != 4 or (route.attends and node.output[0] not in route.curved):
                continue
            cut = self.cut("embedding", node.output[0])
            if cut and cut.map_tensor:
                key = (cut.map_height * cut.map_width, -cut.dimension)
                if best is None or key <= best[0]:
                    best = key, cut
        if best is None or 4 * best[0][0] > embedding.map_height * embedding.map_width:
            return before, embedding
        first = graph.places[best[1].tensor]
        return next((i for i, stop in enumerate(route.stops) if graph.places[stop.tensor] >= first), before), best[1]

    def bottleneck(self) -> tuple[int, Cut | None]:
        """The narrowest stop after the first convolution, the last of those that are."""
        best: tuple[int, int, Cut] | None = None
        for place, stop in enumerate(self._route.stops[:-1]):
            shape = self._shapes.get(stop.tensor)
            if place < self._first or shape is None or shape.rank not in (2, 4):
                continue
            cut = self.cut("embedding", stop.tensor, whole=True)
            if cut and (best is None or shape.values <= best[0]):
                best = (shape.values, place, cut)
        return (best[1], best[2]) if best else (0, None)

    def logits(self, ending: Ending) -> Cut | None:
        """The scores, with the last tensor of theirs that still has places."""
        cut = self.cut("logits", ending.logits)
        if cut is None or cut.map_tensor or ending.stop < 0:
            return cut
        for stop in reversed(self._route.stops[ending.stop :]):
            shape = self._shapes.get(stop.tensor)
            if shape is not None and shape.rank == 4:
                spatial = self.cut("logits", stop.tensor)
                if spatial and spatial.map_tensor and spatial.dimension == cut.dimension:
                    own = spatial
                    return Cut(
                        "logits", cut.tensor, cut.dimension, own.tensor, own.map_height, own.map_width, cut.pooled_by
                    )
        return cut
