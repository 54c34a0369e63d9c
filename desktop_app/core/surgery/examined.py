"""What an examination finds out about a network's file: frozen, and JSON both ways, so that it can cross processes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

Layout = Literal["NCHW", "NHWC"]
Precision = Literal["float32", "int8", "float16"]
PooledBy = Literal["mean", "flatten", "none"]

_T = TypeVar("_T")
_LONGEST = 1000  # layers, sentences or characters: more is no answer of ours


@dataclass(frozen=True, slots=True)
class Cut:
    """A named place where the network can be cut, and how its value becomes a feature vector.

    `tensor` is the tensor of the given file that is cut at. `pooled_by` says what makes a vector of it: the "mean" of
    each channel over all places, "flatten" (every value as it stands), or "none" (it is a vector per photo already).
    """

    name: str  # "stage1" ... "stageN", "embedding", "logits"
    tensor: str
    dimension: int  # of the feature vector
    map_tensor: str = ""  # the tensor that still has places, (n, channels, h, w) or (n, h, w, channels); "" where none
    map_height: int = 0  # places of `map_tensor` for an input of the examined size
    map_width: int = 0
    pooled_by: PooledBy = "none"


@dataclass(frozen=True, slots=True)
class Examined:
    """A network's file, examined: what it takes, where it can be cut, what it answers.

    Sizes of inputs are in pixels; 0 is free: the network takes any size, and layers were measured at `trial_size`.
    """

    sha256: str  # of the given file
    bytes: int
    input_name: str
    layout: Layout
    channels: int  # 1 or 3
    height: int
    width: int
    batch_free: bool  # proved: three photos at once give what three single runs give
    precision: Precision
    opset: int
    producer: str  # "" where the file does not say
    layers: tuple[Cut, ...]  # in network order
    class_output: str  # name of a layer, "" where the network has no class layer
    embedding_output: str  # name of a layer
    map_output: str  # name of the layer whose map `derive` gives out as "map", "" where the network has no maps
    ends_in_global_pool: bool  # the embedding is the mean over the places of the last map (8 bit: but for rounding)
    is_segmentation: bool  # the output says a class for every place: (n, classes, h, w) of the input's size
    classes: int  # answers of the class layer; 0 where the network has none
    softmax: bool  # the file's own output are probabilities; the logits layer is before them
    sentences: tuple[str, ...] = ()  # remarks for a person
    trial_size: tuple[int, int] = (0, 0)  # height, width of the pictures the examination ran on

    def to_dict(self) -> dict[str, Any]:
        """As plain lists, dicts, numbers and strings that JSON can hold."""
        return cast("dict[str, Any]", _plain(dataclasses.asdict(self)))

    @classmethod
    def from_dict(cls, value: object) -> Examined:
        """The reverse of `to_dict`.

        Raises:
            ValueError: `value` is not what `to_dict` writes. It may come from another process or an edited file.
        """
        try:
            value = _of(dict, value)
            layers = tuple(_cut(layer) for layer in _list(value["layers"]))
            examined = cls(
                sha256=_of(str, value["sha256"]),
                bytes=_count(value["bytes"]),
                input_name=_of(str, value["input_name"]),
                layout=_one_of(value["layout"], "NCHW", "NHWC"),
                channels=_count(value["channels"]),
                height=_count(value["height"]),
                width=_count(value["width"]),
                batch_free=_of(bool, value["batch_free"]),
                precision=_one_of(value["precision"], "float32", "int8", "float16"),
                opset=_count(value["opset"]),
                producer=_of(str, value["producer"]),
                layers=layers,
                class_output=_of(str, value["class_output"]),
                embedding_output=_of(str, value["embedding_output"]),
                map_output=_of(str, value["map_output"]),
                ends_in_global_pool=_of(bool, value["ends_in_global_pool"]),
                is_segmentation=_of(bool, value["is_segmentation"]),
                classes=_count(value["classes"]),
                softmax=_of(bool, value["softmax"]),
                sentences=tuple(_of(str, sentence) for sentence in _list(value["sentences"])),
                trial_size=_pair(value["trial_size"]),
            )
        except KeyError as error:
            raise ValueError(f"not an examined network: {error} is missing") from error
        names = {layer.name for layer in layers}
        if len(names) != len(layers):
            raise ValueError("two layers have one name")
        if not {examined.class_output, examined.embedding_output, examined.map_output} <= names | {""}:
            raise ValueError("an output that is no layer")
        return examined

    def layer(self, name: str) -> Cut:
        """The layer of that name. Raises KeyError where there is none."""
        for cut in self.layers:
            if cut.name == name:
                return cut
        raise KeyError(name)


def _cut(value: object) -> Cut:
    value = _of(dict, value)
    return Cut(
        name=_of(str, value["name"]),
        tensor=_of(str, value["tensor"]),
        dimension=_count(value["dimension"]),
        map_tensor=_of(str, value["map_tensor"]),
        map_height=_count(value["map_height"]),
        map_width=_count(value["map_width"]),
        pooled_by=_one_of(value["pooled_by"], "mean", "flatten", "none"),
    )


def _plain(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    return value


def _of(kind: type[_T], value: object) -> _T:
    if type(value) is not kind:
        raise ValueError(f"{value!r:.80} is no {kind.__name__}")
    return value


def _one_of(value: object, *words: str) -> Any:
    if value not in words:
        raise ValueError(f"{value!r:.80} is none of {', '.join(words)}")
    return value


def _count(value: object) -> int:
    number = _of(int, value)
    if not 0 <= number < 2**53:
        raise ValueError(f"{number} is no count")
    return number


def _list(value: object) -> list[object]:
    found = _of(list, value)
    if len(found) > _LONGEST:
        raise ValueError("a list without end")
    return found


def _pair(value: object) -> tuple[int, int]:
    first, second = (_count(number) for number in _list(value))
    return first, second
