"""The age of a file: one that was written by newer tools than needed is read as if it had been by older ones."""

from __future__ import annotations

import onnx
from onnx import ModelProto

from desktop_app.core.surgery.nodes import inside

OLDEST_RUNTIME = 21
"""What the oldest onnxruntime takes that Likeness works with (1.20)."""


def settle(model: ModelProto) -> None:
    """Lower the opset of a model as far as its operators are the same in both, and no further than `OLDEST_RUNTIME`.

    A file says the opset of the tool that wrote it, and onnxruntime refuses one it does not know, though nearly all
    operators stay as they are for years.
    """
    entry = next((entry for entry in model.opset_import if entry.domain in ("", "ai.onnx")), None)
    if entry is None or not OLDEST_RUNTIME < entry.version <= onnx.defs.onnx_opset_version():
        return
    needed = OLDEST_RUNTIME
    for node in (inner for outer in model.graph.node for inner in inside(outer)):
        if node.domain not in ("", "ai.onnx"):
            continue
        try:
            needed = max(needed, onnx.defs.get_schema(node.op_type, entry.version).since_version)
        except onnx.defs.SchemaError:
            return  # an operator that is none: running will tell
    entry.version = needed
