"""Tiny networks that are no plain classifiers: encoders, masks, transformers, 8 bit, other inputs."""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, TensorProto

from tests.core.tiny_net import SIDE, Net, trunk


def encoder() -> ModelProto:
    """Half an autoencoder: the code is 32 numbers."""
    net = Net(11)
    net.dense(net.add("Flatten", trunk(net)), 24 * 16, 32, "output")
    return net.model([("output", ["N", 32])])


def map_encoder() -> ModelProto:
    """Half an autoencoder: the code is a small map."""
    net = Net(12)
    net.add("Conv", trunk(net), net.weight(4, 24, 1, 1), kernel_shape=[1, 1], output="output")
    return net.model([("output", ["N", 4, 4, 4])])


def autoencoder() -> ModelProto:
    """Pictures in, pictures out."""
    net = Net(13)
    x = net.conv(trunk(net), 24, 6, side=1)
    for inside, outside in ((6, 16), (16, 8)):
        x = net.add("ConvTranspose", x, net.weight(inside, outside, 2, 2), kernel_shape=[2, 2], strides=[2, 2])
        x = net.add("Relu", x)
    x = net.add("ConvTranspose", x, net.weight(8, 3, 2, 2), kernel_shape=[2, 2], strides=[2, 2])
    net.add("Sigmoid", x, output="picture")
    return net.model([("picture", ["N", 3, SIDE, SIDE])])


def features_only() -> ModelProto:
    """A classifier whose class layer was taken off."""
    net = Net(14)
    x = net.residual(net.conv(trunk(net), 24, 32), 32)
    net.add("Flatten", net.add("GlobalAveragePool", x), output="features")
    return net.model([("features", ["N", 32])])


def segmentation(free: bool = True) -> ModelProto:
    """A class for every place, upsampled to the picture, with an auxiliary output: as FCN."""
    net = Net(15, opset=13)
    x = net.conv("image", 3, 8, stride=2)
    deep = net.residual(net.conv(x, 8, 16, stride=2), 16)
    size = net.add("Slice", net.add("Shape", "image"), net.whole(2), net.whole(4))
    for name, tensor, channels in (("out", deep, 16), ("aux", x, 8)):
        scores = net.add("Conv", tensor, net.weight(5, channels, 1, 1), net.weight(5), kernel_shape=[1, 1])
        sizes = net.add("Concat", net.add("Slice", net.add("Shape", scores), net.whole(0), net.whole(2)), size, axis=0)
        net.add(
            "Resize", scores, "", "", sizes, output=name, mode="linear", coordinate_transformation_mode="half_pixel"
        )
    sides: list[int | str] = ["N", 3, "H", "W"] if free else ["N", 3, SIDE, SIDE]
    return net.model([("aux", ["N", 5, *sides[2:]]), ("out", ["N", 5, *sides[2:]])], sides)


def channels_last() -> ModelProto:
    """NHWC pictures, and a step between the convolutions that is NHWC too."""
    net = Net(17)
    x = net.conv(net.add("Transpose", "image", perm=[0, 3, 1, 2]), 3, 8, stride=2)
    x = net.add("Transpose", x, perm=[0, 2, 3, 1])
    x = net.add("Mul", x, net.weight(8))
    x = net.conv(net.add("Transpose", x, perm=[0, 3, 1, 2]), 8, 24, stride=2)
    x = net.add("ReduceMean", net.add("Transpose", x, perm=[0, 2, 3, 1]), axes=[1, 2], keepdims=0)
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", ["N", 10])], ["N", SIDE, SIDE, 3])


def half() -> ModelProto:
    """float16 throughout."""
    net = Net(18, half=True)
    x = net.add("Flatten", net.add("GlobalAveragePool", trunk(net)))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", ["N", 10])])


def free_size() -> ModelProto:
    """Any size, colours unsaid."""
    net = Net(19)
    x = net.add("Flatten", net.add("GlobalAveragePool", trunk(net)))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", ["N", 10])], ["N", "C", "H", "W"])


def bytes_in() -> ModelProto:
    """Pixels as uint8, NHWC, scaled by the network itself."""
    net = Net(20)
    x = net.add("Cast", net.add("Transpose", "image", perm=[0, 3, 1, 2]), to=TensorProto.FLOAT)
    x = trunk(net, net.add("Mul", x, net.constant(np.float32(1 / 255))))
    x = net.add("Flatten", net.add("GlobalAveragePool", x))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", ["N", 10])], ["N", SIDE, SIDE, 3], kind=TensorProto.UINT8)


def transformer(batch: int = 1) -> ModelProto:
    """Tiles of the picture that look at one another, the mean of them, classes: as ViT without a class token."""
    net = Net(21)
    x = net.add("Conv", "image", net.weight(16, 3, 8, 8), kernel_shape=[8, 8], strides=[8, 8])
    x = net.add("Transpose", net.add("Reshape", x, net.whole(batch, 16, 16)), perm=[0, 2, 1])
    for _ in range(2):
        q, k, v = (net.add("MatMul", x, net.weight(16, 16)) for _ in range(3))
        scores = net.add("Softmax", net.add("MatMul", q, net.add("Transpose", k, perm=[0, 2, 1])), axis=-1)
        x = net.add("Add", x, net.add("MatMul", scores, v))
    x = net.add("ReduceMean", x, axes=[1], keepdims=0)
    net.dense(x, 16, 10, "logits_out")
    return net.model([("logits_out", [batch, 10])], [batch, 3, SIDE, SIDE])


def class_token(tokens_out: bool = False) -> ModelProto:
    """A transformer with a class token; or without its class layer, all tokens as the answer."""
    net = Net(24)
    x = net.add("Conv", "image", net.weight(16, 3, 8, 8), kernel_shape=[8, 8], strides=[8, 8])
    x = net.add("Transpose", net.add("Reshape", x, net.whole(0, 16, -1)), perm=[0, 2, 1])
    first = net.add("Slice", net.add("Shape", "image"), net.whole(0), net.whole(1))
    token = net.add("Expand", net.weight(1, 1, 16), net.add("Concat", first, net.whole(1, 16), axis=0))
    x = net.add("Concat", token, x, axis=1)
    for _ in range(2):
        q, k, v = (net.add("MatMul", x, net.weight(16, 16)) for _ in range(3))
        scores = net.add("Softmax", net.add("MatMul", q, net.add("Transpose", k, perm=[0, 2, 1])), axis=-1)
        x = net.add("Add", x, net.add("MatMul", scores, v))
        x = net.add("Add", x, net.add("Tanh", net.add("MatMul", x, net.weight(16, 16))))
    if tokens_out:
        net.add("Identity", x, output="last_hidden_state")
        return net.model([("last_hidden_state", ["N", 17, 16])])
    net.dense(net.add("Gather", x, net.constant(np.int64(0)), axis=1), 16, 10, "logits_out")
    return net.model([("logits_out", ["N", 10])])


def unsaid_size() -> ModelProto:
    """Says it takes any size, and takes one."""
    net = Net(25)
    x = net.add("Flatten", net.conv(net.conv("image", 3, 8, stride=4), 8, 8, stride=4))
    net.add("Softmax", net.dense(x, 8 * 36, 10), output="prob", axis=1)  # 6 x 6 places: 96 pixels a side
    return net.model([("prob", ["N", 10])], ["N", 3, "H", "W"])


def unet() -> ModelProto:
    """A class for every place, by way down, way up and shortcuts between them."""
    net = Net(28)
    high = net.conv("image", 3, 8)
    low = net.conv(net.conv(high, 8, 24, stride=2), 24, 24)
    up = net.add("ConvTranspose", low, net.weight(24, 8, 2, 2), kernel_shape=[2, 2], strides=[2, 2])
    x = net.conv(net.add("Concat", high, up, axis=1), 16, 8)
    net.add("Conv", x, net.weight(6, 8, 1, 1), net.weight(6), kernel_shape=[1, 1], output="masks")
    return net.model([("masks", ["N", 6, SIDE, SIDE])])


def class_of_places() -> ModelProto:
    """The answer is the number of a class for every place."""
    net = Net(30)
    x = net.conv(trunk(net), 24, 5, side=1, relu=False)
    scales = net.constant(np.array([1, 1, 8, 8], np.float32))
    x = net.add("Resize", x, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")
    net.add("ArgMax", x, output="classes", axis=1, keepdims=0)
    return net.model([("classes", ["N", SIDE, SIDE])], answers=TensorProto.INT64)


def quantised() -> ModelProto:
    """8 bit by QuantizeLinear and DequantizeLinear round every convolution."""
    net = Net(22)

    def rounded(x: str) -> str:
        scale, zero = net.constant(np.float32(0.05)), net.constant(np.uint8(64))
        return net.add("DequantizeLinear", net.add("QuantizeLinear", x, scale, zero), scale, zero)

    x = rounded("image")
    for inside, outside in ((3, 8), (8, 16), (16, 24)):
        values = net.random.integers(-100, 100, (outside, inside, 3, 3)).astype(np.int8)
        scale = net.constant(np.full(outside, 0.004, np.float32))
        weight = net.add(
            "DequantizeLinear", net.constant(values), scale, net.constant(np.zeros(outside, np.int8)), axis=0
        )
        x = net.add("Conv", x, weight, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
        x = rounded(net.add("Relu", x))
    x = net.add("Flatten", net.add("GlobalAveragePool", x))
    net.dense(rounded(x), 24, 10, "logits_out")
    return net.model([("logits_out", ["N", 10])])


def quantised_operators() -> ModelProto:
    """8 bit by operators of its own: tensors between them are whole numbers."""
    net = Net(23)
    scale, zero = net.constant(np.float32(0.05)), net.constant(np.uint8(64))
    x = net.add("QuantizeLinear", "image", scale, zero)
    for inside, outside in ((3, 8), (8, 16), (16, 24)):
        values = net.constant(net.random.integers(-100, 100, (outside, inside, 3, 3)).astype(np.int8))
        w_scale, w_zero = net.constant(np.float32(0.004)), net.constant(np.int8(0))
        x = net.add(
            "QLinearConv", x, scale, zero, values, w_scale, w_zero, scale, zero,
            kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4,
        )  # fmt: skip
    x = net.add("QLinearGlobalAveragePool", x, scale, zero, scale, zero, domain="com.microsoft", channels_last=0)
    x = net.add("DequantizeLinear", net.add("Flatten", x), scale, zero)
    net.dense(x, 24, 10, "logits_out")
    return net.model([("logits_out", ["N", 10])])
