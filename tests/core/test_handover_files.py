from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.errors import UserError
from desktop_app.core.handover.agreement import Agreement
from desktop_app.core.handover.class_folders import ClassFolders, folder_name, free_name
from desktop_app.core.handover.files import smaller, write_for_others, writing
from desktop_app.core.handover.sheet import Sheet, sheet_html
from desktop_app.core.handover.whole import read_whole
from tests.core.heads_made import CLASSES
from tests.core.test_handover_open import AGREEMENT, about
from tests.photos import save, scene


def page(**changes: object) -> str:
    known = {
        "classes": CLASSES,
        "about": about(),
        "agreement": AGREEMENT,
        "examples": {"dent": [b"\xff\xd8jpeg"]},
        "file": "Scratches.onnx",
        "script": "Scratches-example.py",
    }
    return sheet_html(Sheet(**{**known, **changes}))  # type: ignore[arg-type]


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_the_sheet_says_what_there_is_to_know():
    text = text_of(page())
    for words in (
        "Scratches",
        "2026-11-22",
        "from 16 photos that a person labelled",
        "café",
        "Right on 55 of 60 random photos",
        "(likely 82 to 97 in 100)",
        "Right about 91 times in 100 (likely 84 to 95), tested on 16 labels",
        "the same answer as Likeness on 199 of 200 photos; largest difference 2.0 points",
        "Learnt from fewer than 5 photos: “dent”.",
        "Apache-2.0",
        "EfficientNet-Lite0",
        "softmax on embedding",
        "Scratches-example.py",
    ):
        assert words in text, words


def test_the_sheet_stands_alone():
    html = page()
    assert "data:image/jpeg;base64," in html
    assert not re.search(r"(?:src|href)=['\"](?!data:)", html)
    assert "<script" not in html


def test_names_are_text_and_never_markup():
    html = page(about=about(name="<script>alert(1)</script>", counts={}), classes=("a&b", "<i>", "\udcff"))
    assert "<script" not in html
    assert "<i>" not in html
    html.encode("utf-8")


def test_what_was_not_measured_is_said():
    text = text_of(page(about=about(accuracy=None, interval=None, spot_check=None, weak_points=())))
    assert "Not measured: there were too few labels to say." in text
    none = Agreement(0, 0, 0, 0, 0.6, 0.0, 0.0, 0.0)
    assert "could not be tried on photos" in text_of(page(agreement=none))


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("good", "good"),
        ("a/b\\c:d", "a_b_c_d"),
        ("..", "_"),
        ("", "_"),
        ("  . ", "_"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("café ", "café"),
        ("x" * 300, "x" * 80),
        ("line\nbreak", "line_break"),
    ],
)
def test_a_folder_for_every_name(name: str, folder: str, tmp_path: Path):
    assert folder_name(name) == folder
    (tmp_path / folder).mkdir()


def test_two_names_never_share_a_folder(tmp_path: Path):
    folders = ClassFolders(tmp_path, ("Dent", "dent", "a/b", "a_b", "Dent"))
    names = [folders.folder(name).name for name in ("Dent", "dent", "a/b", "a_b")]
    assert names == ["Dent", "dent (2)", "a_b", "a_b (2)"]


def test_a_name_that_is_free(tmp_path: Path):
    assert free_name(tmp_path, "a.jpg") == tmp_path / "a.jpg"
    (tmp_path / "a.jpg").touch()
    (tmp_path / "a (2).jpg").symlink_to(tmp_path / "nowhere")
    assert free_name(tmp_path, "a.jpg") == tmp_path / "a (3).jpg"


def test_files_are_written_whole_and_for_others(tmp_path: Path):
    path = tmp_path / "new" / "a.bin"
    write_for_others(path, b"one")
    write_for_others(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in path.parent.iterdir()] == ["a.bin"]
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "a.onnx"
    with pytest.raises(UserError, match=r"Nothing can be written to .*Choose another folder"), writing(path):
        write_for_others(path, b"")


def test_examples_are_made_small():
    out = io.BytesIO()
    Image.fromarray(scene(1, 400, 300)).save(out, "JPEG")
    with Image.open(io.BytesIO(smaller(out.getvalue(), 144))) as image:
        assert image.size == (192, 144)
    assert smaller(b"no picture", 144) == b"no picture"


def test_a_whole_photo_is_upright_and_on_white(tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = save(tmp_path / "turned.jpg", 1, 40, 30, exif=exif, quality=95)
    found = read_whole(turned)
    assert found is not None
    assert found.shape == (40, 30, 3)
    Image.new("RGBA", (4, 3), (10, 20, 30, 0)).save(tmp_path / "clear.png")
    clear = read_whole(tmp_path / "clear.png")
    assert clear is not None
    assert (clear == 255).all()
    Image.new("L", (4, 3), 7).save(tmp_path / "grey.png")
    grey = read_whole(tmp_path / "grey.png")
    assert grey is not None
    assert (grey == 7).all()
    assert grey.shape == (3, 4, 3)


def test_what_is_no_photo_is_left_out(tmp_path: Path):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8 damaged")
    assert read_whole(tmp_path / "a.jpg") is None
    assert read_whole(tmp_path / "gone.jpg") is None


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1", "CMYK", "LA", "RGBA"])
def test_any_kind_of_picture_is_read_as_the_example_reads_it(mode: str, tmp_path: Path):
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    Image.fromarray(scene(2, 40, 30)).convert(mode).save(path)
    with Image.open(path) as image:
        photo = image.convert("RGBA")
    photo = Image.alpha_composite(Image.new("RGBA", photo.size, "white"), photo).convert("RGB")
    np.testing.assert_array_equal(read_whole(path), np.asarray(photo))
