"""A trained head with all it needs to look at photos and to be judged; kept as arrays and JSON, never pickled."""

from __future__ import annotations

import dataclasses
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from desktop_app.core.errors import UserError
from desktop_app.core.learn.heads import Array, Head, HeadKind, LinearHead
from desktop_app.core.learn.heads_more import Mlp, Neighbours, load_head
from desktop_app.core.learn.intervals import CurvePoint
from desktop_app.core.learn.layers import LayerScore, name_of
from desktop_app.core.learn.preparation import Preparation
from desktop_app.core.types import Vectors

FORMAT = 1
_DAMAGED = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
"""What reading a damaged .npz file may raise."""
_ARRAYS, _VALUES = "head.npz", "head.json"


@dataclass(frozen=True, slots=True)
class HeadScore:
    """How well one kind of head did on the chosen layer; `accuracy` and its standard error, 0 to 1."""

    kind: HeadKind
    accuracy: float
    deviation: float


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """What training gives.

    Attributes:
        preparation: how raw features become the head's.
        head: fitted to all examples.
        classes: names of all answers; probabilities are in this order.
        counts: examples of each class.
        accuracy: share of labels found by heads that had not seen them, corrected for the labels these went without;
            None where there are too few labels to test.
        interval: where the accuracy on unlabelled photos of the library lies with 90 %; (0, 1) where unknown.
        layer_scores: every candidate, best first; those with `tested` had the head itself cross-validated.
        head_scores: every kind of head tried on the chosen layer.
        curve: learning curve, by label count.
        sureness: how sure the choice of the layer is, 0 to 1; 1 where it was given.
        out_of_fold: float32 (n, C), probabilities of each example from heads that had not seen it; (0, C) where there
            are too few labels.
        asked: head and layer asked for, "auto" or a name.
        chosen_at: how many labels there were when head, layer and strength were chosen.
        seconds: how long training took.
    """

    preparation: Preparation
    head: Head
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    accuracy: float | None
    interval: tuple[float, float]
    layer_scores: tuple[LayerScore, ...]
    head_scores: tuple[HeadScore, ...]
    curve: tuple[CurvePoint, ...]
    sureness: float
    out_of_fold: npt.NDArray[np.float32]
    asked: tuple[str, str]
    chosen_at: int
    seconds: float

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers the head looks at."""
        return self.preparation.layers

    @property
    def layer(self) -> str:
        """Their name: "embedding", "embedding+logits"."""
        return name_of(self.layers)

    @property
    def kind(self) -> HeadKind:
        """Which kind of head it is."""
        return self.head.kind

    @property
    def examples(self) -> int:
        """How many labels it learnt from."""
        return sum(self.counts)

    def probabilities(self, features: Mapping[str, Vectors]) -> npt.NDArray[np.float32]:
        """Calibrated probabilities of photos: float32 (n, C), rows sum to 1, order of `classes`.

        Args:
            features: raw features, float32 (n, d), of at least `layers`.

        Raises:
            KeyError: a layer is missing.
            ValueError: a layer has another dimension.
        """
        return self.head.probabilities(self.preparation.apply(features))

    def linear(self) -> tuple[tuple[str, ...], npt.NDArray[np.float32], npt.NDArray[np.float32]] | None:
        """A linear head as one affine map on raw features; None for other heads.

        Returns:
            The layers, in the order of the columns; weights float32 (C, d); bias float32 (C,). Probabilities are the
            softmax of `x @ weights.T + bias`; the temperature is in both already.
        """
        if not isinstance(self.head, LinearHead):
            return None
        weights, bias = self.preparation.unfold(*self.head.affine())
        return self.layers, weights.astype(np.float32), bias.astype(np.float32)

    def network_parts(self) -> list[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]] | None:
        """A perceptron as affine maps with a rectifier between each two; None for other heads.

        Returns:
            Weights float32 (out, in) and bias float32 (out,) of each layer: the first on raw features side by side
            (order of `layers`), the last gives calibrated scores (C,), of which softmax makes probabilities.
        """
        if not isinstance(self.head, Mlp):
            return None
        return [(w.astype(np.float32), b.astype(np.float32)) for w, b in self.head.parts(self.preparation)]

    def neighbour_parts(self) -> NeighbourParts | None:
        """Nearest neighbours as stored examples; None for other heads."""
        if not isinstance(self.head, Neighbours):
            return None
        head = self.head
        return NeighbourParts(
            self.preparation.mean,
            self.preparation.basis,
            head.examples.astype(np.float32),
            head.present[head.answers],
            head.weights.astype(np.float32),
            head.strength,
            head.temperature,
        )

    def save(self, folder: Path) -> None:
        """Write it into a folder, made when absent; a reader sees the old or the new one, whole.

        Raises:
            OSError: the disk is full or refuses.
        """
        folder.mkdir(parents=True, exist_ok=True)
        arrays, head = self.head.state()
        held = {f"head.{name}": array for name, array in arrays.items()}
        held |= {"mean": self.preparation.mean, "basis": self.preparation.basis, "out_of_fold": self.out_of_fold}
        values = {
            "format": FORMAT,
            "head": head,
            "layers": list(self.layers),
            "sizes": list(self.preparation.sizes),
            "classes": list(self.classes),
            "counts": list(self.counts),
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "layer_scores": [dataclasses.asdict(score) for score in self.layer_scores],
            "head_scores": [dataclasses.asdict(score) for score in self.head_scores],
            "curve": [dataclasses.asdict(point) for point in self.curve],
            "sureness": self.sureness,
            "asked": list(self.asked),
            "chosen_at": self.chosen_at,
            "seconds": self.seconds,
        }
        # in one file, so that arrays and values are always of the same head
        held["values"] = np.frombuffer(json.dumps(values, ensure_ascii=False).encode(), np.uint8)
        temporary = folder / (_ARRAYS + ".part")
        with temporary.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **cast("Any", held))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(folder / _ARRAYS)
        (folder / _VALUES).write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Trained:
        """What `save` wrote.

        Raises:
            UserError: it is not there, or damaged, or from a newer program.
        """
        try:
            # opened here: numpy would leave a damaged file open
            with (folder / _ARRAYS).open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            values = json.loads(arrays["values"].tobytes().decode())
            newer = values["format"] > FORMAT
            return _read(arrays, values)
        except _DAMAGED as error:
            if "newer" in locals() and newer:
                raise UserError("This classifier was made by a newer version of Likeness.") from error
            raise UserError("The classifier cannot be read. Train it again.", f"{folder}: {error}") from error


@dataclass(frozen=True, slots=True, eq=False)
class NeighbourParts:
    """Nearest neighbours in the open.

    With `z = (x - mean) @ basis` divided by its length, and `v = strength * z @ examples.T + weights`, the score of
    class c is the logarithm of the sum of exp(v) over the examples whose answer is c, divided by `temperature`;
    classes without an example have the probability 0.

    Attributes:
        mean: float32 (d,); basis: float32 (d, k).
        examples: float32 (m, k), of length 1.
        answers: int64 (m,), class of each.
        weights: float32 (m,), so that all classes weigh the same.
    """

    mean: npt.NDArray[np.float32]
    basis: npt.NDArray[np.float32]
    examples: npt.NDArray[np.float32]
    answers: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]
    strength: float
    temperature: float


def _read(arrays: dict[str, Any], values: dict[str, Any]) -> Trained:
    mean, basis = arrays["mean"].astype(np.float32), arrays["basis"].astype(np.float32)
    sizes = tuple(int(size) for size in values["sizes"])
    layers, classes = tuple(map(str, values["layers"])), tuple(map(str, values["classes"]))
    head = load_head({name[5:]: array for name, array in arrays.items() if name.startswith("head.")}, values["head"])
    if not (mean.shape == (sum(sizes),) and basis.shape[0] == sum(sizes) and len(sizes) == len(layers)):
        raise ValueError("mean, basis and layers differ")
    if head.classes != len(classes):
        raise ValueError("head and classes differ")
    return Trained(
        Preparation(layers, sizes, mean, basis),
        head,
        classes,
        tuple(int(count) for count in values["counts"]),
        None if values["accuracy"] is None else float(values["accuracy"]),
        (float(values["interval"][0]), float(values["interval"][1])),
        tuple(LayerScore(**score) for score in values["layer_scores"]),
        tuple(HeadScore(**score) for score in values["head_scores"]),
        tuple(CurvePoint(**point) for point in values["curve"]),
        float(values["sureness"]),
        arrays["out_of_fold"].astype(np.float32),
        (str(values["asked"][0]), str(values["asked"][1])),
        int(values["chosen_at"]),
        float(values["seconds"]),
    )


__all__ = ["Array", "CurvePoint", "HeadScore", "LayerScore", "NeighbourParts", "Trained"]
