"""Tiny networks of every kind that people bring, made with onnx.helper; each runs in a millisecond.

`KINDS` has one function per kind; each gives a model. `save` writes one. Weights come from a seed, so that two calls
give the same file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

SIDE = 32
OPSET, IR_VERSION = 13, 8


class Net:
    """A graph in the making: each method adds nodes and returns the name of the new tensor."""

    def __init__(self, seed: int = 0, opset: int = OPSET, half: bool = False) -> None:
        self.random = np.random.default_rng(seed)
        self.opset, self.half = opset, half
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []

    def constant(self, value: np.ndarray) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def weight(self, *shape: int) -> str:
        fan = int(np.prod(shape[1:])) or 1
        values = self.random.normal(0, (2 / fan) ** 0.5, shape)
        return self.constant(values.astype(np.float16 if self.half else np.float32))

    def whole(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def add(self, kind: str, *inputs: str, output: str = "", domain: str = "", **attributes: object) -> str:
        name = output or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], domain=domain, **attributes))
        return name

    def conv(self, x: str, inside: int, outside: int, *, side: int = 3, stride: int = 1, relu: bool = True) -> str:
        pad = side // 2
        x = self.add(
            "Conv",
            x,
            self.weight(outside, inside, side, side),
            self.weight(outside),
            kernel_shape=[side, side],
            strides=[stride, stride],
            pads=[pad] * 4,
        )
        return self.add("Relu", x) if relu else x

    def dense(self, x: str, inside: int, outside: int, output: str = "") -> str:
        return self.add("Gemm", x, self.weight(outside, inside), self.weight(outside), output=output, transB=1)

    def residual(self, x: str, channels: int) -> str:
        y = self.conv(x, channels, channels)
        y = self.conv(y, channels, channels, relu=False)
        return self.add("Relu", self.add("Add", x, y))

    def model(
        self,
        outputs: Sequence[tuple[str, Sequence[int | str]]],
        sides: Sequence[int | str] = ("N", 3, SIDE, SIDE),
        *,
        kind: int = 0,
        inputs: Sequence[object] = (),
        answers: int = 0,
    ) -> ModelProto:
        kind = kind or (TensorProto.FLOAT16 if self.half else TensorProto.FLOAT)
        floats = answers or (TensorProto.FLOAT16 if self.half else TensorProto.FLOAT)
        graph = helper.make_graph(
            self.nodes,
            "tiny",
            [helper.make_tensor_value_info("image", kind, list(sides)), *inputs],
            [helper.make_tensor_value_info(name, floats, list(shape)) for name, shape in outputs],
            self.weights,
        )
        imports = [helper.make_opsetid("", self.opset)]
        imports += [helper.make_opsetid(d, 1) for d in sorted({node.domain for node in self.nodes} - {""})]
        return helper.make_model(graph, opset_imports=imports, ir_version=IR_VERSION, producer_name="tiny")


def _trunk(net: Net, x: str = "image", channels: int = 3) -> str:
    """Three resolutions, 16, 8 and 4 places a side for the usual input; 24 channels at the end."""
    x = net.conv(x, channels, 8, stride=2)
    x = net.residual(x, 8)
    x = net.conv(x, 8, 16, stride=2)
    x = net.residual(x, 16)
    return net.conv(x, 16, 24, stride=2)


def residual(batch: int | str = "N") -> ModelProto:
    """Shortcuts, global average pool, Gemm, softmax: as ResNet."""
    net = Net()
    x = net.add("Flatten", net.add("GlobalAveragePool", _trunk(net)))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", [batch, 10])], [batch, 3, SIDE, SIDE])


def fixed_batch() -> ModelProto:
    """Batch 1 written into a Reshape, as old exporters did."""
    net = Net(1)
    x = net.add("GlobalAveragePool", _trunk(net))
    x = net.add("Reshape", x, net.whole(1, 24))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", [1, 10])], [1, 3, SIDE, SIDE])


def stubborn_batch() -> ModelProto:
    """Batch 1 that cannot be freed: places and photos change sides."""
    net = Net(2)
    x = net.add("Reshape", _trunk(net), net.whole(24, 16))
    x = net.add("Transpose", x, perm=[1, 0])
    x = net.add("ReduceMean", x, axes=[0], keepdims=1)
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", [1, 10])], [1, 3, SIDE, SIDE])


def mixes_batch() -> ModelProto:
    """A batch runs, but the photos in it change one another's features."""
    net = Net(3)
    x = net.add("Flatten", net.add("GlobalAveragePool", _trunk(net)))
    x = net.add("Sub", x, net.add("ReduceMean", x, axes=[0], keepdims=1))
    x = net.add("Add", x, net.weight(1, 24))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", ["N", 10])])


def reduce_mean() -> ModelProto:
    """The mean over places by ReduceMean."""
    net = Net(4)
    x = net.add("ReduceMean", _trunk(net), axes=[2, 3], keepdims=0)
    net.dense(x, 24, 10, "logits_out")
    return net.model([("logits_out", ["N", 10])])


def average_pool() -> ModelProto:
    """The mean over places by a window as large as the map."""
    net = Net(5)
    x = net.add("AveragePool", _trunk(net), kernel_shape=[4, 4])
    x = net.add("Squeeze", x, net.whole(2, 3))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", ["N", 10])])


def inception() -> ModelProto:
    """Branches that meet in a Concat; LRN and max pools; an auxiliary answer that stands first."""
    net = Net(6)
    x = net.add("LRN", net.conv("image", 3, 8, stride=2), size=3)
    aux = net.add("Flatten", net.add("GlobalAveragePool", x))
    net.add("Softmax", net.dense(aux, 8, 10), output="aux", axis=1)
    x = net.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    one, two = net.conv(x, 8, 8, side=1), net.conv(net.conv(x, 8, 4, side=1), 4, 8)
    pooled = net.add("MaxPool", x, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    x = net.add("Concat", one, two, net.conv(pooled, 8, 4, side=1), axis=1)
    x = net.conv(x, 20, 24, stride=2)
    x = net.add("Dropout", net.add("Flatten", net.add("GlobalAveragePool", x)))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("aux", ["N", 10]), ("prob", ["N", 10])])


def dense_blocks() -> ModelProto:
    """Every layer is concatenated to the next, classes by a 1x1 convolution: as DenseNet."""
    net = Net(7)
    x, channels = net.conv("image", 3, 8, stride=2), 8
    for stride in (1, 1, 2, 1, 1):
        if stride == 2:
            x = net.add("AveragePool", net.conv(x, channels, 12, side=1), kernel_shape=[2, 2], strides=[2, 2])
            channels = 12
            continue
        x = net.add("Concat", x, net.conv(x, channels, 4), axis=1)
        channels += 4
    x = net.add("GlobalAveragePool", net.add("Relu", x))
    net.add("Conv", x, net.weight(10, channels, 1, 1), net.weight(10), kernel_shape=[1, 1], output="fc")
    return net.model([("fc", ["N", 10, 1, 1])])


def squeeze() -> ModelProto:
    """The class layer is a convolution before the global pool: as SqueezeNet."""
    net = Net(8)
    x = net.conv(net.add("Dropout", _trunk(net)), 24, 10, side=1)
    net.add("Softmax", net.add("GlobalAveragePool", x), output="softmaxout", axis=1)
    return net.model([("softmaxout", ["N", 10, 1, 1])])


def hidden_layers() -> ModelProto:
    """A flattened map and two dense layers before the classes: as AlexNet and VGG."""
    net = Net(9)
    x = net.add("Flatten", _trunk(net))
    x = net.add("Relu", net.dense(x, 24 * 16, 40))
    x = net.add("Relu", net.dense(x, 40, 30))
    net.add("Softmax", net.dense(x, 30, 10), output="prob", axis=1)
    return net.model([("prob", [1, 10])], [1, 3, SIDE, SIDE])


def grey() -> ModelProto:
    """28x28 grey pictures, valid convolutions, MatMul and Add: as LeNet."""
    net = Net(10)
    x = net.add("Conv", "image", net.weight(8, 1, 5, 5), kernel_shape=[5, 5])
    x = net.add("MaxPool", net.add("Relu", x), kernel_shape=[2, 2], strides=[2, 2])
    x = net.add("Conv", x, net.weight(16, 8, 5, 5), kernel_shape=[5, 5])
    x = net.add("MaxPool", net.add("Relu", x), kernel_shape=[2, 2], strides=[2, 2])
    x = net.add("Reshape", x, net.whole(1, 256))
    net.add("Add", net.add("MatMul", x, net.weight(256, 10)), net.weight(1, 10), output="Plus214_Output_0")
    return net.model([("Plus214_Output_0", [1, 10])], [1, 1, 28, 28])


def encoder() -> ModelProto:
    """Half an autoencoder: the code is 32 numbers."""
    net = Net(11)
    net.dense(net.add("Flatten", _trunk(net)), 24 * 16, 32, "output")
    return net.model([("output", ["N", 32])])


def map_encoder() -> ModelProto:
    """Half an autoencoder: the code is a small map."""
    net = Net(12)
    net.add("Conv", _trunk(net), net.weight(4, 24, 1, 1), kernel_shape=[1, 1], output="output")
    return net.model([("output", ["N", 4, 4, 4])])


def autoencoder() -> ModelProto:
    """Pictures in, pictures out."""
    net = Net(13)
    x = net.conv(_trunk(net), 24, 6, side=1)
    for inside, outside in ((6, 16), (16, 8)):
        x = net.add("ConvTranspose", x, net.weight(inside, outside, 2, 2), kernel_shape=[2, 2], strides=[2, 2])
        x = net.add("Relu", x)
    x = net.add("ConvTranspose", x, net.weight(8, 3, 2, 2), kernel_shape=[2, 2], strides=[2, 2])
    net.add("Sigmoid", x, output="picture")
    return net.model([("picture", ["N", 3, SIDE, SIDE])])


def features_only() -> ModelProto:
    """A classifier whose class layer was taken off."""
    net = Net(14)
    x = net.residual(net.conv(_trunk(net), 24, 32), 32)
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


def several_outputs() -> ModelProto:
    """Features, a map and the classes, which are not first."""
    net = Net(16)
    last = _trunk(net)
    x = net.add("Flatten", net.add("GlobalAveragePool", last), output="pooled")
    net.add("Identity", last, output="map")
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("pooled", ["N", 24]), ("map", ["N", 24, 4, 4]), ("prob", ["N", 10])])


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
    x = net.add("Flatten", net.add("GlobalAveragePool", _trunk(net)))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", ["N", 10])])


def free_size() -> ModelProto:
    """Any size, colours unsaid."""
    net = Net(19)
    x = net.add("Flatten", net.add("GlobalAveragePool", _trunk(net)))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", ["N", 10])], ["N", "C", "H", "W"])


def bytes_in() -> ModelProto:
    """Pixels as uint8, NHWC, scaled by the network itself."""
    net = Net(20)
    x = net.add("Cast", net.add("Transpose", "image", perm=[0, 3, 1, 2]), to=TensorProto.FLOAT)
    x = _trunk(net, net.add("Mul", x, net.constant(np.float32(1 / 255))))
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


def functions() -> ModelProto:
    """Convolution and rectifier in functions of the file's own, one inside the other."""
    net = Net(26)
    net.nodes.append(helper.make_node("Block", ["image", net.weight(8, 3, 3, 3)], ["a"], domain="own"))
    net.nodes.append(helper.make_node("Block", ["a", net.weight(24, 8, 3, 3)], ["b"], domain="own"))
    x = net.add("Flatten", net.add("GlobalAveragePool", "b"))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    model = net.model([("prob", ["N", 10])])
    imports = [helper.make_opsetid("", OPSET), helper.make_opsetid("own", 1)]
    conv = helper.make_node("Conv", ["x", "w"], ["c"], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    steps = [conv, helper.make_node("Rectify", ["c"], ["y"], domain="own")]
    model.functions.append(helper.make_function("own", "Block", ["x", "w"], ["y"], steps, imports))
    rectify = [helper.make_node("Relu", ["x"], ["y"])]
    model.functions.append(helper.make_function("own", "Rectify", ["x"], ["y"], rectify, imports))
    return model


def many_labels() -> ModelProto:
    """Several classes may hold at once: a sigmoid at the end."""
    net = Net(27)
    x = net.add("Flatten", net.add("GlobalAveragePool", _trunk(net)))
    net.add("Sigmoid", net.dense(x, 24, 10), output="scores")
    return net.model([("scores", ["N", 10])])


def unet() -> ModelProto:
    """A class for every place, by way down, way up and shortcuts between them."""
    net = Net(28)
    high = net.conv("image", 3, 8)
    low = net.conv(net.conv(high, 8, 24, stride=2), 24, 24)
    up = net.add("ConvTranspose", low, net.weight(24, 8, 2, 2), kernel_shape=[2, 2], strides=[2, 2])
    x = net.conv(net.add("Concat", high, up, axis=1), 16, 8)
    net.add("Conv", x, net.weight(6, 8, 1, 1), net.weight(6), kernel_shape=[1, 1], output="masks")
    return net.model([("masks", ["N", 6, SIDE, SIDE])])


def constants() -> ModelProto:
    """Weights as nodes, a batch that is called free while a Reshape says 1, and a softmax that is written out."""
    net = Net(29)
    x = net.add("Reshape", net.add("GlobalAveragePool", _trunk(net)), net.whole(1, -1))
    x = net.add("Exp", net.dense(x, 24, 10))
    net.add("Div", x, net.add("ReduceSum", x, net.whole(1), keepdims=1), output="prob")
    weights = [helper.make_node("Constant", [], [tensor.name], value=tensor) for tensor in net.weights]
    net.nodes, net.weights = [*weights, *net.nodes], []
    return net.model([("prob", ["N", 10])])


def class_of_places() -> ModelProto:
    """The answer is the number of a class for every place."""
    net = Net(30)
    x = net.conv(_trunk(net), 24, 5, side=1, relu=False)
    scales = net.constant(np.array([1, 1, 8, 8], np.float32))
    x = net.add("Resize", x, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")
    net.add("ArgMax", x, output="classes", axis=1, keepdims=0)
    return net.model([("classes", ["N", SIDE, SIDE])], answers=TensorProto.INT64)


def newest() -> ModelProto:
    """Written by the newest tools, which onnxruntime may not know yet."""
    model = residual()
    model.opset_import[0].version = onnx.defs.onnx_opset_version()
    model.ir_version = onnx.IR_VERSION
    return model


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


def save(model: ModelProto, path: Path) -> Path:
    """Write a model; its path."""
    path.write_bytes(model.SerializeToString())
    return path
