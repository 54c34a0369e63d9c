"""Photos and side-cars in which people wrote something, made as programs make them."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.photos import scene

HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:digiKam="http://www.digikam.org/ns/1.0/"'
    ' xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/"'
)
TAIL = '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'


def bag(name: str, *words: str, kind: str = "Bag") -> str:
    items = "".join(f"<rdf:li>{escape(word)}</rdf:li>" for word in words)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def packet(*keywords: str, rating: object = None, title: str = "", description: str = "", more: str = "") -> bytes:
    """An XMP packet as Lightroom writes one."""
    stars = "" if rating is None else f' xmp:Rating="{rating}"'
    body = bag("dc:subject", *keywords) if keywords else ""
    for name, words in (("dc:title", title), ("dc:description", description)):
        if words:
            body += f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(words)}</rdf:li></rdf:Alt></{name}>'
    return f"{HEAD}{stars}>{body}{more}{TAIL}".encode()


def sidecar(path: Path, *keywords: str, **others: object) -> Path:
    """A side-car on the disk."""
    path.write_bytes(packet(*keywords, **others))
    return path


def placed_exif(
    latitude: object = ((52.0, 31.0, 12.0)), north: str = "N", longitude: object = (13.0, 24.3, 0.0), east: str = "E"
) -> Image.Exif:
    """EXIF with a place."""
    tags = Image.Exif()
    tags[0x8825] = {1: north, 2: latitude, 3: east, 4: longitude, 5: b"\x00", 6: 34.0}
    return tags


def save_written(path: Path, seed: int, *, xmp: bytes = b"", placed: bool = True, **options: object) -> Path:
    """A photo with a place and an XMP packet in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tags = placed_exif() if placed else Image.Exif()
    if xmp and path.suffix == ".tif":
        tags[700] = xmp
    elif xmp and path.suffix == ".png":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=bool(seed % 2))
    elif xmp:
        options["xmp"] = xmp
    if tags:
        options["exif"] = tags.tobytes()
    Image.fromarray(scene(seed)).save(path, **options)
    return path
