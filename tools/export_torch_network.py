"""Exports a torchvision or timm network to ONNX, with how to prepare its pictures, for "Add a way to compare".

    python -m tools.export_torch_network resnet50 --weights my-resnet50.pth --out resnet50.onnx
    python -m tools.export_torch_network timm:convnext_tiny --pretrained --out convnext.onnx

It writes OUT.onnx (opset 17, any number of pictures at once) and beside it OUT.json (preparation, class names, origin),
which Likeness reads when the .onnx file is added. It needs the extra `torch-export` of this project, in an environment
of its own: no part of Likeness, and no test, needs PyTorch.

Files of weights (.pth, .pt) are read as weights only: a pickle that would run code is refused by PyTorch.
"""

from __future__ import annotations

import argparse
import importlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from desktop_app.core.nets.beside import Beside, write_beside
from desktop_app.core.nets.preparation import Preparation

OPSET = 17
LARGEST_DIFFERENCE = 1e-3
"""Of an answer of the exported file from PyTorch's, as a part of the largest answer."""

_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class Input:
    """How a library of networks prepares pictures: RGB of 0 to 1, `(value - mean) / deviation`.

    Attributes:
        size: pixels a side that the network sees.
        short_side: of the picture that square is cut from; `size` without a cut.
        mean: per channel.
        deviation: per channel.
        squash: whether the whole picture is pressed into the square.
    """

    size: int
    short_side: int
    mean: tuple[float, ...] = _MEAN
    deviation: tuple[float, ...] = _DEVIATION
    squash: bool = False

    def preparation(self) -> Preparation:
        """The same in the words of the program, for pixels of 0 to 255."""
        return Preparation(
            self.size,
            self.size,
            "squash" if self.squash else "crop",
            self.size if self.squash else self.short_side,
            mean=tuple(255 * value for value in self.mean),
            scale=tuple(255 * value for value in self.deviation),
        )


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m tools.export_torch_network",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("network", help="a name of torchvision (resnet50), or timm:NAME (timm:convnext_tiny)")
    made.add_argument("--out", type=Path, required=True, help="the .onnx file to write")
    which = made.add_mutually_exclusive_group(required=True)
    which.add_argument("--weights", type=Path, metavar="FILE", help="a state_dict on this computer")
    which.add_argument("--pretrained", action="store_true", help="the library's own weights; it may download them")
    which.add_argument("--untrained", action="store_true", help="random weights, to try the export itself")
    made.add_argument("--classes", type=Path, metavar="FILE", help="class names, one a line, in index order")
    made.add_argument("--size", type=int, help="pixels a side (default: what the network was tested with)")
    made.add_argument("--title", default="", help="how Likeness calls it")
    made.add_argument("--licence", default="", help="of the weights, as its publisher names it")
    return made


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line's options, checked. Ends the program with a sentence where they cannot be."""
    made = parser()
    options = made.parse_args(arguments)
    if options.out.suffix != ".onnx":
        made.error("--out has to end in .onnx")
    if options.size is not None and not 16 <= options.size <= 2048:
        made.error("--size is 16 to 2048")
    for file in (options.weights, options.classes):
        if file is not None and not file.is_file():
            made.error(f"there is no file {file}")
    return options


def input_of(config: dict[str, Any], size: int | None) -> Input:
    """From a data configuration as timm gives it: input_size, mean, std, crop_pct, crop_mode."""
    side = size or int(config["input_size"][-1])
    share = float(config.get("crop_pct") or 1)
    squash = config.get("crop_mode") == "squash"
    return Input(side, max(side, round(side / share)), tuple(config["mean"]), tuple(config["std"]), squash)


def torchvision_network(name: str, options: argparse.Namespace) -> tuple[Any, Input, tuple[str, ...]]:
    """A network of torchvision, its input, and its class names where the weights say them."""
    models = importlib.import_module("torchvision.models")
    known = models.get_model_weights(name).DEFAULT
    network = models.get_model(name, weights=known if options.pretrained else None, **_count(options, "num_classes"))
    transforms = known.transforms()
    size = options.size or int(transforms.crop_size[0])
    short_side = round(size * transforms.resize_size[0] / transforms.crop_size[0])
    taken = Input(size, max(size, short_side), tuple(transforms.mean), tuple(transforms.std))
    return network, taken, tuple(known.meta.get("categories", ())) if options.pretrained else ()


def timm_network(name: str, options: argparse.Namespace) -> tuple[Any, Input, tuple[str, ...]]:
    """A network of timm and its input."""
    timm = importlib.import_module("timm")
    network = timm.create_model(name, pretrained=options.pretrained, **_count(options, "num_classes"))
    config = importlib.import_module("timm.data").resolve_model_data_config(network)
    return network, input_of(config, options.size), ()


def _count(options: argparse.Namespace, word: str) -> dict[str, int]:
    """As many classes as the file of weights was trained for, so that it fits."""
    if options.weights is None or options.classes is None:
        return {}
    return {word: len(_names(options.classes))}


def _names(file: Path) -> tuple[str, ...]:
    return tuple(line.strip() for line in file.read_text("utf-8").splitlines() if line.strip())


def take_weights(network: Any, file: Path) -> None:
    """Read a state_dict into a network. Ends the program with a sentence where it is none, or another network's."""
    torch = importlib.import_module("torch")
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
        network.load_state_dict(state.get("state_dict", state))
    except pickle.UnpicklingError as error:
        raise SystemExit(f"{file} holds more than weights. Save network.state_dict() instead.") from error
    except (AttributeError, RuntimeError) as error:
        raise SystemExit(f"{file} does not fit this network: {str(error)[:500]}") from error


def export(network: Any, size: int, out: Path) -> float:
    """Write the file and compare it with PyTorch: the largest difference, as a part of the largest answer."""
    torch = importlib.import_module("torch")
    onnxruntime = importlib.import_module("onnxruntime")
    network.eval()
    trial = torch.from_numpy(np.random.default_rng(0).normal(size=(2, 3, size, size)).astype(np.float32))
    with torch.no_grad():
        expected = network(trial).numpy()
        torch.onnx.export(
            network,
            (trial,),
            str(out),
            opset_version=OPSET,
            input_names=["image"],
            output_names=["answer"],
            dynamic_axes={"image": {0: "n"}, "answer": {0: "n"}},
            dynamo=False,
        )
    session = onnxruntime.InferenceSession(str(out), providers=["CPUExecutionProvider"])
    found = session.run(None, {"image": trial.numpy()})[0]
    return float(np.abs(found - expected).max() / max(1e-9, np.abs(expected).max()))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    options = options_of(arguments)
    library, _, name = options.network.rpartition(":")
    load = {"": torchvision_network, "torchvision": torchvision_network, "timm": timm_network}.get(library)
    if load is None:
        raise SystemExit(f"{library} is not known: torchvision or timm")
    try:
        network, taken, classes = load(name, options)
    except ModuleNotFoundError as error:
        raise SystemExit(f"{error.name} is missing: pip install -e '.[torch-export]'") from error
    if options.weights:
        take_weights(network, options.weights)
    difference = export(network, taken.size, options.out)
    print(f"{options.out}: largest difference from PyTorch {difference:.1e}")
    if difference > LARGEST_DIFFERENCE:
        options.out.unlink()
        raise SystemExit("The exported network does not compute what PyTorch computes.")
    said = Beside(
        preparation=taken.preparation(),
        title=options.title or name,
        classes=_names(options.classes) if options.classes else classes,
        licence=options.licence,
        origin=f"{library or 'torchvision'} {name}",
    )
    print(f"{write_beside(options.out, said)}: preparation and {len(said.classes)} class names")


if __name__ == "__main__":
    main()
