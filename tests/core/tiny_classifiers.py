"""Tiny classifiers of every kind that people bring; each runs in a millisecond."""

from __future__ import annotations

import onnx
from onnx import ModelProto, helper

from tests.core.tiny_net import OPSET, SIDE, Net, trunk


def residual(batch: int | str = "N") -> ModelProto:
    """Shortcuts, global average pool, Gemm, softmax: as ResNet."""
    net = Net()
    x = net.add("Flatten", net.add("GlobalAveragePool", trunk(net)))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", [batch, 10])], [batch, 3, SIDE, SIDE])


def fixed_batch() -> ModelProto:
    """Batch 1 written into a Reshape, as old exporters did."""
    net = Net(1)
    x = net.add("GlobalAveragePool", trunk(net))
    x = net.add("Reshape", x, net.whole(1, 24))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", [1, 10])], [1, 3, SIDE, SIDE])


def stubborn_batch() -> ModelProto:
    """Batch 1 that cannot be freed: places and photos change sides."""
    net = Net(2)
    x = net.add("Reshape", trunk(net), net.whole(24, 16))
    x = net.add("Transpose", x, perm=[1, 0])
    x = net.add("ReduceMean", x, axes=[0], keepdims=1)
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", [1, 10])], [1, 3, SIDE, SIDE])


def mixes_batch() -> ModelProto:
    """A batch runs, but the photos in it change one another's features."""
    net = Net(3)
    x = net.add("Flatten", net.add("GlobalAveragePool", trunk(net)))
    x = net.add("Sub", x, net.add("ReduceMean", x, axes=[0], keepdims=1))
    x = net.add("Add", x, net.weight(1, 24))
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("prob", ["N", 10])])


def reduce_mean() -> ModelProto:
    """The mean over places by ReduceMean."""
    net = Net(4)
    x = net.add("ReduceMean", trunk(net), axes=[2, 3], keepdims=0)
    net.dense(x, 24, 10, "logits_out")
    return net.model([("logits_out", ["N", 10])])


def average_pool() -> ModelProto:
    """The mean over places by a window as large as the map."""
    net = Net(5)
    x = net.add("AveragePool", trunk(net), kernel_shape=[4, 4])
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
    x = net.conv(net.add("Dropout", trunk(net)), 24, 10, side=1)
    net.add("Softmax", net.add("GlobalAveragePool", x), output="softmaxout", axis=1)
    return net.model([("softmaxout", ["N", 10, 1, 1])])


def hidden_layers() -> ModelProto:
    """A flattened map and two dense layers before the classes: as AlexNet and VGG."""
    net = Net(9)
    x = net.add("Flatten", trunk(net))
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


def several_outputs() -> ModelProto:
    """Features, a map and the classes, which are not first."""
    net = Net(16)
    last = trunk(net)
    x = net.add("Flatten", net.add("GlobalAveragePool", last), output="pooled")
    net.add("Identity", last, output="map")
    net.add("Softmax", net.dense(x, 24, 10), output="prob", axis=1)
    return net.model([("pooled", ["N", 24]), ("map", ["N", 24, 4, 4]), ("prob", ["N", 10])])


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
    x = net.add("Flatten", net.add("GlobalAveragePool", trunk(net)))
    net.add("Sigmoid", net.dense(x, 24, 10), output="scores")
    return net.model([("scores", ["N", 10])])


def constants() -> ModelProto:
    """Weights as nodes, a batch that is called free while a Reshape says 1, and a softmax that is written out."""
    net = Net(29)
    x = net.add("Reshape", net.add("GlobalAveragePool", trunk(net)), net.whole(1, -1))
    x = net.add("Exp", net.dense(x, 24, 10))
    net.add("Div", x, net.add("ReduceSum", x, net.whole(1), keepdims=1), output="prob")
    weights = [helper.make_node("Constant", [], [tensor.name], value=tensor) for tensor in net.weights]
    net.nodes, net.weights = [*weights, *net.nodes], []
    return net.model([("prob", ["N", 10])])


def newest() -> ModelProto:
    """Written by the newest tools, which onnxruntime may not know yet."""
    model = residual()
    model.opset_import[0].version = onnx.defs.onnx_opset_version()
    model.ir_version = onnx.IR_VERSION
    return model
