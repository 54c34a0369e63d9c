"""The model that lists of plain values share: what stays while rows change, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QListView

from desktop_app.ui.panels.list_model import ROW_ROLE, ListModel

Named = tuple[int, str]
ROWS = [(1, "one"), (2, "two"), (3, "three")]


class Names(ListModel[Named]):
    def identity(self, row: Named) -> object:
        return row[0]

    def said(self, row: Named, role: int) -> object:
        return row[1] if role == Qt.ItemDataRole.DisplayRole else None


@pytest.fixture
def view(qtbot) -> QListView:
    made = QListView()
    qtbot.addWidget(made)
    model = Names(made)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, made)
    made.setModel(model)
    model.show(ROWS)
    return made


def test_rows_are_told_by_their_roles_and_found_by_what_they_keep(view: QListView) -> None:
    model = view.model()
    assert [model.index(at).data() for at in range(model.rowCount())] == ["one", "two", "three"]
    assert model.index(1).data(ROW_ROLE) == (2, "two")
    assert model.index(1).data(Qt.ItemDataRole.ToolTipRole) is None
    assert model.data(QModelIndex()) is None
    assert model.rowCount(model.index(0)) == 0
    assert [model.row(at) for at in (-1, 0, 3)] == [None, (1, "one"), None]
    assert [model.place_of(key) for key in (3, 4)] == [2, -1]


def test_other_words_for_the_same_rows_keep_the_keyboards_place(view: QListView) -> None:
    model, changed = view.model(), []
    model.dataChanged.connect(lambda first, last, _roles: changed.append((first.row(), last.row())))
    view.setCurrentIndex(model.index(1))
    model.show([(1, "one"), (2, "zwei"), (3, "three")])
    assert view.currentIndex().row() == 1
    assert view.currentIndex().data() == "zwei"
    assert changed == [(1, 1)]
    model.show(model.rows)
    assert changed == [(1, 1)], "nothing differs: nothing is painted"


@pytest.mark.parametrize(("rows", "anew"), [(ROWS, True), (ROWS[:2], False), (ROWS[::-1], False)])
def test_other_rows_or_a_list_begun_anew_choose_nothing(view: QListView, rows: list[Named], anew: bool) -> None:
    model = view.model()
    view.setCurrentIndex(model.index(1))
    model.show(rows, anew=anew)
    assert not view.currentIndex().isValid()
    assert list(model.rows) == rows


@given(st.lists(st.lists(st.tuples(st.integers(0, 3), st.text(max_size=2)), max_size=4), max_size=5))
def test_whatever_is_shown_is_what_it_holds(qapp, shown: list[list[Named]]) -> None:
    model = Names()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    for rows in shown:
        model.show(rows)
        assert [model.index(at).data(ROW_ROLE) for at in range(model.rowCount())] == rows
