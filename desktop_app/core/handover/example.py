"""The example beside a handed-over file: it needs onnxruntime, NumPy and Pillow and nothing of Likeness."""

from __future__ import annotations

_TEXT = """\
# Answers for photos: python {script} PHOTO ...   (once before: pip install onnxruntime numpy pillow)
import json, sys
from pathlib import Path
import numpy as np
import onnxruntime
from PIL import Image, ImageOps

session = onnxruntime.InferenceSession(Path(__file__).with_name({file}), providers=["CPUExecutionProvider"])
classes = json.loads(session.get_modelmeta().custom_metadata_map["likeness.classes"])
for path in sys.argv[1:]:
    photo = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    photo = Image.alpha_composite(Image.new("RGBA", photo.size, "white"), photo).convert("RGB")
    probabilities, label = session.run(["probabilities", "label"], {{"image": np.asarray(photo)[np.newaxis]}})
    print(path, classes[label[0]], f"{{probabilities[0, label[0]]:.3f}}", sep="\\t")
"""


def example_script(file: str, script: str) -> str:
    """The text of the example.

    Args:
        file: name of the classifier's file, in the same folder.
        script: name the example is saved under.
    """
    return _TEXT.format(file=ascii(file), script=ascii(script)[1:-1])
