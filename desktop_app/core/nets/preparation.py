"""How a picture becomes a network's input: what is cut, which colours, which numbers. A value, no arithmetic.

A change of preparation makes other features, so it is part of a network's key (`manifest.Network.key`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Fit = Literal["crop", "squash"]
Colours = Literal["rgb", "bgr", "grey"]
Layout = Literal["NCHW", "NHWC"]

LARGEST = 4096
"""Most pixels a side of an input, and of the picture it is cut from."""

USUAL_SHARE = 0.875
"""The part of the short side that most networks were tested on: 224 of 256."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a picture becomes a network's input: cut, resize, order the colours, `(pixel - mean) / scale`.

    Attributes:
        height: of the input, in pixels.
        width: of the input.
        fit: "crop" cuts a part of the input's proportions from the middle; "squash" takes height and width apart,
            so that a long picture is pressed together.
        short_side: of the picture that the input is cut from. With "crop" the picture's short side counts as this
            many pixels, so 224 of 256 is the middle 7/8 of it. With "squash" both sides count as this many, and the
            input's longer side (the usual value) means the whole picture. A picture is decoded at this size where it
            is more than the 256 that thumbnails need: see `decode_side`. 0 takes what is usual: 224 / 0.875 for
            "crop", the longer side for "squash".
        colours: the order of the channels; "grey" is one channel, 0.299 red + 0.587 green + 0.114 blue.
        invert: white becomes black first, for networks that learnt light strokes on dark ground.
        layout: of the tensor: "NCHW" (channels, height, width) or "NHWC" (height, width, channels).
        mean: of 0 to 255, per channel in the order that is fed; one number serves all channels.
        scale: the same.

    Raises:
        ValueError: a value cannot be.
    """

    height: int
    width: int
    fit: Fit = "crop"
    short_side: int = 0
    colours: Colours = "rgb"
    invert: bool = False
    layout: Layout = "NCHW"
    mean: tuple[float, ...] = (0.0,)
    scale: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        usual = (
            max(self.height, self.width) if self.fit == "squash" else round(min(self.height, self.width) / USUAL_SHARE)
        )
        put = object.__setattr__
        put(self, "short_side", self.short_side or usual)
        for side in (self.height, self.width, self.short_side):
            if type(side) is not int or not 1 <= side <= LARGEST:
                raise ValueError(f"an input has 1 to {LARGEST} pixels a side, not {side!r}")
        if self.fit not in ("crop", "squash") or self.colours not in ("rgb", "bgr", "grey"):
            raise ValueError(f"fit {self.fit!r}, colours {self.colours!r}")
        if self.layout not in ("NCHW", "NHWC") or type(self.invert) is not bool:
            raise ValueError(f"layout {self.layout!r}, invert {self.invert!r}")
        put(self, "mean", self._per_channel(self.mean))
        put(self, "scale", self._per_channel(self.scale))
        if any(value == 0 for value in self.scale):
            raise ValueError("a scale of 0")

    def _per_channel(self, values: tuple[float, ...]) -> tuple[float, ...]:
        numbers = tuple(float(value) for value in values)
        if len(numbers) not in (1, self.channels) or not all(math.isfinite(value) for value in numbers):
            raise ValueError(f"{self.channels} numbers are needed, not {values!r}")
        return numbers if len(numbers) == self.channels else numbers * self.channels

    @property
    def channels(self) -> int:
        """3, or 1 for grey."""
        return 1 if self.colours == "grey" else 3

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one input: (channels, height, width), or (height, width, channels) for "NHWC"."""
        sides = (self.height, self.width)
        return (self.channels, *sides) if self.layout == "NCHW" else (*sides, self.channels)

    def decode_side(self, least: int = 256) -> int:
        """The short side at which pictures are decoded for this input: never below `least`, which thumbnails need.

        A picture is fed from the same reduced size whenever it is prepared, while adding and as a question, so that
        its features do not depend on who decoded it.
        """
        return max(least, self.short_side)

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {**asdict(self), "mean": list(self.mean), "scale": list(self.scale)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Preparation:
        """What `to_dict` gave.

        Raises:
            ValueError: it is something else.
        """
        try:
            known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
            return cls(**{**known, "mean": tuple(known["mean"]), "scale": tuple(known["scale"])})
        except (KeyError, TypeError) as error:
            raise ValueError(f"preparation: {error}") from error


Factory = Callable[[int, int, Layout], Preparation]
"""(height, width, layout) of a network's input to its preparation."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A usual way of preparing pictures; call it with height, width and layout of the input.

    Attributes:
        name: for files and the command line.
        title: plain words.
        used_by: networks that were trained so.
        channels: of the inputs it fits, 1 or 3.
    """

    name: str
    title: str
    used_by: str
    channels: int
    make: Factory

    def __call__(self, height: int, width: int, layout: Layout = "NCHW") -> Preparation:
        """The preparation for an input of this size.

        Raises:
            ValueError: it cannot be so large or small.
        """
        return self.make(height, width, layout)


_IMAGENET_MEAN = (255 * 0.485, 255 * 0.456, 255 * 0.406)
_IMAGENET_SCALE = (255 * 0.229, 255 * 0.224, 255 * 0.225)
_CAFFE_MEAN = (103.939, 116.779, 123.68)  # blue, green, red


def _fit(height: int, width: int) -> Fit:
    """A square is cut out; an input of other proportions would lose too much of most pictures."""
    return "crop" if height == width else "squash"


def _imagenet(height: int, width: int, layout: Layout) -> Preparation:
    return Preparation(height, width, _fit(height, width), layout=layout, mean=_IMAGENET_MEAN, scale=_IMAGENET_SCALE)


def _caffe(height: int, width: int, layout: Layout) -> Preparation:
    return Preparation(height, width, "squash", colours="bgr", layout=layout, mean=_CAFFE_MEAN)


def _densenet(height: int, width: int, layout: Layout) -> Preparation:
    return Preparation(
        height,
        width,
        _fit(height, width),
        colours="bgr",
        layout=layout,
        mean=(103.94, 116.78, 123.68),
        scale=(1 / 0.017,),
    )


def _efficientnet(height: int, width: int, layout: Layout) -> Preparation:
    return Preparation(height, width, _fit(height, width), layout=layout, mean=(127,), scale=(128,))


def _digits(height: int, width: int, layout: Layout) -> Preparation:
    return Preparation(height, width, "squash", colours="grey", invert=True, layout=layout, scale=(255,))


def _open_nsfw(height: int, width: int, layout: Layout) -> Preparation:
    share = round(max(height, width) * 256 / 224)
    return Preparation(height, width, "squash", share, colours="bgr", layout=layout, mean=(104, 117, 123))


def _whole(height: int, width: int, layout: Layout) -> Preparation:
    return Preparation(height, width, "squash", layout=layout, mean=_IMAGENET_MEAN, scale=_IMAGENET_SCALE)


def _zero_to_one(height: int, width: int, layout: Layout) -> Preparation:
    return Preparation(height, width, _fit(height, width), layout=layout, scale=(255,))


def _minus_one_to_one(height: int, width: int, layout: Layout) -> Preparation:
    return Preparation(height, width, _fit(height, width), layout=layout, mean=(127.5,), scale=(127.5,))


def _grey(height: int, width: int, layout: Layout) -> Preparation:
    return Preparation(height, width, "squash", colours="grey", layout=layout, scale=(255,))


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "imagenet", "As PyTorch networks", "ResNet, VGG, MobileNet, SqueezeNet 1.1, ShuffleNet, timm", 3, _imagenet
        ),
        Preset(
            "caffe",
            "As Caffe networks",
            "AlexNet, CaffeNet, ZFNet, GoogLeNet, Inception v1, SqueezeNet 1.0",
            3,
            _caffe,
        ),
        Preset("densenet", "As DenseNet from Caffe", "DenseNet-121", 3, _densenet),
        Preset("efficientnet", "As EfficientNet-Lite", "EfficientNet-Lite, from 127 in steps of 128", 3, _efficientnet),
        Preset("digits", "Handwriting: grey, light on dark", "LeNet, MNIST", 1, _digits),
        Preset("grey", "Grey, dark to light", "Encoders of grey pictures", 1, _grey),
        Preset("open-nsfw", "As Yahoo's open_nsfw", "open_nsfw", 3, _open_nsfw),
        Preset("whole", "As PyTorch networks, the whole picture", "FCN and other segmentation networks", 3, _whole),
        Preset("zero-to-one", "Colours from 0 to 1", "Many TensorFlow and Keras networks", 3, _zero_to_one),
        Preset(
            "minus-one-to-one", "Colours from -1 to 1", "Inception v3, MobileNet of TensorFlow", 3, _minus_one_to_one
        ),
    )
}
"""The usual preparations by name; the first five are those of the ONNX Model Zoo's classifiers.

DenseNet's is the one of its authors (Shicai Yang's DenseNet-Caffe: blue, green, red, times 0.017), with which it
reaches 74.9 %; the zoo's own 61.0 % was measured with another one.
"""
