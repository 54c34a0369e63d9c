"""Tiny networks of every kind that people bring, and what an examination has to find in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from onnx import ModelProto

from tests.core.tiny_classifiers import (
    average_pool,
    constants,
    dense_blocks,
    fixed_batch,
    functions,
    grey,
    hidden_layers,
    inception,
    many_labels,
    mixes_batch,
    newest,
    reduce_mean,
    residual,
    several_outputs,
    squeeze,
    stubborn_batch,
)
from tests.core.tiny_net import SIDE, Net, save
from tests.core.tiny_others import (
    autoencoder,
    bytes_in,
    channels_last,
    class_of_places,
    class_token,
    encoder,
    features_only,
    free_size,
    half,
    map_encoder,
    quantised,
    quantised_operators,
    segmentation,
    transformer,
    unet,
    unsaid_size,
)

__all__ = [
    "KINDS",
    "SIDE",
    "Expected",
    "Net",
    "autoencoder",
    "average_pool",
    "bytes_in",
    "channels_last",
    "class_of_places",
    "class_token",
    "constants",
    "dense_blocks",
    "encoder",
    "features_only",
    "fixed_batch",
    "free_size",
    "functions",
    "grey",
    "half",
    "hidden_layers",
    "inception",
    "many_labels",
    "map_encoder",
    "mixes_batch",
    "newest",
    "quantised",
    "quantised_operators",
    "reduce_mean",
    "residual",
    "save",
    "segmentation",
    "several_outputs",
    "squeeze",
    "stubborn_batch",
    "transformer",
    "unet",
    "unsaid_size",
]


@dataclasses.dataclass(frozen=True)
class Expected:
    """What an examination has to find in a network of one kind."""

    make: Callable[[], ModelProto]
    layers: tuple[tuple[str, int], ...]  # names and dimensions, in order
    map_output: str = "embedding"
    exact: bool = True  # ends in a global pool
    batch_free: bool = True
    classes: int = 10
    softmax: bool = True
    more: tuple[tuple[str, object], ...] = ()  # other attributes of what is found


_THREE = (("stage1", 8), ("stage2", 16), ("embedding", 24), ("logits", 10))

KINDS: dict[str, Expected] = {
    "residual": Expected(residual, _THREE),
    "fixed batch": Expected(fixed_batch, _THREE),
    "stubborn batch": Expected(stubborn_batch, _THREE, batch_free=False),
    "mixes batch": Expected(
        mixes_batch, (*_THREE[:2], ("stage3", 24), *_THREE[2:]), "stage3", exact=False, batch_free=False
    ),
    "ReduceMean": Expected(reduce_mean, _THREE, softmax=False),
    "AveragePool": Expected(average_pool, _THREE),
    "inception": Expected(inception, (("stage1", 8), ("stage2", 20), ("embedding", 24), ("logits", 10))),
    "dense blocks": Expected(dense_blocks, (("stage1", 12), ("embedding", 20), ("logits", 10)), softmax=False),
    "squeeze": Expected(squeeze, _THREE),
    "hidden layers": Expected(
        hidden_layers, (*_THREE[:2], ("stage3", 24), ("embedding", 30), ("logits", 10)), "stage3", exact=False
    ),
    "grey": Expected(
        grey,
        (("stage1", 8), ("stage2", 8), ("stage3", 16), ("stage4", 16), ("embedding", 256), ("logits", 10)),
        "stage4",
        exact=False,
        softmax=False,
        more=(("channels", 1), ("height", 28)),
    ),
    "encoder": Expected(
        encoder, (*_THREE[:2], ("stage3", 24), ("embedding", 32)), "stage3", exact=False, classes=0, softmax=False
    ),
    "map encoder": Expected(
        map_encoder, (*_THREE[:2], ("embedding", 64)), "embedding", exact=False, classes=0, softmax=False
    ),
    "autoencoder": Expected(
        autoencoder, (*_THREE[:2], ("embedding", 96)), "embedding", exact=False, classes=0, softmax=False
    ),
    "features only": Expected(features_only, (*_THREE[:2], ("embedding", 32)), "embedding", classes=0, softmax=False),
    "segmentation": Expected(
        segmentation,
        (("stage1", 8), ("embedding", 16), ("logits", 5)),
        classes=5,
        softmax=False,
        more=(("is_segmentation", True), ("height", 0), ("width", 0)),
    ),
    "several outputs": Expected(several_outputs, _THREE),
    "channels last": Expected(
        channels_last, (("stage1", 8), ("embedding", 24), ("logits", 10)), more=(("layout", "NHWC"),)
    ),
    "float16": Expected(half, _THREE, more=(("precision", "float16"),)),
    "free size": Expected(free_size, _THREE, more=(("height", 0), ("width", 0), ("channels", 3))),
    "uint8": Expected(bytes_in, _THREE, more=(("layout", "NHWC"),)),
    "transformer": Expected(transformer, (("embedding", 16), ("logits", 10)), "", exact=False, softmax=False),
    "class token": Expected(class_token, (("embedding", 16), ("logits", 10)), "", exact=False, softmax=False),
    "tokens": Expected(lambda: class_token(True), (("embedding", 16),), "", exact=False, classes=0, softmax=False),
    "unsaid size": Expected(
        unsaid_size,
        (("stage1", 8), ("stage2", 8), ("embedding", 288), ("logits", 10)),
        "stage2",
        exact=False,
        more=(("height", 96), ("width", 96)),
    ),
    "functions": Expected(functions, (("stage1", 8), ("embedding", 24), ("logits", 10))),
    "many labels": Expected(many_labels, _THREE, softmax=False),
    "U-Net": Expected(
        unet,
        (("stage1", 8), ("embedding", 24), ("logits", 6)),
        classes=6,
        softmax=False,
        more=(("is_segmentation", True),),
    ),
    "constants": Expected(constants, _THREE),
    "class of places": Expected(
        class_of_places,
        (("stage1", 8), ("stage2", 16), ("embedding", 24), ("logits", 5)),
        classes=5,
        softmax=False,
        more=(("is_segmentation", True),),
    ),
    "newest": Expected(newest, _THREE),
    "QDQ": Expected(quantised, _THREE, softmax=False, more=(("precision", "int8"),)),
    "QLinear": Expected(quantised_operators, _THREE, softmax=False, more=(("precision", "int8"),)),
}
