"""The export command without PyTorch: its options, and what it says of a network's input."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.export_torch_network import Input, input_of, main, options_of


def test_options(tmp_path: Path):
    weights = tmp_path / "w.pth"
    weights.write_bytes(b"x")
    options = options_of(["resnet18", "--weights", str(weights), "--out", "x.onnx", "--size", "96"])
    assert (options.network, options.weights, options.size, options.pretrained) == ("resnet18", weights, 96, False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["resnet18", "--untrained", "--out", "x.pt"], "has to end in .onnx"),
        (["resnet18", "--out", "x.onnx"], "one of the arguments --weights --pretrained --untrained is required"),
        (["resnet18", "--untrained", "--pretrained", "--out", "x.onnx"], "not allowed with"),
        (["resnet18", "--untrained", "--out", "x.onnx", "--size", "5"], "16 to 2048"),
        (["resnet18", "--weights", "nowhere.pth", "--out", "x.onnx"], "there is no file nowhere.pth"),
        (["resnet18", "--untrained", "--classes", "nowhere.txt", "--out", "x.onnx"], "there is no file nowhere.txt"),
    ],
)
def test_options_that_cannot_be(arguments, words, capsys):
    with pytest.raises(SystemExit) as ended:
        options_of(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_an_unknown_library():
    with pytest.raises(SystemExit, match="torchvision or timm"):
        main(["keras:resnet50", "--untrained", "--out", "x.onnx"])


def test_preparation_in_the_words_of_the_program():
    config = {"input_size": (3, 224, 224), "mean": (0.5, 0.5, 0.5), "std": (0.5, 0.25, 0.5), "crop_pct": 0.875}
    made = input_of(config, None).preparation()
    assert (made.height, made.short_side, made.fit) == (224, 256, "crop")
    assert made.mean == (127.5, 127.5, 127.5)
    assert made.scale == (127.5, 63.75, 127.5)
    squashed = input_of({**config, "crop_mode": "squash", "crop_pct": 1.0}, 320).preparation()
    assert (squashed.height, squashed.short_side, squashed.fit) == (320, 320, "squash")
    assert Input(224, 256).preparation().mean[0] == pytest.approx(123.675)
