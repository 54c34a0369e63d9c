"""Every format but plain JPEG: Pillow decodes, whatever the mode, and the result is RGB on white.

The plug-ins are called by name instead of through `Image.open`: only formats that the program reads are
ever tried. The limit on pixels is the library's own, checked by `decode.py` before anything is decoded;
Pillow's guard, which warns at one size and refuses at another, is off.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from desktop_app.core.images.pixels import Size, resized, to_eight_bits
from desktop_app.core.types import Pixels

Image.MAX_IMAGE_PIXELS = None
# What the plug-ins remark about a file's tags is nothing the user could act on.
warnings.filterwarnings("ignore", module=r"PIL\.")

PLUGINS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "JPEG 2000": Jpeg2KImagePlugin.Jpeg2KImageFile,
}

_SEE_THROUGH = frozenset(("RGBA", "LA", "PA", "La", "RGBa"))
_BAND_PIXELS = 4_000_000
_DEEPEST_REDUCTION = 3  # JPEG 2000: 1/8; every encoder writes at least that many resolutions by default


def open_lazily(data: bytes, name: str) -> ImageFile.ImageFile:
    """Read the header with the plug-in of a format; no pixel is decoded. Raises whatever the plug-in raises."""
    return PLUGINS[name](io.BytesIO(data))


def exif_of(image: ImageFile.ImageFile) -> bytes:
    """The EXIF block of an opened picture, or b""; PNG may also hold it as text in hexadecimal digits."""
    exif = image.info.get("exif")
    if isinstance(exif, bytes):
        return exif
    text = image.info.get("Raw profile type exif")
    if isinstance(text, str):
        try:
            return bytes.fromhex("".join(text.split("\n")[3:]))
        except ValueError:
            return b""
    return b""


def decode_image(image: Image.Image, wanted: Size) -> Pixels:
    """Decode an opened picture, put it on white and reduce it.

    Args:
        image: As `open_lazily` gives it, or any other.
        wanted: (width, height) of the result, never more than the picture has.

    Returns:
        uint8 (height, width, 3), RGB, not turned.

    Raises:
        Exception: Whatever the codec raises for a damaged file.
    """
    profile = image.info.get("icc_profile") if image.mode == "CMYK" else None
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        image.draft(None, wanted)
    elif isinstance(image, Jpeg2KImagePlugin.Jpeg2KImageFile):
        image = _jpeg2000_reduced(image, wanted)
    image.load()
    flat = resized(_reduced_by_whole_factor(image, wanted), wanted)
    if flat.ndim == 2:
        return np.repeat(flat[:, :, None], 3, axis=2)
    return _cmyk_to_rgb(flat, profile) if flat.shape[2] == 4 else np.ascontiguousarray(flat)


def _jpeg2000_reduced(image: Jpeg2KImagePlugin.Jpeg2KImageFile, wanted: Size) -> Image.Image:
    """Decode only as many resolutions as are needed; the whole picture where the file has too few."""
    assert isinstance(image.fp, io.BytesIO)
    data = image.fp.getvalue()
    factor = max(1, min(image.width // wanted[0], image.height // wanted[1]))
    power = min(factor.bit_length() - 1, _DEEPEST_REDUCTION)
    # Pillow expects sides rounded to the nearest, OpenJPEG rounds up: where they differ it fails
    while any((side + (1 << power >> 1)) >> power != -(-side >> power) for side in image.size):
        power -= 1
    if power == 0:
        return image
    image.reduce = power
    try:
        image.load()
    except OSError:
        return Jpeg2KImagePlugin.Jpeg2KImageFile(io.BytesIO(data))
    return image


def _reduced_by_whole_factor(image: Image.Image, wanted: Size) -> npt.NDArray[np.uint8]:
    """Reduce band by band, so that no second copy of a huge picture is made on the way to RGB."""
    factor = min(image.width // wanted[0], image.height // wanted[1])
    # the range of whole and real numbers is known only from the whole picture
    if factor < 2 or image.mode in ("I", "F"):
        return _flat(image)
    rows = factor * max(1, _BAND_PIXELS // (image.width * factor))
    width = -(-image.width // factor)
    bands = []
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        band = _flat(image.crop((0, top, image.width, bottom)))
        bands.append(resized(band, (width, -(-(bottom - top) // factor))))
    return np.concatenate(bands)


def _flat(image: Image.Image) -> npt.NDArray[np.uint8]:
    """One channel of grey, RGB on white, or CMYK as four channels."""
    mode = image.mode
    if mode in _SEE_THROUGH or "transparency" in image.info:
        if mode.startswith(("I", "F")):  # a "transparent" grey of 16 bits: nothing a viewer honours
            return to_eight_bits(np.asarray(image))
        layer = image if mode == "RGBA" else image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return np.asarray(Image.alpha_composite(white, layer).convert("RGB"))
    if mode.startswith(("I", "F")):
        return to_eight_bits(np.asarray(image))
    if mode in ("L", "RGB", "CMYK"):
        return np.asarray(image)
    if mode == "1":
        return np.asarray(image.convert("L"))
    if mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        return np.asarray(ImageCms.profileToProfile(image, lab, ImageCms.createProfile("sRGB"), outputMode="RGB"))
    return np.asarray(image.convert("RGB"))


def _cmyk_to_rgb(inks: npt.NDArray[np.uint8], profile: object) -> Pixels:
    """Ink to light: by the picture's own profile where it has a good one, else by plain arithmetic."""
    image = Image.fromarray(inks, "CMYK")
    if isinstance(profile, bytes) and profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return np.array(converted)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a damaged profile, or one of another kind of picture
    return np.array(image.convert("RGB"))
