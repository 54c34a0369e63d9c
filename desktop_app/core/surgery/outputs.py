"""Which of a network's outputs is the one that Likeness follows back."""

from __future__ import annotations

from collections.abc import Sequence

from onnx import TensorProto

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.ending import Ending
from desktop_app.core.surgery.graph import Graph
from desktop_app.core.surgery.nodes import inside
from desktop_app.core.surgery.pictures import DETECTION
from desktop_app.core.surgery.route import Route
from desktop_app.core.surgery.shapes import Shapes

_BRANCHING = frozenset({"If", "Loop", "Scan", "SequenceMap"})
_LISTS = frozenset(
    {"SequenceConstruct", "SequenceEmpty", "SequenceInsert", "SequenceAt", "SplitToSequence", "ConcatFromSequence"}
    | {"Optional", "OptionalGetElement", "OptionalHasElement", "SequenceErase", "SequenceLength"}
)
_MOST_OUTPUTS = 200
_MANY = 48  # candidates for boxes; fewer rows are something else


def routes(graph: Graph, channels_last: frozenset[str]) -> list[Route]:
    """The ways to all outputs that can be followed.

    Raises:
        UserError: none can; the sentence is about the first that cannot.
    """
    outputs = list(graph.model.graph.output)
    if not outputs or len(outputs) > _MOST_OUTPUTS:
        raise UserError("This network has no answer that Likeness could use.", f"{len(outputs)} outputs")
    found: list[Route] = []
    first: UserError | None = None
    for value in outputs:
        try:
            found.append(_route(graph, value.name, channels_last))
        except UserError as error:
            first = first or error
    if not found:
        assert first is not None
        raise first
    return found


def _route(graph: Graph, output: str, channels_last: frozenset[str]) -> Route:
    if output not in graph.data or output not in graph.makers:
        raise UserError("The answer of this network does not depend on the picture.", output)
    nodes = graph.leading_to([output])
    graph.check_operators(nodes)
    route = Route(graph, output, channels_last)
    for node in route.nodes:
        for inner in inside(node):
            if inner.op_type in _BRANCHING:
                raise UserError(
                    "This network takes decisions on its way (branches or loops), which Likeness cannot cut.",
                    f"{inner.op_type} {inner.name}",
                )
            if inner.op_type in _LISTS:
                raise UserError(
                    "This network passes on lists instead of numbers, which Likeness cannot use.", inner.op_type
                )
    if not route.stops:
        raise UserError("The answer of this network does not depend on the picture.", output)
    return route


def main_output(graph: Graph, shapes: Shapes, endings: Sequence[Ending]) -> Ending:
    """The output to follow: classes before numbers before pictures, and of each the deepest.

    Raises:
        UserError: the outputs say something else than what Likeness can use.
    """
    best = max(endings, key=lambda found: (_rank(found), len(found.route.nodes)))
    if _detects(endings, best):
        raise UserError(DETECTION, ", ".join(f"{found.output} {found.shape.sides}" for found in endings[:8]))
    if best.kind == "other":
        if best.shape.kind == TensorProto.STRING:
            raise UserError("This network answers in text, which Likeness cannot use.")
        raise UserError(
            "The answers of this network are of a form that Likeness cannot use.",
            ", ".join(f"{found.output} {found.shape.sides}" for found in endings[:8]),
        )
    return best


def _rank(found: Ending) -> int:
    if found.kind == "numbers" and found.shape.rank == 3:  # one vector per photo is better than one per tile
        return 1
    return {"classes": 5, "segmentation": 4, "numbers": 3, "picture": 2, "other": 0}[found.kind]


def _detects(endings: Sequence[Ending], best: Ending) -> bool:
    """Whether the outputs are boxes: many rows of numbers, or grids of several sizes with as many channels."""
    if best.kind == "classes":
        return False
    rows = [found for found in endings if found.shape.rank == 3 and max(found.shape.sides[1:]) >= _MANY]
    if rows and not best.route.attends:
        return True
    grids = {found.shape.sides[2:] for found in endings if found.shape.rank == 4}
    deep = {found.shape.sides[1] for found in endings if found.shape.rank == 4}
    return len(grids) > 1 and len(deep) == 1 and min(deep) % 3 == 0 and min(deep) > 15
