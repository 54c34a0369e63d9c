"""What is said where there is nothing to show, and what stays in sight where room is scarce."""

from __future__ import annotations

import pytest

from desktop_app.core.operations.facets import Facets
from desktop_app.core.types import PhotoState
from desktop_app.ui.duplicates.bars import SetBar
from desktop_app.ui.filters.panel import FilterPanel
from desktop_app.ui.panels.side_panel import SidePanel
from tests.ui.panel_parts import make_photo, show


def test_letters_that_fit_no_choice_say_so_once_that_is_known(qtbot, look) -> None:
    panel = show(qtbot, FilterPanel(look), 300, 560)
    panel.set_facets(Facets())
    panel.search.setText("zxqv")
    assert not panel._nothing.isVisible()  # the counts for these letters are not there yet
    panel.set_facets(Facets(letters="zxqv"))
    assert panel._nothing.isVisible()
    assert panel._nothing.text() == "Nothing to choose here has “zxqv” in its name."
    panel.search.clear()
    assert not panel._nothing.isVisible()


def test_a_photo_that_is_gone_is_not_said_to_be_the_only_one(qtbot, parts) -> None:
    panel = show(qtbot, SidePanel(parts.theme, parts.thumbnails), 320, 800)
    panel.set_photo(make_photo(1, state=PhotoState.MISSING))
    panel.set_alike(())
    assert panel._none.text() == "A photo whose file is gone is not compared any more."
    panel.set_photo(make_photo(2))
    panel.set_alike(())
    assert panel._none.text() == "No other photo yet."


@pytest.mark.parametrize("width", [735, 960])
def test_not_copies_is_at_hand_beside_the_way_back(qtbot, look, width: int) -> None:
    bar = show(qtbot, SetBar(), width, 50)
    bar.buttons["compare"].setText("Back")
    bar.show_decision("Enter moves 3 photos to the trash.", "Move 3 to trash")
    assert bar.buttons["not copies"].isVisible()
