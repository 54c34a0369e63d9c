"""The page of networks and the dialog that adds one: what they say, what they ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPixmap

from desktop_app.ui.networks.add_dialog import CUSTOM, AddNetworkDialog, FoundNetwork
from desktop_app.ui.networks.page import NetworksPage
from desktop_app.ui.networks.trial import TrialRow
from desktop_app.ui.networks.values import Getting, NetworkCard, OfferCard, Use
from desktop_app.ui.panels.details import Detail
from tests.ui.panel_parts import show

LEFT = Qt.MouseButton.LeftButton

MAIN = NetworkCard(
    "lite0", "EfficientNet-Lite0", "Things.", 5_058_801, "Apache-2.0", 290.0, use=Use.DEFAULT,
    details=(Detail("Input", "224 x 224"),),
)  # fmt: skip
OWN = NetworkCard("own", "My network", "", 23_000_000, "", removable=True)
OFFER = OfferCard("alexnet", "AlexNet", "Edges.", 2012, 243_863_787, "BSD-3-Clause", "55 of 100 right")


@pytest.fixture
def page(qtbot) -> NetworksPage:
    page = NetworksPage()
    page.show_networks([MAIN, OWN])
    page.show_offers([OFFER])
    return show(qtbot, page, 820, 640)


def test_the_one_in_use_is_said_and_cannot_be_chosen_again(page):
    card = page.cards["lite0"]
    assert card.state.text() == "This library compares by it"
    assert card.facts.text() == "5.1 MB · Apache-2.0 · 290 photos/s on the processor"
    assert not card.use.isVisible()
    assert not card.remove.isVisible()
    own = page.cards["own"]
    assert own.facts.text() == "23 MB · licence not stated · speed not measured yet"
    assert own.use.isVisible()
    assert own.also.isVisible()
    assert own.remove.isVisible()


def test_buttons_ask_by_name(qtbot, page):
    asked = []
    for signal in (page.useAsked, page.alsoAsked, page.measureAsked, page.layersAsked, page.removeAsked):
        signal.connect(asked.append)
    own = page.cards["own"]
    for button in (own.use, own.also, own.measure, own.remove, page.cards["lite0"].see):
        qtbot.mouseClick(button, LEFT)
    assert asked == ["own", "own", "own", "own", "lite0"]


def test_a_network_that_cannot_be_used_says_why_and_can_only_go(page):
    page.show_networks([MAIN, NetworkCard("own", "My network", "", 0, "", removable=True, trouble="Its file is gone.")])
    own = page.cards["own"]
    assert own.trouble.text() == "Its file is gone."
    assert not own.facts.isVisible()
    assert [one.isVisible() for one in (own.use, own.also, own.measure, own.see, own.remove)] == [False] * 4 + [True]


def test_cards_stay_with_their_fold_and_go_with_their_network(qtbot, page):
    main = page.cards["lite0"]
    qtbot.mouseClick(main.fold, LEFT)
    assert main.rows.isVisible()
    page.show_networks([MAIN])
    assert page.cards == {"lite0": main}
    assert main.rows.isVisible()


@pytest.mark.parametrize(
    ("state", "words", "button"),
    [
        (Getting.NO, "", "Download"),
        (Getting.STOPPED, "Stopped at 25 %.", "Continue"),
        (Getting.FAILED, "No connection.", "Try again"),
    ],
)
def test_a_download_that_does_not_run(qtbot, page, state, words, button):
    card = OfferCard(**{**_fields(OFFER), "state": state, "part": 0.25, "trouble": "No connection."})
    page.show_offers([card])
    shown = page.offers["alexnet"]
    assert shown.progress.text() == words
    assert shown.get.text() == button
    assert not shown.stop.isVisible()
    with qtbot.waitSignal(page.getAsked) as asked:
        qtbot.mouseClick(shown.get, LEFT)
    assert asked.args == ["alexnet"]


def test_a_download_that_runs_can_be_stopped(qtbot, page):
    page.show_offers([OfferCard(**{**_fields(OFFER), "state": Getting.RUNS, "part": 0.5, "left": "about 2 min left"})])
    shown = page.offers["alexnet"]
    assert shown.progress.text() == "122 MB of 244 MB, about 2 min left"
    assert not shown.get.isVisible()
    with qtbot.waitSignal(page.stopAsked):
        qtbot.mouseClick(shown.stop, LEFT)


def test_the_keyboard_stays_with_its_download(qtbot, page):
    page.show_offers([OFFER, page_card("zfnet")])
    page.activateWindow()
    shown = page.offers["alexnet"]
    shown.get.setFocus()
    qtbot.waitUntil(shown.get.hasFocus)
    page.show_offers([OfferCard(**{**_fields(OFFER), "state": Getting.RUNS}), page_card("zfnet")])
    assert shown.stop.hasFocus()
    page.show_offers([OfferCard(**{**_fields(OFFER), "state": Getting.FAILED}), page_card("zfnet")])
    assert shown.get.hasFocus()


def page_card(name: str) -> OfferCard:
    return OfferCard(name, name, "", 2013, 349_000_000, "MIT")


def test_a_network_that_is_ready_for_some_photos_says_so_and_is_left_alone_while_it_works(page):
    part = NetworkCard("own", "My network", "", 23, "", removable=True, part="88 of 372 photos ready")
    page.show_networks([MAIN, part])
    own = page.cards["own"]
    assert own.state.text() == "88 of 372 photos ready"
    assert own.also.text() == "Get the rest ready too"
    page.show_networks([MAIN, replace(part, busy=True)])
    assert own.state.text() == "Getting photos ready…"
    assert not own.use.isEnabled()
    assert not own.also.isEnabled()


def _fields(card: OfferCard) -> dict[str, object]:
    return {name: getattr(card, name) for name in card.__dataclass_fields__}


class Pictures:
    """Thumbnails of one colour."""

    def pixmap(self, photo: int, size: int) -> QPixmap:
        made = QPixmap(size, size)
        made.fill(QColor(photo * 20 % 256, 90, 90))
        return made


FOUND = FoundNetwork(
    "open-nsfw", "A network with 2 answers.", (), (),
    (("caffe", "As Caffe", "AlexNet"), ("imagenet", "As PyTorch", "")), "caffe", 2,
)  # fmt: skip


@pytest.fixture
def dialog(qtbot, look) -> AddNetworkDialog:
    dialog = AddNetworkDialog(look, Pictures(), "x.onnx")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # looked at after it closed
    return show(qtbot, dialog, 760, 640)


def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(qtbot, dialog):
    dialog.refuse("This is a picture, not a network.", "magic bytes ff d8")
    assert dialog._headline.text() == "x.onnx can't be used"
    qtbot.mouseClick(dialog.refusal.fold, LEFT)
    assert dialog.refusal.words.isVisible()
    qtbot.mouseClick(dialog.refusal.copy, LEFT)
    copied = QGuiApplication.clipboard().text()
    assert copied == "x.onnx: This is a picture, not a network.\n\nmagic bytes ff d8"
    QGuiApplication.clipboard().clear()
    assert dialog.sentence.text() == "This is a picture, not a network."
    assert not dialog.add.isVisible()
    with qtbot.waitSignal(dialog.stopped):
        qtbot.mouseClick(dialog.close_button, LEFT)


def test_it_begins_small_and_grows_on_the_screen(qtbot, look):
    dialog = AddNetworkDialog(look, Pictures(), "x.onnx")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    screen = dialog.screen().availableGeometry()
    dialog.move(screen.bottomRight() - QPoint(100, 100))
    dialog.show()
    assert dialog.size() == dialog.minimumSize()
    dialog.show_found(FOUND)
    assert dialog.height() > dialog.minimumHeight()
    assert screen.contains(dialog.geometry())


def test_it_asks_for_what_cannot_be_known_and_adds_under_a_name(qtbot, dialog):
    dialog.show_found(FOUND)
    assert not dialog.add.isEnabled()  # nothing was run yet
    assert dialog.used_by.text() == "Used by: AlexNet."
    with qtbot.waitSignal(dialog.presetChosen) as chosen:
        qtbot.keyClick(dialog.preset, Qt.Key.Key_Down)
    assert chosen.args == ["imagenet"]
    with qtbot.waitSignal(dialog.presetChosen) as chosen:
        qtbot.keyClick(dialog.preset, Qt.Key.Key_End)
    assert chosen.args == [CUSTOM]
    dialog.show_fed([QImage(8, 8, QImage.Format.Format_RGB32)])
    dialog.set_classes(2, "names.txt")
    assert dialog.classes.text() == "Names of its 2 answers: names.txt."
    dialog.show_trial([TrialRow(1, ((2, 0.9),), ((3, 0.8),))])
    assert dialog.add.isEnabled()
    dialog.title.clear()
    assert not dialog.add.isEnabled()  # without a name
    qtbot.keyClicks(dialog.title, " Mine ")
    with qtbot.waitSignal(dialog.addAsked) as added:
        qtbot.mouseClick(dialog.add, LEFT)
    assert added.args == ["Mine"]
    with qtbot.assertNotEmitted(dialog.stopped):
        dialog.added()
    assert dialog.isHidden()


def test_a_library_without_photos_can_still_add(dialog):
    dialog.show_found(FOUND)
    dialog.show_trial([], "There are no photos to try it on yet.")
    assert not dialog.add.isEnabled()
    dialog.allow_adding()
    assert dialog.add.isEnabled()
    assert not dialog.trial.isVisible()
