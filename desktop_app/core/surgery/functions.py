"""Networks that are written in functions of their own: each call is replaced by what it stands for.

A file of a few hundred bytes may call itself, or stand for more steps than there are atoms; so the steps are counted
before anything is replaced.
"""

from __future__ import annotations

import onnx.inliner
from onnx import FunctionProto, ModelProto, NodeProto

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.nodes import inside

MOST_NODES = 50_000
_DEEPEST = 100

TOO_MANY = "This network has more steps than Likeness can follow."

_Key = tuple[str, str]


def without_functions(model: ModelProto) -> ModelProto:
    """The same network in the standard operators alone; `model` itself where it has no functions.

    Raises:
        UserError: a function calls itself, or the whole is too long.
    """
    if not model.functions:
        return model
    functions = {(function.domain, function.name): function for function in model.functions}
    counted: dict[_Key, int] = {}
    steps = sum(_steps(node, functions, counted, ()) for node in model.graph.node)
    if steps > MOST_NODES:
        raise UserError(TOO_MANY, f"{steps} nodes")
    try:
        inlined: ModelProto = onnx.inliner.inline_local_functions(model)
    except Exception as error:  # onnx raises many kinds
        message = "This network is written in functions of its own that do not fit together."
        raise UserError(message, str(error)) from error
    return inlined


def _steps(
    node: NodeProto, functions: dict[_Key, FunctionProto], counted: dict[_Key, int], calls: tuple[_Key, ...]
) -> int:
    """How many nodes a node stands for. `calls` are the functions it is inside of."""
    total = 0
    for inner in inside(node):
        key = (inner.domain, inner.op_type)
        if key not in functions:
            total += 1
            continue
        if key in calls or len(calls) >= _DEEPEST:
            raise UserError("This network is written in functions that call themselves.", str(key))
        if key not in counted:
            counted[key] = sum(_steps(step, functions, counted, (*calls, key)) for step in functions[key].node)
        total += counted[key]
    return total
