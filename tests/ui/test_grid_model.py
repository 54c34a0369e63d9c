from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from PySide6.QtCore import QLocale, Qt

from desktop_app.core.types import PhotoId, PhotoState
from desktop_app.ui.grid import GridModel, PhotoFacts, Role


@pytest.fixture(autouse=True)
def english():
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def model(qapp, qtmodeltester):
    model = GridModel()
    qtmodeltester.check(model)  # watches every change from here on, and looks at the first row
    return model


class View:
    def is_selected(self, row):
        return row == 1


def facts(photo, **more):
    return PhotoFacts(PhotoId(photo), f"IMG_{photo}.jpg", datetime(2019, 5, 12, 9, 30), **more)


def test_rows_and_ids(model, qtmodeltester):
    model.replace([5, 3, 9], [0.9, 0.5, -0.25])
    qtmodeltester.check(model)
    assert [model.row_of(photo) for photo in (5, 3, 9, 4)] == [0, 1, 2, -1]
    assert model.ids() == [5, 3, 9]
    assert model.index(2).data(Role.PHOTO_ID) == 9
    assert model.index(2).data(Role.SCORE) == -0.25
    assert model.rowCount(model.index(0)) == 0


def test_append_leaves_known_photos_where_they_are(model):
    model.replace([1, 2])
    model.append([2, 3, 3, 4])
    assert model.ids() == [1, 2, 3, 4]
    model.append([1])
    assert model.row_of(4) == 3


def test_remove_takes_runs_and_keeps_scores_beside_their_photos(model):
    model.replace(range(10), [row / 10 for row in range(10)])
    gone = []
    model.rowsRemoved.connect(lambda _parent, first, last: gone.append((first, last)))
    model.remove([2, 3, 7, 4, 99])
    assert gone == [(7, 7), (2, 4)]
    assert model.ids() == [0, 1, 5, 6, 8, 9]
    assert [round(model.score(row) * 10) for row in range(6)] == [0, 1, 5, 6, 8, 9]
    assert model.row_of(5) == 2


def test_headings_follow_removed_rows(model):
    model.replace(range(10))
    model.set_sections([(0, "May"), (4, "April"), (6, "March")])
    model.remove([1, 4, 5])
    assert [row for row, _title in model.sections] == [0, 3]
    assert model.sections[-1] == (3, "March")


def test_the_photo_looked_for_has_no_score(model):
    model.replace([5, 3], [1.0, 0.5], pinned=True)
    assert model.index(0).data(Role.PINNED)
    assert model.index(0).data(Role.SCORE) is None
    model.remove([5])
    assert not model.index(0).data(Role.PINNED)
    assert model.index(0).data(Role.SCORE) == 0.5


def test_facts_are_asked_for_once_and_only_when_looked_at(qtbot):
    model, asked = GridModel(), []
    model.factsWanted.connect(asked.append)
    model.replace(range(1000))
    with qtbot.waitSignal(model.factsWanted):
        for row in (7, 8, 7):
            assert model.index(row).data() == ""
    assert asked == [[7, 8]]
    model.index(7).data()
    model.set_facts([facts(7), facts(8)])
    assert model.index(7).data() == "IMG_7.jpg"
    with qtbot.waitSignal(model.factsWanted):
        model.index(9).data()
    assert asked == [[7, 8], [9]]


def test_stale_facts_are_shown_until_the_new_ones_come(qtbot):
    model = GridModel()
    model.replace([7])
    model.set_facts([facts(7)])
    with qtbot.waitSignal(model.dataChanged):
        model.mark_stale([7])
    with qtbot.waitSignal(model.factsWanted) as asked:
        assert model.index(0).data() == "IMG_7.jpg"
    assert asked.args == [[7]]
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.set_facts([facts(7, state=PhotoState.AWAY, note="Not connected.")])
    assert changed.args[2] == [Role.STATE]
    assert model.index(0).data(Role.STATE) is PhotoState.AWAY
    assert model.index(0).data(Qt.ItemDataRole.ToolTipRole) == "IMG_7.jpg\n12 May 2019\nNot connected."


def test_accessible_text_says_all_that_is_seen(model):
    text = Qt.ItemDataRole.AccessibleTextRole
    model.replace([1234, 7], [1.0, 0.93])
    model.set_facts([facts(1234), facts(7, state=PhotoState.AWAY)])
    assert model.index(0).data(text) == "IMG_1234, 12 May 2019, likeness 1.00"
    view = View()
    model.watch_selection(view.is_selected)
    assert model.index(1).data(text) == "IMG_7, 12 May 2019, away, likeness 0.93, selected"
    model.replace([1234, 7], [1.0, 0.93], pinned=True)
    assert model.index(0).data(text) == "Looking for, IMG_1234, 12 May 2019"


def test_a_hundred_thousand_rows(model):
    model.replace(range(100_000, 0, -1))
    assert model.row_of(1) == 99_999
    assert model.ids(99_998) == [2, 1]


@pytest.mark.parametrize("kind", [np.int64, np.int32, list])
def test_arrays_of_any_kind_are_taken(model, kind):
    ids, scores = np.array([7, 1 << 40 if kind is np.int64 else 8, 9]), np.array([0.5, 0.25, 0.125])
    given = ids.tolist() if kind is list else ids.astype(kind)
    model.replace(given, scores.astype(np.float32))
    assert model.ids() == ids.tolist()
    model.replace(given[::-1], scores)
    assert model.ids() == ids.tolist()[::-1]
    assert [model.score(row) for row in range(3)] == scores.tolist()
