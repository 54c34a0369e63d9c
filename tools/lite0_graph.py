"""EfficientNet-Lite0 as an ONNX graph, built straight from its PyTorch weights.

Building the graph by hand instead of tracing the module keeps it as small as the network is: batch normalisation is
folded into the convolutions and TensorFlow's one-sided padding becomes an attribute of the convolution, where an
exporter leaves some 300 nodes of padding arithmetic behind.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
SIZE = 224
STAGE_BLOCKS = {2: "stage2", 4: "stage3", 10: "stage4", 15: "stage5"}
"""The last block of each resolution (56, 28, 14 and 7 places a side) and the name of its pooled output."""


class _Graph:
    """Collects nodes and weights under readable names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []

    def weight(self, name: str, array: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def conv(self, source: str, name: str, conv: Any, norm: Any, *, clip: bool) -> str:
        """Convolution, its batch normalisation folded in, and ReLU6 where the network has one."""
        gain = (norm.weight / (norm.running_var + norm.eps).sqrt()).detach().double()
        weight = (conv.weight.detach().double() * gain[:, None, None, None]).numpy().astype(np.float32)
        bias = (norm.bias.detach().double() - norm.running_mean.double() * gain).numpy().astype(np.float32)
        # ZeroPad2d counts (left, right, top, bottom), ONNX (top, left, bottom, right)
        left, right, top, bottom = getattr(conv.static_padding, "padding", (0, 0, 0, 0))
        output = self.node(
            "Conv",
            [source, self.weight(f"{name}.weight", weight), self.weight(f"{name}.bias", bias)],
            f"{name}.conv" if clip else name,
            kernel_shape=list(conv.kernel_size),
            strides=list(conv.stride),
            group=conv.groups,
            pads=[top, left, bottom, right],
        )
        return self.node("Clip", [output, "zero", "six"], name) if clip else output

    def pooled(self, source: str, name: str, channels: int) -> str:
        self.node("GlobalAveragePool", [source], f"{name}.pool")
        self.node("Flatten", [f"{name}.pool"], name, axis=1)
        self.output(name, ["N", channels])
        return name

    def output(self, name: str, shape: list[str | int]) -> None:
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))


def build(module: Any) -> onnx.ModelProto:
    """The graph of an `EfficientNet` module of the package efficientnet-lite-pytorch.

    Args:
        module: the module with its weights, in evaluation mode.

    Returns:
        Input `image` float32 (N, 3, 224, 224), already prepared. Outputs, all float32: `stage1` (N, 96),
        `stage2` (N, 24), `stage3` (N, 40), `stage4` (N, 112), `stage5` (N, 320), `embedding` (N, 1280),
        `logits` (N, 1000) and last, `map` (N, 1280, 7, 7), whose mean over places is the embedding.
    """
    graph = _Graph()
    graph.weight("zero", np.array(0, np.float32))
    graph.weight("six", np.array(6, np.float32))
    x = graph.conv("image", "stem", module._conv_stem, module._bn0, clip=True)
    for number, block in enumerate(module._blocks):
        name, y = f"block{number}", x
        arguments = block._block_args
        if arguments.expand_ratio != 1:
            y = graph.conv(y, f"{name}.expand", block._expand_conv, block._bn0, clip=True)
            if number == 1:  # the last map at 112 places a side; block 0's own output has only 16 channels
                graph.pooled(y, "stage1", block._bn0.num_features)
        y = graph.conv(y, f"{name}.depthwise", block._depthwise_conv, block._bn1, clip=True)
        added = block.id_skip and arguments.stride == 1 and arguments.input_filters == arguments.output_filters
        y = graph.conv(y, f"{name}.project" if added else name, block._project_conv, block._bn2, clip=False)
        x = graph.node("Add", [y, x], name) if added else y
        if number in STAGE_BLOCKS:
            graph.pooled(x, STAGE_BLOCKS[number], arguments.output_filters)
    graph.conv(x, "map", module._conv_head, module._bn1, clip=True)
    channels = module._bn1.num_features
    embedding = graph.pooled("map", "embedding", channels)
    weight = graph.weight("classes.weight", module._fc.weight.detach().numpy())
    bias = graph.weight("classes.bias", module._fc.bias.detach().numpy())
    graph.node("Gemm", [embedding, weight, bias], "logits", transB=1)
    graph.output("logits", ["N", module._fc.out_features])
    graph.output("map", ["N", channels, SIZE // 32, SIZE // 32])
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "efficientnet-lite0", [image], graph.outputs, graph.weights),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="likeness",
    )
    onnx.checker.check_model(model, full_check=True)
    return model
