"""Reading pictures: what comes out is upright, on white, of the right size, whatever the file was."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from desktop_app.core.errors import Unreadable
from desktop_app.core.images import files
from desktop_app.core.images.decode import content_of, decode, read_full, read_picture
from desktop_app.core.types import Reason
from tests.core.picture_factory import corners, encoded, exif, four_corners, lying_jpeg, lying_png, photo, stored_turned


def refused(data: bytes, name: str = "x.jpg", **options) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        decode(data, name, **options)
    return caught.value


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_turn_and_mirror_is_undone(format_name, orientation):
    stored = stored_turned(four_corners(), orientation)
    data = encoded(stored, format_name, exif=exif(orientation))
    picture = decode(data, "x", short_side=40)
    assert corners(picture.pixels) == "rgby"
    assert (picture.width, picture.height) == (120, 80)
    assert picture.pixels.shape == (40, 60, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_large_tiff_is_turned_before_it_is_reduced(orientation):
    data = encoded(stored_turned(four_corners(900, 600), orientation), "TIFF", exif=exif(orientation))
    picture = decode(data, "x.tif", short_side=64)
    assert corners(picture.pixels) == "rgby"
    assert picture.pixels.shape == (64, 96, 3)


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "jpeg"])
def test_tiff_compressions(compression):
    options = {"compression": compression} if compression else {}
    assert corners(decode(encoded(four_corners(), "TIFF", **options), "x.tif").pixels) == "rgby"


@pytest.mark.parametrize(
    ("format_name", "name"),
    [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WebP"), ("BMP", "BMP"), ("TIFF", "TIFF"), ("GIF", "GIF"),
     ("AVIF", "AVIF"), ("JPEG2000", "JPEG 2000")],
)  # fmt: skip
@pytest.mark.parametrize("size", [(120, 80), (1201, 803)])
def test_colours_survive_every_format(format_name, name, size):
    picture = decode(encoded(four_corners(*size), format_name), "x", short_side=80)
    assert picture.format == name
    assert (picture.width, picture.height) == size
    assert picture.pixels.flags.c_contiguous
    assert corners(picture.pixels) == "rgby"
    assert np.abs(picture.pixels[10, 10].astype(int) - (220, 20, 20)).max() < 12


@pytest.mark.parametrize(
    ("size", "short_side", "expected"),
    [
        ((640, 480), 256, (341, 256)),
        ((4000, 3000), 256, (341, 256)),
        ((256, 256), 256, (256, 256)),
        ((100, 50), 256, (100, 50)),  # never enlarged
        ((1, 1), 256, (1, 1)),
        ((1, 5000), 256, (1, 1024)),  # beyond 4:1 the long side is 4 x 256
        ((5000, 100), 256, (1024, 20)),
        ((4096, 1024), 256, (1024, 256)),
        ((3000, 300), 64, (256, 26)),
    ],
)
@pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
def test_reduced_size(size, short_side, expected, format_name):
    picture = decode(encoded(Image.new("RGB", size, "teal"), format_name), "x", short_side=short_side)
    height, width = picture.pixels.shape[:2]
    assert (width, height) == expected
    assert (picture.width, picture.height) == size
    assert np.abs(picture.pixels.astype(int) - (0, 128, 128)).max() <= 3


@pytest.mark.parametrize("size", [(1999, 1501), (640, 426), (513, 511)])
def test_the_reduced_scale_shows_the_same_picture_as_the_full_one(size):
    image = photo(*size)
    picture = decode(encoded(image, "JPEG", quality=95), "x.jpg", short_side=128)
    whole = image.resize((picture.pixels.shape[1], picture.pixels.shape[0]), Image.Resampling.BOX)
    assert np.abs(picture.pixels.astype(int) - np.asarray(whole)).mean() < 2.5


def test_metadata_and_content():
    data = encoded(photo(), "JPEG", exif=exif(6, "NIKON CORPORATION", "NIKON D750", "2019:05:12 10:11:12"))
    picture = decode(data, "x.jpg")
    assert (picture.width, picture.height) == (480, 640)
    assert picture.camera == "NIKON D750"
    assert picture.taken == datetime(2019, 5, 12, 10, 11, 12)
    assert picture.content == content_of(data) == hashlib.blake2b(data, digest_size=16).digest()
    assert picture.size == len(data)


def test_metadata_of_png_written_as_text():
    block = exif(3, "Canon", "Canon EOS 80D")
    info = PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n")
    picture = decode(encoded(stored_turned(four_corners(), 3), "PNG", pnginfo=info), "x.png")
    assert corners(picture.pixels) == "rgby"
    assert picture.camera == "Canon EOS 80D"


WRONG_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()  # of light, not of ink


def cmyk(image: Image.Image) -> Image.Image:
    return image.convert("CMYK")


@pytest.mark.parametrize("format_name", ["JPEG", "TIFF"])
@pytest.mark.parametrize(
    "profile", [b"", b"no profile at all", ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()]
)
def test_ink_becomes_light(format_name, profile):
    options = {"icc_profile": profile} if profile else {}
    picture = decode(encoded(cmyk(four_corners(900, 600)), format_name, **options), "x", short_side=64)
    assert corners(picture.pixels) == "rgby"


def grey_ramp(dtype, top) -> np.ndarray:
    return np.repeat(np.linspace(0, top, 512).astype(dtype)[None, :], 256, axis=0)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (encoded(Image.fromarray(grey_ramp(np.uint16, 65_535)), "PNG"), "x.png"),
        (encoded(Image.fromarray(grey_ramp(np.uint16, 65_535)), "TIFF"), "x.tif"),
        (encoded(Image.fromarray(grey_ramp(">u2", 65_535)), "TIFF"), "x.tif"),
        (encoded(Image.fromarray(grey_ramp(np.int32, 65_535)), "TIFF"), "x.tif"),
        (encoded(Image.fromarray(grey_ramp(np.int32, 255)), "TIFF"), "x.tif"),
        (encoded(Image.fromarray(grey_ramp(np.float32, 1.0)), "TIFF"), "x.tif"),
        (encoded(Image.fromarray(grey_ramp(np.float32, 255.0)), "TIFF"), "x.tif"),
        (encoded(Image.fromarray(grey_ramp(np.float32, 2.0e38) - np.float32(1e38)), "TIFF"), "x.tif"),
        (encoded(Image.fromarray(grey_ramp(np.uint8, 255)), "PNG"), "x.png"),
        (encoded(Image.fromarray(grey_ramp(np.uint8, 255)), "JPEG", quality=95), "x.jpg"),
    ],
)
@pytest.mark.parametrize("short_side", [256, 64])
def test_every_depth_of_grey_runs_from_black_to_white(data, name, short_side):
    pixels = decode(data, name, short_side=short_side).pixels
    width = pixels.shape[1]
    assert (pixels == pixels[:, :, :1]).all()
    assert pixels[5, 1, 0] < 16
    assert abs(int(pixels[5, width // 2, 0]) - 128) < 8
    assert pixels[5, -2, 0] > 240


def test_floats_that_are_no_numbers():
    values = grey_ramp(np.float32, 1.0)
    values[:10] = np.nan
    values[10:20] = np.inf
    pixels = decode(encoded(Image.fromarray(values), "TIFF"), "x.tif").pixels
    assert pixels[2, -2, 0] == 0
    assert pixels[30, -2, 0] > 250


def half_clear(mode: str = "RGBA") -> Image.Image:
    """Left half red, right half see-through over a green that must not show."""
    image = Image.new("RGBA", (600, 400), (220, 20, 20, 255))
    image.paste((20, 200, 20, 0), (300, 0, 600, 400))
    return image if mode == "RGBA" else image.convert(mode)


@pytest.mark.parametrize("short_side", [400, 100])
@pytest.mark.parametrize(
    ("format_name", "mode"),
    [("PNG", "RGBA"), ("WEBP", "RGBA"), ("TIFF", "RGBA"), ("AVIF", "RGBA"), ("PNG", "LA"), ("JPEG2000", "RGBA")],
)  # fmt: skip
def test_what_is_see_through_is_white(format_name, mode, short_side):
    options = {"lossless": True, "exact": True} if format_name == "WEBP" else {}
    pixels = decode(encoded(half_clear(mode), format_name, **options), "x", short_side=short_side).pixels
    assert pixels[20, -20].min() >= 253
    assert pixels[20, 20].min() < 100


def test_half_see_through_is_half_way_to_white():
    data = encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 128)), "PNG")
    assert abs(int(decode(data, "x.png").pixels[25, 25, 0]) - 127) <= 1


@pytest.mark.parametrize("format_name", ["PNG", "GIF"])
@pytest.mark.parametrize("short_side", [80, 20])
def test_palette_with_a_clear_colour(format_name, short_side):
    image = four_corners().quantize(4, dither=Image.Dither.NONE)
    clear = image.getpixel((5, 5))
    pixels = decode(encoded(image, format_name, transparency=clear), "x", short_side=short_side).pixels
    assert pixels[2, 2].min() >= 253
    assert corners(pixels)[1:] == "gby"


def test_palette_with_shares_of_alpha():
    image = four_corners().quantize(4, dither=Image.Dither.NONE)
    alpha = bytearray(b"\xff" * 4)
    alpha[image.getpixel((5, 5))] = 0
    pixels = decode(encoded(image, "PNG", transparency=bytes(alpha)), "x.png").pixels
    assert pixels[2, 2].min() == 255
    assert corners(pixels)[1:] == "gby"


@pytest.mark.parametrize("format_name", ["PNG", "TIFF", "BMP"])
@pytest.mark.parametrize("short_side", [80, 20])
def test_one_bit(format_name, short_side):
    image = Image.new("1", (120, 80), 0)
    image.paste(1, (60, 0, 120, 80))
    pixels = decode(encoded(image, format_name), "x", short_side=short_side).pixels
    assert pixels[5, 2].max() == 0
    assert pixels[5, -2].min() == 255


@pytest.mark.parametrize("format_name", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_an_animation_the_first_frame(format_name):
    frames = [four_corners(), Image.new("RGB", (120, 80), "white")]
    data = encoded(frames[0], format_name, save_all=True, append_images=frames[1:])
    assert corners(decode(data, "x").pixels) == "rgby"


def test_the_content_decides_and_not_the_name():
    assert decode(encoded(four_corners(), "PNG"), "x.jpg").format == "PNG"
    assert decode(encoded(four_corners(), "JPEG"), "x.png").format == "JPEG"
    assert decode(encoded(four_corners(), "JPEG"), "x.heic").format == "JPEG"


def test_a_jpeg_that_ends_early_shows_what_it_has():
    for options in ({}, {"progressive": True}):
        data = encoded(photo(800, 600), "JPEG", **options)
        picture = decode(data[: len(data) // 2], "x.jpg")
        whole = decode(data, "x.jpg")
        assert picture.pixels.shape == whole.pixels.shape
        upper = np.abs(picture.pixels[:60].astype(int) - whole.pixels[:60]).mean()
        assert upper < (12 if options else 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"hello, this is text and no picture at all", Reason.DAMAGED),
        (b"\xff\xd8\xff", Reason.DAMAGED),
        (b"8BPS" + bytes(60), Reason.UNSUPPORTED),
        (lying_png(60_000, 60_000), Reason.TOO_LARGE),
        (lying_png(0, 10), Reason.DAMAGED),
        (lying_png(5_000, 5_000), Reason.DAMAGED),
        (lying_jpeg(65_000, 65_000), Reason.TOO_LARGE),
        (encoded(photo(), "PNG")[:-5000], Reason.DAMAGED),
    ],
)
def test_what_cannot_be_shown_has_a_reason(data, reason):
    assert refused(data).reason is reason


def test_a_file_that_never_claimed_to_be_a_picture_is_not_called_damaged():
    assert refused(b"some text", "notes.txt").reason is Reason.UNSUPPORTED
    assert refused(b"some text", "notes.jpg").reason is Reason.DAMAGED


def test_the_limit_is_checked_by_the_header():
    error = refused(lying_png(20_000, 12_000))
    assert error.reason is Reason.TOO_LARGE
    assert error.details == "240 megapixels"
    data = encoded(photo(400, 300), "JPEG")
    assert refused(data, limit_megapixels=0.1).reason is Reason.TOO_LARGE
    assert decode(data, "x.jpg", limit_megapixels=0.12).width == 400


def test_a_webp_header_that_lies_is_refused_before_room_is_made_for_it():
    data = bytearray(encoded(photo(64, 64), "WEBP", lossless=True))
    assert data[12:16] == b"VP8L"
    data[21:25] = (16_383 | 16_383 << 14).to_bytes(4, "little")
    assert refused(bytes(data), "x.webp").reason is Reason.TOO_LARGE


def test_many_megapixels_are_no_warning(tmp_path):
    """Pillow warns beyond 89 megapixels and refuses beyond 179; the limit here is the library's."""
    data = encoded(Image.new("1", (14_000, 13_500)), "PNG")
    assert decode(data, "x.png").pixels.shape == (256, 265, 3)
    data = encoded(Image.new("1", (14_000, 13_500)), "TIFF", compression="group4")
    assert decode(data, "x.tif").pixels.shape == (256, 265, 3)


# --- files -------------------------------------------------------------------------------------------------


def test_read_picture_and_read_full(tmp_path: Path):
    path = tmp_path / "ä 日本 😀.jpg"
    path.write_bytes(encoded(stored_turned(photo(900, 600), 6), "JPEG", exif=exif(6)))
    picture = read_picture(path)
    assert picture.pixels.shape == (256, 384, 3)
    assert picture.mtime_ns == path.stat().st_mtime_ns
    assert read_full(path).pixels.shape == (600, 900, 3)
    assert read_full(path, max_side=300).pixels.shape == (200, 300, 3)
    assert read_full(path, max_side=5000).pixels.shape == (600, 900, 3)


@pytest.mark.skipif(os.name != "posix", reason="names of any bytes exist on POSIX only")
def test_a_name_that_is_not_utf8(tmp_path: Path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    path.write_bytes(encoded(four_corners(), "PNG"))
    assert read_picture(path).format == "PNG"


def reason_of(path: Path) -> Reason:
    with pytest.raises(Unreadable) as caught:
        read_picture(path)
    return caught.value.reason


def test_files_that_are_not_there(tmp_path: Path):
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "folder.jpg").mkdir()
    assert reason_of(tmp_path / "empty.jpg") is Reason.EMPTY
    assert reason_of(tmp_path / "folder.jpg") is Reason.UNSUPPORTED
    assert reason_of(tmp_path / "no.jpg") is Reason.GONE
    assert reason_of(tmp_path / "empty.jpg" / "x.jpg") is Reason.GONE
    assert reason_of(Path("a\0b.jpg")) is Reason.READ_ERROR


@pytest.mark.skipif(os.name != "posix", reason="pipes with a name exist on POSIX only")
def test_a_pipe_is_never_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "x.jpg")
    assert reason_of(tmp_path / "x.jpg") is Reason.UNSUPPORTED


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, Reason.NO_PERMISSION),
        (errno.EPERM, Reason.NO_PERMISSION),
        (errno.ENOENT, Reason.GONE),
        (errno.EIO, Reason.READ_ERROR),
        (errno.ESTALE, Reason.READ_ERROR),
        (errno.ENAMETOOLONG, Reason.PATH_TOO_LONG),
    ],
)
def test_what_the_system_says_becomes_a_reason(tmp_path: Path, monkeypatch, number, reason):
    path = tmp_path / "x.jpg"
    path.write_bytes(b"x")

    def failing(*args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "open", failing)
    assert reason_of(path) is reason


def test_a_cloud_file_is_never_opened(tmp_path: Path, monkeypatch):
    path = tmp_path / "x.jpg"
    path.write_bytes(encoded(four_corners(), "JPEG"))

    def opened(*args):
        raise AssertionError("opened")

    monkeypatch.setattr(files, "is_placeholder", lambda status: True)
    monkeypatch.setattr(files.os, "open", opened)
    assert reason_of(path) is Reason.IN_THE_CLOUD


def test_too_little_memory_is_too_large(tmp_path: Path, monkeypatch):
    path = tmp_path / "x.jpg"
    path.write_bytes(encoded(four_corners(), "JPEG"))

    def full(*args):
        raise MemoryError

    monkeypatch.setattr(files.os, "open", full)
    assert reason_of(path) is Reason.TOO_LARGE
