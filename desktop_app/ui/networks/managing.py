"""Settings > How photos are compared: keeps the page level with what is there, and does what its buttons ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox

from desktop_app.core import wording
from desktop_app.core.descriptors import EMBEDDING, Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.operations.descriptors import DescriptorState, Use, descriptors, forget, uses
from desktop_app.core.operations.get_network import Available, available, get
from desktop_app.core.operations.networks import NetworkState, networks_here, remove
from desktop_app.core.types import Progress
from desktop_app.jobs import Job, Latest
from desktop_app.ui.comparing import Comparing
from desktop_app.ui.desk import Desk
from desktop_app.ui.explore.exploring import Exploring
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.networks.adding import AddingNetwork
from desktop_app.ui.networks.measuring import Measuring
from desktop_app.ui.networks.page import NetworksPage
from desktop_app.ui.networks.telling import network_card, offer_card
from desktop_app.ui.settings.window import SettingsPage


@dataclass(frozen=True, slots=True)
class _Known:
    networks: tuple[NetworkState, ...]
    offers: tuple[Available, ...]
    descriptors: tuple[DescriptorState, ...]


class ManagingNetworks(QObject):
    """The page's other half.

    Args:
        desk: the window's parts.
        thumbnails: where thumbnails come from.
        comparing: changes what photos are compared by.
        exploring: shows what a network's layers see.
    """

    def __init__(self, desk: Desk, thumbnails: Thumbnails, comparing: Comparing, exploring: Exploring) -> None:
        super().__init__(desk.window)
        self._desk, self._thumbnails = desk, thumbnails
        self._comparing, self._exploring = comparing, exploring
        self._known = _Known((), (), ())
        self._page: NetworksPage | None = None
        self._downloads: dict[str, tuple[Job, Progress]] = {}
        self._troubles: dict[str, str] = {}  # of downloads that failed
        self._measured: set[str] = set()
        self._measuring = Measuring(desk, comparing)
        self._measuring.measured.connect(self.look_again)
        self._measuring.told.connect(self._say)
        self.adding: AddingNetwork | None = None
        self._latest = Latest(desk.session.errands, self)
        self._latest.answered.connect(self._take)
        self._latest.failed.connect(desk.report)
        comparing.changed.connect(self.look_again)

    def page(self) -> SettingsPage:
        """The page, for the settings window."""
        page = self._page = NetworksPage()
        page.destroyed.connect(self._gone)
        page.shown.connect(self.look_again)
        page.addAsked.connect(self.choose_file)
        page.useAsked.connect(self._use)
        page.alsoAsked.connect(self._also)
        page.measureAsked.connect(self._measuring.ask)
        page.layersAsked.connect(self._exploring.channels.ask)
        page.removeAsked.connect(self._ask_to_remove)
        page.getAsked.connect(self._get)
        page.stopAsked.connect(self._stop)
        self._show()
        self.look_again()
        return SettingsPage("networks", "How photos are compared", page)

    @Slot()
    def _gone(self) -> None:
        self._page = None

    @Slot(str)
    def _say(self, words: str) -> None:
        """A sentence on the page: the window's status bar may be behind it."""
        if self._page is not None:
            self._page.say(words)

    # --- what there is ---------------------------------------------------------------------------------------

    @Slot()
    def look_again(self) -> None:
        """Ask what there is, while anybody looks."""
        library = self._desk.session.library
        if library is not None and self._page is not None:
            self._latest.ask(lambda: _look(library), name="networks")

    @Slot(object)
    def _take(self, known: _Known) -> None:
        self._known = known
        self._show()
        self._measure_next()

    def _show(self) -> None:
        page = self._page
        if page is None:
            return
        busy = self._comparing.under_way
        page.show_networks(
            [network_card(one, self._known.descriptors, busy=one.name in busy) for one in self._known.networks]
        )
        cards = []
        for one in self._known.offers:
            if one.network is not None:
                continue
            name = one.offer.name
            running = self._downloads.get(name)
            cards.append(offer_card(one, running[1] if running else None, self._troubles.get(name, "")))
        page.show_offers(cards)

    # --- what a network is to this library -------------------------------------------------------------------

    @Slot(str)
    def _use(self, name: str) -> None:
        self._comparing.make_default(str(Descriptor(name, EMBEDDING)))

    @Slot(str)
    def _also(self, name: str) -> None:
        self._comparing.make_ready(str(Descriptor(name, EMBEDDING)))

    def _measure_next(self) -> None:
        """While somebody looks at the page, what was never measured is, one network after the other."""
        unmeasured = [one.name for one in self._known.networks if not one.photos_per_second and not one.trouble]
        name = next((name for name in unmeasured if name not in self._measured), "")
        visible = self._page is not None and self._page.isVisible()
        if name and visible and self._measuring.is_quiet and self._measuring.is_idle:
            self._measured.add(name)  # once: a network that cannot be measured is not tried for ever
            self._measuring.ask(name)

    # --- adding and removing ---------------------------------------------------------------------------------

    @Slot()
    def choose_file(self) -> None:
        """Choose a network's file and add it."""
        chosen, _ = QFileDialog.getOpenFileName(self._desk.window, "Add a network", "", "Networks (*.onnx)")
        if chosen:
            self.add_file(Path(chosen))

    def add_file(self, path: Path) -> None:
        """Add a network from a file; one at a time."""
        if self.adding is not None:
            self.adding.dialog.raise_()
            self.adding.dialog.activateWindow()
            return
        self.adding = AddingNetwork(self._desk, self._thumbnails, path)
        self.adding.added.connect(self._added)
        self.adding.ended.connect(self._adding_ended)

    @Slot()
    def _adding_ended(self) -> None:
        self.adding = None

    @Slot(object)
    def _added(self, network: Network) -> None:
        actions: list[tuple[str, Callable[[], object]]] = [
            ("Compare this library by it", partial(self._use, network.name))
        ]
        if network.segmentation:  # that is what it was made for
            actions.insert(0, ("What is where…", self._exploring.show_segments))
        self._desk.status.show_message(f"“{network.title}” was added.", actions)
        self._comparing.look_again()
        self.look_again()

    @Slot(str)
    def _ask_to_remove(self, name: str) -> None:
        library = self._desk.session.library
        if library is not None:
            job = self._desk.session.query.submit(lambda: uses(library, name), name="what would be lost")
            job.succeeded.connect(partial(self._may_remove, name))

    def _may_remove(self, name: str, use: Use) -> None:
        state = next((one for one in self._known.networks if one.name == name), None)
        title = state.title if state else name
        if use.is_default:
            words = f"The photos of this library are compared by “{title}”. Choose another way first, then remove it."
            self._desk.status.show_message(words)
            self._say(words)
            return
        box = QMessageBox(self._page.window() if self._page else self._desk.window)
        box.setWindowTitle("Remove a network")
        box.setText(f"Remove “{title}”?")
        box.setInformativeText(_loss(use))
        go = box.addButton(f"Remove “{title}”", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole))
        box.exec()
        if box.clickedButton() is go:
            self._remove(name, use)

    def _remove(self, name: str, use: Use) -> None:
        session, library = self._desk.session, self._desk.session.library
        if library is None:
            return
        if use.photos and library.writable:
            session.write(partial(forget, network=name), partial(self._remove_file, name))
        else:
            self._remove_file(name)

    def _remove_file(self, name: str, _changes: object = None) -> None:
        job = self._desk.session.errands.submit(partial(remove, name), name="removing a network")
        job.succeeded.connect(self._removed)

    @Slot()
    def _removed(self) -> None:
        self._desk.status.show_message("The network was removed. Photos and labels stay as they are.")
        self._comparing.look_again()
        self.look_again()

    # --- downloads -------------------------------------------------------------------------------------------

    @Slot(str)
    def _get(self, name: str) -> None:
        if name in self._downloads:
            return
        self._troubles.pop(name, None)
        lane = self._desk.session.errands
        job = self._desk.background.start(get(name), "downloading a network", "Downloading", lane=lane, pause=False)
        self._downloads[name] = (job, Progress("Downloading"))
        job.progressed.connect(partial(self._downloading, name))
        job.succeeded.connect(self._added)
        job.failed.connect(partial(self._download_failed, name))
        job.finished.connect(partial(self._download_ended, name))
        self._show()

    @Slot(str)
    def _stop(self, name: str) -> None:
        if name in self._downloads:
            self._downloads[name][0].cancel()

    def _downloading(self, name: str, progress: Progress) -> None:
        if name in self._downloads:
            self._downloads[name] = (self._downloads[name][0], progress)
            self._show()

    def _download_failed(self, name: str, error: BaseException) -> None:
        self._troubles[name] = str(error) if isinstance(error, UserError) else "The download failed."

    def _download_ended(self, name: str) -> None:
        self._downloads.pop(name, None)
        self.look_again()


def _look(library: Library) -> _Known:
    return _Known(networks_here(), available(), descriptors(library))


def _loss(use: Use) -> str:
    """What goes with a network."""
    words = []
    if use.photos:
        words.append(f"{wording.count(use.photos, 'photo')} would have to be compared anew should it come back.")
    if use.classifiers:
        names = ", ".join(f"“{name}”" for name in use.classifiers)
        words.append(f"What was learnt with it for {names} no longer answers until it is learnt again.")
    words.append("Other libraries that compare by it go on with the network that comes with Likeness.")
    words.append("No photo and no label is touched.")
    return " ".join(words)
