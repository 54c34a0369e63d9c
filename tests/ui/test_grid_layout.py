from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint

from desktop_app.ui.grid.layout import Layout


@st.composite
def layouts(draw, largest=400):
    count = draw(st.integers(0, largest))
    cuts = draw(st.lists(st.integers(1, max(1, count - 1)), max_size=6, unique=True))
    starts = draw(st.sampled_from([[], [0, *sorted(cuts)]]))
    return Layout(count, draw(st.integers(1, 2600)), draw(st.integers(96, 320)), starts, 32)


@given(layouts(), st.data())
def test_every_photo_is_inside_and_found_at_its_centre(layout, data):
    if not layout.count:
        assert layout.row_at(QPoint(10, 10)) == -1
        return
    row = data.draw(st.integers(0, layout.count - 1))
    rect = layout.rect(row)
    assert rect.left() >= layout.gap
    assert rect.width() == rect.height() == layout.side >= 1
    if layout.side > 1:  # narrower than one photo, there is nothing to keep inside
        assert rect.right() < layout._inner
    assert layout.gap <= rect.top()
    assert rect.bottom() < layout.height
    assert layout.row_at(rect.center()) == row
    line, column = layout.place(row)
    assert layout.line_rows(line)[column] == row


@given(layouts(largest=90))
def test_photos_keep_their_distance(layout):
    rects = [layout.rect(row) for row in range(layout.count)]
    for one, two in pairwise(rects):
        if one.top() == two.top():
            assert two.left() - one.right() - 1 >= layout.gap
        else:
            assert two.top() - one.bottom() - 1 >= layout.gap
            assert two.left() == rects[0].left()


@given(layouts(), st.integers(-500, 40000), st.integers(1, 3000))
def test_rows_between_holds_all_that_is_touched(layout, top, height):
    rows = layout.rows_between(top, top + height)
    touched = [row for row in range(layout.count) if _touches(layout.rect(row), top, top + height)]
    assert set(touched) <= set(rows)
    assert len(rows) <= len(touched) + 2 * layout.columns


def _touches(rect, top, bottom):
    return rect.top() < bottom and rect.bottom() >= top


@given(layouts(), st.integers(-10, 40000), st.integers(-10, 2700))
def test_a_point_belongs_to_at_most_one_photo_and_that_is_near(layout, y, x):
    row = layout.row_at(QPoint(x, y))
    assert -1 <= row < layout.count
    if row >= 0:
        around = layout.rect(row).adjusted(-layout.gap, -layout.gap, layout.gap, layout.gap)
        assert around.contains(QPoint(x, y))


@given(layouts())
def test_headings_stand_above_their_first_photo(layout):
    for section, rect in layout.headings_between(0, layout.height):
        first = layout.rect(layout._starts[section])
        assert rect.bottom() + 1 == first.top()
        assert layout.row_at(rect.center()) == -1


@given(st.integers(100, 2600), st.integers(96, 320))
def test_the_width_is_used_up(width, wanted):
    layout = Layout(1000, width, wanted)
    last = layout.rect(layout.columns - 1)
    assert 0 <= width - layout.gap - last.right() - 1 <= layout.columns
    if layout.columns > 1:
        assert layout.side + layout.gap >= wanted


@pytest.mark.parametrize(("wanted", "gap"), [(96, 4), (119, 4), (120, 8), (320, 8)])
def test_gaps_are_narrow_below_120(wanted, gap):
    assert Layout(9, 800, wanted).gap == gap


def test_up_and_down_keep_the_column_across_sections():
    layout = Layout(10, 4 * 168 + 20, 168, [0, 6], 32)  # lines: 4, 2 | 4
    assert layout.columns == 4
    assert layout.vertical(3, 1) == 5  # the shorter line's last
    assert layout.vertical(4, 1) == 6
    assert layout.vertical(9, -1) == 5
    assert layout.vertical(9, 1) == 9
    assert layout.vertical(1, -1) == 1
    assert layout.vertical(1, 40) == 7
