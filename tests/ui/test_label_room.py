"""Parts of the Label page where there is little room."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.ui.label.answer_bar import is_tight
from desktop_app.ui.label.meter import Meter
from desktop_app.ui.label.values import Quality


def test_the_meter_closes_up_and_says_how_long_a_check_takes(look, show) -> None:
    meter = show(Meter(look), 700, 80)
    good = Quality(0.91, 0.84, 0.95, 120, advice="Label more, first of all “modern”: it has 12.")
    meter.set_quality(good, [("classic", 60), ("modern", 60)], checkable=True)
    assert meter.spot_check.text() == "Spot check, about 2 min"
    meter.set_waiting(0, 16)
    assert meter.spot_check.text() == "Spot check, 16 photos"
    meter.set_waiting(7, 16)
    assert meter.spot_check.text() == "Go on with the spot check, 7 left"
    assert meter.advice.isVisible()
    meter.set_compact(True)
    assert not meter.advice.isVisible()
    assert not meter.range.isVisible()
    assert meter.words.toolTip() == good.advice  # what is not shown can still be read
    meter.set_quality(Quality(advice="Label more."), [("classic", 1), ("modern", 6)])
    assert meter.advice.text() == ""  # the sentence says it already
    assert not meter.spot_check.isVisible()


def test_text_twice_as_large_needs_twice_the_room(look, show) -> None:
    view = show(QWidget(), 1000, 700)
    assert not is_tight(view)
    font = view.font()
    font.setPointSizeF(2.2 * font.pointSizeF())
    view.setFont(font)
    assert is_tight(view)
