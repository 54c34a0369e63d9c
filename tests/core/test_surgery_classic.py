"""Networks as they are in the world."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from desktop_app.core.paths import models_dir
from desktop_app.core.surgery.derive import derive
from desktop_app.core.surgery.examine import examine
from tests.core.test_surgery_kinds import by_hand, close, inner, pictures, session

LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"

# file, dimensions of stages, of the embedding, places a side of the last map, whether it ends in a global pool
ZOO = [
    ("bvlc_alexnet", [96, 256, 256, 256], 4096, 6, False),
    ("densenet121", [64, 128, 256, 512], 1024, 7, True),
    ("inception_v1", [64, 192, 480, 832], 1024, 6, True),
    ("inception_v2", [64, 192, 320, 576], 1024, 7, True),
    ("resnet50", [64, 256, 512, 1024], 2048, 7, True),
    ("shufflenet", [24, 24, 136, 272], 544, 7, True),
    ("squeezenet", [64, 128, 256], 512, 13, True),
    ("vgg19", [64, 128, 256, 512, 512, 512], 4096, 7, False),
    ("zfnet512", [96, 96, 256, 512, 512], 1024, 6, False),
]


@pytest.mark.parametrize(("name", "stages", "dimension", "side", "pool"), ZOO, ids=[row[0] for row in ZOO])
def test_the_classic_graphs(
    name: str, stages: list[int], dimension: int, side: int, pool: bool, tmp_path: Path
) -> None:
    path = LIGHT / f"light_{name}.onnx"
    before = path.read_bytes()
    examined = examine(path)
    assert [cut.dimension for cut in examined.layers] == [*stages, dimension, 1000]
    assert (examined.class_output, examined.embedding_output, examined.classes) == ("logits", "embedding", 1000)
    assert examined.batch_free
    assert examined.ends_in_global_pool == pool
    last = examined.layer(examined.map_output)
    assert (last.map_height, last.map_width) == (side, side)
    assert (examined.height, examined.width, examined.channels, examined.layout) == (224, 224, 3, "NCHW")
    derive(path, examined, tmp_path / "features.onnx")
    assert path.read_bytes() == before
    batch = pictures(examined, 2)
    names = [cut.name for cut in examined.layers]
    truth = inner(path, examined, [cut.tensor for cut in examined.layers], batch)
    values = session(tmp_path / "features.onnx").run(names, {examined.input_name: batch})
    for cut, value in zip(examined.layers, values, strict=True):
        assert close(value, by_hand(cut, truth[cut.tensor], examined, False), 1e-4), cut


@pytest.mark.parametrize("name", ["efficientnet-lite0", "efficientnet-lite0-int8"])
def test_the_bundled_networks_are_found_again(name: str) -> None:
    examined = examine(models_dir() / f"{name}.onnx")
    assert [cut.dimension for cut in examined.layers][-2:] == [1280, 1000]
    assert examined.layer("embedding").tensor == "embedding"
    assert examined.layer("embedding").map_tensor == "map"
    assert examined.ends_in_global_pool
    assert examined.precision == ("int8" if name.endswith("int8") else "float32")
