"""Parts of the Label page where there is little room."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.ui.label.answer_bar import is_tight
from desktop_app.ui.label.meter import Meter
from desktop_app.ui.label.results import Evidence, PerAnswer, ResultsTab
from desktop_app.ui.label.values import Quality
from desktop_app.ui.panels.parts import ElidedLabel
from tests.ui.grid_parts import Parts


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


def test_long_names_do_not_push_the_results_out_of_sight(parts: Parts, show) -> None:
    tab = show(ResultsTab(parts.theme, parts.thumbnails), 755, 440)
    names = ("three fingers with the thumb out and the palm to you", "a fist")
    rows = tuple(PerAnswer(name, 12, 0.9, 0.8) for name in names)
    tab.show_evidence(
        Evidence(
            "Right about 9 times in 10.", names, ((5, 1), (0, 6)), (((1,), (2,)), ((), (3,))), rows, (), (), "", "",
            "auto", "auto", (),
        )
    )  # fmt: skip
    QApplication.processEvents()
    content = tab.headline.parentWidget()
    assert content.minimumSizeHint().width() <= content.parentWidget().width()
    shown = {label.words(): label for label in tab.findChildren(ElidedLabel)}
    assert shown[names[0]].toolTip() == names[0]  # what is cut off can be read
    assert shown[names[1]].toolTip() == ""
