"""Makes copies of photos as people and programs do: smaller, saved again, turned, cropped, marked, brightened.

Every kind is made from the upright picture with numbers drawn from the file's name, so a second run makes the same.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import common  # noqa: F401  makes the program importable
import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

Draw = np.random.Generator
Maker = Callable[[Image.Image, Draw], bytes]


def _jpeg(picture: Image.Image, quality: int = 92, orientation: int = 1) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture.save(out, "JPEG", quality=quality, exif=exif.tobytes())
    return out.getvalue()


def _resized(scale: float) -> Maker:
    def make(picture: Image.Image, draw: Draw) -> bytes:
        size = tuple(max(1, round(side * scale)) for side in picture.size)
        return _jpeg(picture.resize(size, Image.Resampling.LANCZOS), 90)

    return make


def _recompressed(quality: int) -> Maker:
    return lambda picture, draw: _jpeg(picture, quality)


def _cropped(share: float) -> Maker:
    """Cuts `share` of the width and of the height away, somewhere."""

    def make(picture: Image.Image, draw: Draw) -> bytes:
        width, height = (round(side * (1 - share)) for side in picture.size)
        left, top = (
            int(draw.integers(0, side - part + 1)) for side, part in zip(picture.size, (width, height), strict=True)
        )
        return _jpeg(picture.crop((left, top, left + width, top + height)))

    return make


def _turned(how: Image.Transpose) -> Maker:
    return lambda picture, draw: _jpeg(picture.transpose(how))


def _exif_turned(picture: Image.Image, draw: Draw) -> bytes:
    """The pixels lie on their side, and the file says so: it is shown upright."""
    return _jpeg(picture.transpose(Image.Transpose.ROTATE_90), orientation=6)


def _watermarked(picture: Image.Image, draw: Draw) -> bytes:
    """A half-transparent line of text, a twelfth of the height, in a corner or in the middle."""
    shade = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(shade)
    font = ImageFont.load_default(max(8, picture.height // 12))
    text = "(c) Example Studio"
    box = pen.textbbox((0, 0), text, font=font)
    free = max(0, picture.width - box[2]), max(0, picture.height - box[3])
    place = tuple(int(side * share) for side, share in zip(free, _CORNERS[int(draw.integers(5))], strict=True))
    pen.text(place, text, font=font, fill=(255, 255, 255, 150), stroke_width=1, stroke_fill=(0, 0, 0, 110))
    return _jpeg(Image.alpha_composite(picture.convert("RGBA"), shade).convert("RGB"))


_CORNERS = ((0.03, 0.03), (0.97, 0.03), (0.03, 0.97), (0.97, 0.97), (0.5, 0.5))


def _brightness(factor: float) -> Maker:
    return lambda picture, draw: _jpeg(ImageEnhance.Brightness(picture).enhance(factor))


def _gamma(power: float) -> Maker:
    table = [round(255 * (value / 255) ** power) for value in range(256)] * 3
    return lambda picture, draw: _jpeg(picture.point(table))


def _grey(picture: Image.Image, draw: Draw) -> bytes:
    return _jpeg(ImageOps.grayscale(picture).convert("RGB"))


KINDS: dict[str, Maker] = {
    "resized to half": _resized(0.5),
    "resized to a fifth": _resized(0.2),
    "recompressed, quality 60": _recompressed(60),
    "recompressed, quality 25": _recompressed(25),
    "turned by EXIF": _exif_turned,
    "watermark": _watermarked,
    "cropped 5 %": _cropped(0.05),
    "cropped 10 %": _cropped(0.10),
    "cropped 20 %": _cropped(0.20),
    "turned 90°": _turned(Image.Transpose.ROTATE_90),
    "turned 180°": _turned(Image.Transpose.ROTATE_180),
    "turned 270°": _turned(Image.Transpose.ROTATE_270),
    "mirrored": _turned(Image.Transpose.FLIP_LEFT_RIGHT),
    "brighter by 30 %": _brightness(1.3),
    "gamma 1.6": _gamma(1.6),
    "grey": _grey,
}
TARGETED = tuple(KINDS)[:7]
"""The kinds of which precision 0.98 at recall 0.95 is asked."""


def make_copies(sources: Sequence[Path], folder: Path, kinds: Sequence[str] = tuple(KINDS)) -> dict[str, list[Path]]:
    """Write the photos themselves ("original") and their copies below `folder`; by kind, in the order of `sources`.

    A copy has the name of its source, in a folder of its kind.
    """
    made: dict[str, list[Path]] = {}
    for number, kind in enumerate(("original", *kinds)):
        below = folder / f"{number:02} {kind.replace(' %', '').replace('°', '')}"
        below.mkdir(parents=True, exist_ok=True)
        made[kind] = [below / f"{place:04} {source.stem}.jpg" for place, source in enumerate(sources)]
    for place, source in enumerate(sources):
        made["original"][place].write_bytes(source.read_bytes())
        with Image.open(source) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
        for kind in kinds:
            seed = zlib.crc32(f"{kind} {source.name}".encode())
            made[kind][place].write_bytes(KINDS[kind](picture, np.random.default_rng(seed)))
    return made
