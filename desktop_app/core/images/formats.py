"""What counts as a picture: by the name of a file, and by its first bytes.

The name decides what a scan looks at, the first bytes decide how a file is decoded: a `.jpg` that is in
truth a PNG is read as the PNG it is.
"""

from __future__ import annotations

import enum
import importlib
import importlib.util

SNIFF_BYTES = 64
"""How many bytes of a file `sniff` wants to see."""


class Kind(enum.Enum):
    """What a file name promises."""

    PICTURE = "picture"  # read out of the box, or with the HEIC or camera raw part
    UNSUPPORTED = "unsupported picture"
    VIDEO = "video"
    OTHER = "other"


_READ = {
    "JPEG": "jpg jpeg jpe jfif jif pjpeg jps mpo",
    "PNG": "png apng",
    "WebP": "webp",
    "BMP": "bmp dib",
    "TIFF": "tif tiff",
    "GIF": "gif",
    "AVIF": "avif avifs",
    "JPEG 2000": "jp2 j2k j2c jpc jpx jpf",
    "HEIC": "heic heif heics heifs hif",
    "RAW": "3fr ari arw bay cap cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef "
    "raf rw2 rwl sr2 srf srw x3f",
}
_UNSUPPORTED = (
    "cin cur dcx dds dpx exr ff fits hdr icns ico jng jpm jxl jxr hdp wdp kra mng ora pam pbm pcx pfm pgm "
    "pict pnm ppm psb psd qoi ras rgbe sgi svg svgz tga vda icb vst xbm xcf xpm"
)
_VIDEO = (
    "3g2 3gp asf avi divx flv insv lrv m2t m2ts m2v m4v mkv mod mov mp4 mpe mpeg mpg mts mxf ogm ogv tod ts "
    "vob webm wmv"
)

_FORMAT_OF = {extension: name for name, words in _READ.items() for extension in words.split()}
_KIND_OF = {
    **dict.fromkeys(_VIDEO.split(), Kind.VIDEO),
    **dict.fromkeys(_UNSUPPORTED.split(), Kind.UNSUPPORTED),
    **dict.fromkeys(_FORMAT_OF, Kind.PICTURE),
}


def extension_of(name: str) -> str:
    """The extension in lower case without its dot; "" where there is none (".bashrc" has none)."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem.strip(".") else ""


def kind_of(name: str) -> Kind:
    """What the name of a file promises; side-cars (AAE, XMP, JSON) and unknown names are OTHER.

    A file without an extension is OTHER too: only its first bytes can tell (`sniff`).
    """
    if name.startswith("._"):  # macOS keeps a file's attributes beside it under the picture's own name
        return Kind.OTHER
    return _KIND_OF.get(extension_of(name), Kind.OTHER)


def format_named(name: str) -> str:
    """The format that the extension names ("JPEG", "HEIC", "RAW", ...), or ""."""
    return _FORMAT_OF.get(extension_of(name), "")


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"FUJIFILMCCD-RAW", "RAW"),
    (b"IIRO", "RAW"),
    (b"IIRS", "RAW"),
    (b"MMOR", "RAW"),
    (b"IIU\x00", "RAW"),
    (b"\x00MRM", "RAW"),
    (b"FOVb", "RAW"),
    (b"II\x1a\x00\x00\x00HEAPCCDR", "RAW"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
)
_MAGIC_UNSUPPORTED: tuple[tuple[bytes, str], ...] = (
    (b"8BPS", "PSD"),
    (b"\x76\x2f\x31\x01", "EXR"),
    (b"#?RADIANCE", "HDR"),
    (b"#?RGBE", "HDR"),
    (b"qoif", "QOI"),
    (b"farbfeld", "farbfeld"),
    (b"DDS ", "DDS"),
    (b"gimp xcf", "XCF"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\x8aMNG\r\n\x1a\n", "MNG"),
    (b"icns", "ICNS"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"II\xbc", "JPEG XR"),
)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"), "HEIC"),
    b"crx ": "RAW",
}


VIDEO = "Video"
"""The format of a photo that is one frame of a video (a reel)."""

_VIDEO_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"qt  ",
    b"M4V ",
    b"M4VH",
    b"MSNV",
)


def sniff_video(head: bytes) -> bool:
    """Whether a file is an MP4, QuickTime or WebM video, from its first bytes."""
    return (head[4:8] == b"ftyp" and head[8:12] in _VIDEO_BRANDS) or head.startswith(b"\x1a\x45\xdf\xa3")


def sniff(head: bytes, name: str = "") -> str:
    """The format of a file from its first `SNIFF_BYTES` bytes, or "" where they are of no known picture.

    The name decides in one case only: most camera raw files call themselves TIFF in their first bytes.
    """
    for magic, found in _MAGIC:
        if head.startswith(magic):
            if found == "TIFF" and (format_named(name) == "RAW" or head[8:10] == b"CR"):
                return "RAW"
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[:2] == b"BM" and head[14:18] in _BMP_HEADERS:
        return "BMP"
    if head[4:8] == b"ftyp":
        return _sniff_brands(head)
    return ""


_BMP_HEADERS = {size.to_bytes(4, "little") for size in (12, 16, 40, 52, 56, 64, 108, 124)}


def _sniff_brands(head: bytes) -> str:
    """AVIF, HEIC and CR3 share one container: the major brand names them, else a compatible one.

    "mif1" only says that there is a still picture, so that it decides last.
    """
    end = min(int.from_bytes(head[:4], "big") or len(head), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
    found = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    general = head[8:12] in (b"mif1", b"msf1")
    if not found or (general and "AVIF" in found):
        return "AVIF" if found else ""
    return found[0]


def sniff_unsupported(head: bytes) -> str:
    """The name of a picture format that is known and not read, from a file's first bytes, or ""."""
    return next((name for magic, name in _MAGIC_UNSUPPORTED if head.startswith(magic)), "")


def parts_present() -> dict[str, bool]:
    """Which optional parts are installed: "heic" (pillow-heif) and "raw" (rawpy).

    Looks anew at every call, so that a part installed while the program runs is seen. Nothing is imported.
    """
    importlib.invalidate_caches()
    return {"heic": _is_installed("pillow_heif"), "raw": _is_installed("rawpy")}


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):  # a half-removed package, or one already imported without a spec
        return False
