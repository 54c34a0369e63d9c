"""The report: whole in one file, safe whatever a caption says, and without anything that the person left out."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import openpyxl
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from desktop_app.core.errors import UserError
from desktop_app.core.images.thumbnails import encode_thumbnail
from desktop_app.core.insights.charts import Bar, axis, course, ranges
from desktop_app.core.insights.counted import Choice
from desktop_app.core.insights.findings import find
from desktop_app.core.insights.plain_pictures import data_address
from desktop_app.core.insights.report import page, wanted_photos
from desktop_app.core.insights.report_tables import Table, tables
from desktop_app.core.insights.report_wishes import Wishes
from desktop_app.core.operations.insights_files import csv_text, write_tables, write_text
from tests.core.insights_made import account

EVIL = "</figcaption></svg><script>alert('x')</script><img src=x onerror=alert(1)>\"'&"
FORMULA = '=HYPERLINK("http://example.invalid","x")'
NAMES = {1: "Coffee close-ups", 2: f"Beach {EVIL}", 3: FORMULA, 4: "@people", 5: "Rare"}


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text outside of style."""

    def __init__(self, html):
        super().__init__()
        self.found, self.text, self._in = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        self._in.append(tag)

    def handle_endtag(self, tag):
        if tag in self._in:
            while self._in.pop() != tag:
                pass

    def handle_data(self, data):
        if "style" not in self._in:
            self.text.append(data)

    def named(self, tag):
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


def found_in(made, names=NAMES, **options):
    steps = find(made.posts, made.accounts, made.pictures, made.themes, names, Choice("views", **options))
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value


@pytest.fixture(scope="module")
def made():
    own = account(3, 300, (1.8, 0.6, 1.0, 1.0))
    rival = account(9, 200, (1.0,) * 4, name="rival", role="competitor", metric="likes", shares=(0.7, 0.1, 0.1, 0.1))
    both = own.joined(rival)
    posts = tuple(
        replace(
            post,
            caption=EVIL if at % 2 else FORMULA,
            permalink=("javascript:alert(1)", 'https://x.invalid/p/a"b')[at % 2],
        )
        for at, post in enumerate(both.posts)
    )
    return replace(both, posts=posts)


@pytest.fixture(scope="module")
def findings(made):
    return found_in(made)


def photo(colour=(200, 100, 50)):
    return encode_thumbnail(np.full((64, 64, 3), colour, np.uint8))


def test_the_page_stands_alone_and_can_run_nothing(made, findings):
    wishes = Wishes(f"Spring {EVIL}", EVIL, EVIL, comments={1: f"Warm light\n{EVIL}"}, made=1.7e9)
    photos = {one: photo() for one in wanted_photos(findings, wishes, {})}
    elements = Elements(page(findings, wishes, photos))
    assert {name for name, _ in elements.found} <= {
        "html", "head", "meta", "title", "style", "body", "main", "header", "div", "h1", "h2", "h3", "p", "br",
        "img", "svg", "line", "circle", "text", "path", "polyline", "section", "strong", "figure", "figcaption", "a",
        "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "footer",
    }  # fmt: skip
    for name, attributes in elements.found:
        assert not [one for one in attributes if one.startswith("on")], name
        assert attributes.get("src", "data:image/").startswith("data:image/")
        assert attributes.get("href", "https://").startswith("https://")
    assert elements.named("a")
    policy = next(one["content"] for one in elements.named("meta") if "http-equiv" in one)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "alert('x')" in elements.words  # shown as the text that it is


def test_the_page_says_what_was_found_and_never_that_it_was_the_cause(findings):
    words = Elements(page(findings, Wishes("Report", "Acme", "2023 to 2024", comments={1: "Own words"}), {})).words
    assert "Posts in this theme earned" in words
    assert re.search(r"Posts in “Coffee close-ups” earned more views than usual\.", words)
    assert words.rstrip().endswith("Shows what went together, not what caused it.")
    assert "increase" not in words.lower()
    assert "0 posts: too few to say" in words
    for expected in ("For Acme", "2023 to 2024", "Own words", "How this was counted", "Hour and weekday", "quarter "):
        assert expected in words
    row = findings.board.rows[0]
    assert f"{row.posts} posts. Clear." in words


def test_order_and_left_out_themes_are_the_persons(findings):
    def heads(wishes):
        html = page(findings, wishes, {})
        return re.findall(r'<section class="theme"><h3>(.*?)</h3>', html)

    plain = heads(Wishes())
    assert len(plain) == 4  # one without a post has nothing to show, unless there is something to say about it
    assert plain[0] == "Coffee close-ups"
    turned = heads(Wishes(order=(5, 4), comments={5: "To be tried"}))
    assert turned[:3] == ["Rare", "@people", "Coffee close-ups"]
    less = Wishes(left_out=(1,))
    assert "Coffee close-ups" not in heads(less)
    assert "Coffee close-ups" not in page(findings, less, {})


def test_competitors_pictures_can_be_left_out(made, findings):
    own = {account.name for account in made.accounts if account.role == "own"}
    rivals = {post.id for post in made.posts if post.account not in own}
    theirs = frozenset(one.photo for one in made.pictures if one.post in rivals)
    with_them, without = Wishes(), Wishes(competitors_pictures=False)
    asked = set(wanted_photos(findings, with_them, {1: sorted(theirs)[:2]}))
    assert asked & theirs
    assert not set(wanted_photos(findings, without, {})) & theirs
    typical = {1: sorted(theirs)[:6]}
    photos = {one: photo((1, 2, one % 250)) for one in asked | theirs}
    shown = {address: one for one, data in photos.items() for address in [data_address(data)]}

    def pictures(wishes):
        found = {shown[one["src"]] for one in Elements(page(findings, wishes, photos, typical, theirs)).named("img")}
        return {photos[one] for one in found}

    of_theirs = {photos[one] for one in theirs} - {photos[one] for one in asked - theirs}
    assert pictures(with_them) & of_theirs
    assert not pictures(without) & of_theirs


def test_a_report_of_nothing_is_a_page_too():
    made = account(1, 1, (1.0,))
    findings = found_in(replace(made, posts=(), pictures=()), {})
    words = Elements(page(findings, Wishes(), {})).words
    assert "0 posts" in words
    assert tables(findings) == ()


def test_pictures_leave_without_what_was_written_into_them(tmp_path):
    pixels = Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8))
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = "SECRETGPS"
    for progressive in (False, True):
        jpeg = io.BytesIO()
        pixels.save(jpeg, "JPEG", exif=exif, comment=b"SECRETCOMMENT", progressive=progressive, quality=90)
        assert b"SECRETGPS" in jpeg.getvalue()
        plain = _decoded(data_address(jpeg.getvalue() + b"SECRETTAIL"))
        assert b"SECRET" not in plain
        with Image.open(io.BytesIO(jpeg.getvalue())) as before, Image.open(io.BytesIO(plain)) as after:
            assert np.array_equal(np.asarray(before), np.asarray(after))
    info = PngInfo()
    info.add_text("where", "SECRETTEXT")
    png = io.BytesIO()
    pixels.save(png, "PNG", pnginfo=info, exif=exif)
    plain = _decoded(data_address(png.getvalue()))
    assert b"SECRET" not in plain
    with Image.open(io.BytesIO(plain)) as after:
        assert np.array_equal(np.asarray(after), np.asarray(pixels))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe0\x00\x01",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"\x89PNG\r\n\x1a\n1",
        b"GIF89a",
    ],
)
def test_what_is_no_whole_picture_is_left_out(data):
    assert data_address(data) == ""


def test_a_cut_jpeg_is_left_out():
    whole = photo()
    assert data_address(whole)
    assert data_address(whole[: len(whole) // 2]) == ""


def _decoded(address):
    import base64

    return base64.b64decode(address.split(",", 1)[1])


# --- tables ---------------------------------------------------------------------------------------------------------


def test_tables_have_the_figures_of_the_board(findings):
    found = {table.title: table for table in tables(findings)}
    assert list(found) == [
        "Themes", "Competitors", "Months", "Hours and weekdays", "Quarters", "Yours and theirs", "Best and worst posts",
    ]  # fmt: skip
    first, row = found["Themes"].rows[0], findings.board.rows[0]
    assert first[:3] == (row.name, row.pictures, row.posts)
    assert first[3] == pytest.approx(row.ratio, rel=1e-3)
    assert found["Themes"].rows[-1][3:6] == (None, None, None)
    for table in found.values():
        assert {len(row) for row in table.rows} == {len(table.header)}


def test_no_cell_of_a_table_is_run_by_a_spreadsheet(findings, tmp_path):
    dangerous = re.compile(r"[=+\-@\t\r]")
    every = tables(findings)
    assert any(isinstance(cell, str) and dangerous.match(cell) for table in every for row in table.rows for cell in row)
    written = write_tables(every, tmp_path / "report.csv")
    assert len(written) == len(every)
    assert written[0].name == "report.csv"
    for path in written:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    assert not dangerous.match(cell) or re.fullmatch(r"-?[\d.e+-]+", cell), cell
    book = openpyxl.load_workbook(write_tables(every, tmp_path / "report.xlsx")[0])
    assert book.sheetnames == [table.title for table in every]
    for sheet, table in zip(book, every, strict=True):
        rows = list(sheet.iter_rows())
        assert len(rows) == len(table.rows) + 1
        for row in rows:
            for cell in row:
                assert cell.data_type in ("s", "n"), cell.value
                assert not (isinstance(cell.value, str) and dangerous.match(cell.value))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "a\x00b\ud800", "x" * 40_000])
def test_hostile_text_in_tables(text, tmp_path):
    table = Table("a/b*c[d]:e?f and a very long title", ("one", text[:20]), ((text, 3), (None, 2.5)))
    rows = list(csv.reader(io.StringIO(csv_text(table))))
    assert rows[1][0] == text if text[0] in "ax" else rows[1][0] == f"'{text}"
    assert rows[2] == ["", "2.5"]
    path = tmp_path / "t.xlsx"
    write_tables([table], path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet["A2"].data_type == "s"
    assert sheet["A3"].value is None
    assert sheet["B2"].value == 3
    write_tables([table], tmp_path / "t.csv")


def test_an_old_file_stays_where_a_new_one_cannot_be_written(tmp_path):
    path = tmp_path / "gone" / "report.html"
    with pytest.raises(UserError, match="cannot be written"):
        write_text(path, "x")
    with pytest.raises(UserError, match="cannot be written"):
        write_tables([Table("t", ("a",), ())], tmp_path / "a\0b.csv")
    assert not list(tmp_path.iterdir())


# --- charts -----------------------------------------------------------------------------------------------------------


def test_an_axis_lies_evenly_around_the_usual_and_holds_its_ratios():
    for ends in ([], [1.1, 0.9], [0.3, 1.2], [0.01, 40.0]):
        shown = axis(ends)
        assert shown.place(1.0) == pytest.approx(0.5)
        assert shown.place(2.0) - 0.5 == pytest.approx(0.5 - shown.place(0.5))
        assert 1.0 in shown.ticks
        assert len(shown.ticks) <= 7
        assert 2 < shown.high < 21
        assert shown.low * shown.high == pytest.approx(1.0)
    assert axis([0.3]).low < 0.3
    assert axis([40.0]).place(1000.0) == 1.0
    assert axis([40.0]).place(0.0) == 0.0


def test_charts_are_whole_svg_whatever_the_names_say():
    rows = [
        Bar(EVIL, "38 posts", 1.4, 1.1, 1.8, "Clear", 2),
        Bar("Beach", "14 posts", 1.2, 0.01, 90.0, "Can't tell"),
        Bar("Rare", "3 posts", None, None, None, "3 posts: too few to say"),
    ]
    drawn = ET.fromstring(ranges(rows, EVIL))
    space = "{http://www.w3.org/2000/svg}"
    assert len(drawn.findall(f"{space}circle")) == 2
    assert len(drawn.findall(f"{space}path")) == 2  # both ends of a range go on beyond the axis
    texts = [text.text for text in drawn.iter(f"{space}text")]
    assert "1.4 (1.1\N{EN DASH}1.8)  Clear" in texts
    assert "3 posts: too few to say" in texts
    small = ET.fromstring(course([1.0, None, 2.0], EVIL))
    assert len(small.findall(f"{space}circle")) == 2
    assert ET.fromstring(course([], "nothing")).tag == f"{space}svg"


def test_numbers_of_posts_are_told_as_they_are(findings):
    found = {table.title: table for table in tables(findings)}
    best = findings.board.rows[0].best[0]
    assert best.value > 10_000
    row = next(row for row in found["Best and worst posts"].rows if row[5] == pytest.approx(best.ratio, rel=1e-3))
    assert row[3] == best.value
    words = Elements(page(findings, Wishes(), {})).words
    assert f"{round(best.value):,} views" in words
    assert not re.search(r"\de[+-]\d", words)
