"""Running a graph whose weights are beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnxruntime
from onnx import ModelProto

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.reading import Weight

CANNOT_RUN = "This network does not run with this version of Likeness."
TOO_MUCH_MEMORY = "This network needs more memory than Likeness gives it."


class Running:
    """A graph, ready to run as it stands: nothing fused, so that every tensor is what the file says.

    Raises:
        UserError: onnxruntime does not take the graph.
    """

    def __init__(self, model: ModelProto, weights: Mapping[str, Weight]) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = min(os.cpu_count() or 1, 4)
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # what a run needed is given back after it
        # weights in the order that is fastest to read would be a second copy of them
        options.add_session_config_entry("session.disable_prepacking", "1")
        names = [tensor.name for tensor in model.graph.initializer if tensor.name in weights]
        # onnxruntime keeps no copy: the arrays live as long as the session
        self._arrays = [weights[name].array() for name in names]
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in self._arrays]
        try:
            onnxruntime.set_default_logger_severity(4)
            if names:
                options.add_external_initializers(names, values)
            self._session = onnxruntime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"], enable_fallback=0
            )
        except Exception as error:  # onnxruntime's errors have no common type
            raise _refusal(error) from error

    def run(self, names: Sequence[str], feed: Mapping[str, np.ndarray]) -> list[Any]:
        """The values of some outputs.

        Raises:
            UserError: the graph cannot be run on that input.
        """
        try:
            return list(self._session.run(list(names), dict(feed)))
        except Exception as error:
            raise _refusal(error) from error


def _refusal(error: Exception) -> UserError:
    text = str(error)
    short = isinstance(error, MemoryError) or any(
        words in text for words in ("bad_alloc", "Failed to allocate", "bad allocation")
    )
    if "opset" in text and "guarantees" in text:
        return UserError("This network was written by newer tools than this version of Likeness can read.", text[:2000])
    return UserError(TOO_MUCH_MEMORY if short else CANNOT_RUN, text[:2000])
