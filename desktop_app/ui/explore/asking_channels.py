"""What a layer sees: asks for its channels and for the photos that excite one, with the place in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.photo_pixels import source_of
from desktop_app.core.operations.ways import title_of
from desktop_app.core.types import PhotoId
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.explore.cell_grid import Cell
from desktop_app.ui.explore.channels import ChannelRow, ChannelsWindow
from desktop_app.ui.explore.heat import dimmed
from desktop_app.ui.pixels import to_image

if TYPE_CHECKING:
    from desktop_app.core.operations.channels import Channel, Channels, Exciting

_PAGE = 24
_SIDE = 256


@dataclass(frozen=True, slots=True)
class _Opened:
    descriptor: str
    channels: tuple[Channel, ...]
    photos: int


class AskingChannels(QObject):
    """Shows what excites a layer's channels.

    Signals of the window bring further questions; all are answered on the query lane, newest first.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._browser: Channels | None = None  # of the query lane
        self._descriptor = ""
        self._photos = 0
        self._cells: list[Cell] = []
        self._pages = 1
        self.window: ChannelsWindow | None = None
        self._layers = Latest(desk.session.query, self)
        self._layers.answered.connect(self._show_window)
        self._layers.failed.connect(desk.report)
        self._opening = Latest(desk.session.query, self)
        self._opening.answered.connect(self._opened)
        self._opening.failed.connect(desk.report)
        self._page = Latest(desk.session.query, self)
        self._page.answered.connect(self._page_there)
        self._page.failed.connect(desk.report)
        self._place = Latest(desk.session.query, self)
        self._place.answered.connect(self._cell_there)
        self._place.failed.connect(desk.report)

    def ask(self, network: str = "") -> None:
        """Look into a network, by default the one that photos are compared by."""
        library, descriptor = self._desk.session.library, self._desk.session.compare_by
        if library is not None:
            self._layers.ask(lambda: _layers_of(library, network, descriptor), name="layers")

    @Slot(object)
    def _show_window(self, found: tuple[list[tuple[str, str]], str]) -> None:
        layers, chosen = found
        if self.window is not None:
            self.window.close()
        window = self.window = ChannelsWindow(self._desk.theme, layers, self._desk.window)
        window.layerChosen.connect(self._open)
        window.channelChosen.connect(self._channel_chosen)
        window.moreAsked.connect(self._more)
        window.photoChosen.connect(self._photo_chosen)
        window.stopped.connect(self._stop)
        window.show_layer(chosen)
        window.show()
        self._open(chosen)

    @Slot(str)
    def _open(self, descriptor: str) -> None:
        library = self._desk.session.library
        if library is not None:
            self._page.drop()
            self._place.drop()
            self._opening.ask(lambda: self._open_layer(library, descriptor), name="channels")

    def _open_layer(self, library: Library, descriptor: str) -> _Opened:
        from desktop_app.core.operations.channels import Channels  # reads networks: not for the start of the window

        if self._browser is not None:
            self._browser.close()
        self._browser = Channels(library, descriptor)
        return _Opened(descriptor, self._browser.channels(), self._browser.photos)

    @Slot(object)
    def _opened(self, opened: _Opened) -> None:
        self._descriptor, self._photos = opened.descriptor, opened.photos
        if self.window is None:
            return
        most = max((one.dispersion for one in opened.channels), default=0.0) or 1.0
        self.window.show_channels(
            [
                ChannelRow(one.number, one.name or f"Channel {one.number}", max(0.0, one.dispersion) / most)
                for one in opened.channels
            ]
        )

    # --- one channel -----------------------------------------------------------------------------------------

    @Slot(int)
    def _channel_chosen(self, channel: int) -> None:
        self._pages = 1
        self._ask_page(channel)

    @Slot()
    def _more(self) -> None:
        self._pages += 1
        if self.window is not None:
            self._ask_page(self.window.channel)

    def _ask_page(self, channel: int) -> None:
        browser, count = self._browser, _PAGE * self._pages
        if browser is not None:
            self._place.drop()
            self._page.ask(lambda: browser.page(channel, 0, count), name="channel")

    @Slot(object)
    def _page_there(self, page: Sequence[Exciting]) -> None:
        known = {cell.photo: cell for cell in self._cells} if self._pages > 1 else {}
        self._cells = [known.get(int(one.photo)) or Cell(int(one.photo), one.value) for one in page]
        self._show()
        self._look_next()

    def _look_next(self) -> None:
        """Look for the place in the first photo that has none yet."""
        # one question at a time: what is asked meanwhile waits for one photo only
        library, browser, window = self._desk.session.library, self._browser, self.window
        photo = next((PhotoId(cell.photo) for cell in self._cells if cell.whole is None), None)
        if library is not None and browser is not None and window is not None and photo is not None:
            channel = window.channel
            self._place.ask(lambda: _drawn(library, browser, channel, photo), name="place of a channel")

    @Slot(object)
    def _cell_there(self, found: Cell) -> None:
        self._cells = [replace(found, value=cell.value) if cell.photo == found.photo else cell for cell in self._cells]
        self._show()
        self._look_next()

    def _show(self) -> None:
        if self.window is not None:
            note = f"{wording.count(self._photos, 'photo')}, those that excite it most first"
            self.window.show_cells(self._cells, note, more=len(self._cells) < self._photos)

    @Slot(int)
    def _photo_chosen(self, photo: int) -> None:
        self._desk.page.grid.select_photo(PhotoId(photo))

    @Slot()
    def _stop(self) -> None:
        for one in (self._layers, self._opening, self._page, self._place):
            one.drop()
        self.window = None


def _layers_of(library: Library, network: str, descriptor: str) -> tuple[list[tuple[str, str]], str]:
    """(descriptor, words) of a network's layers, the last first, and the one to begin with."""
    wanted = library.descriptor(descriptor)
    if network:
        found = library.find_network(network)
    else:
        found = library.network if wanted.is_colour else library.find_network(wanted.network)
    layers = []
    for layer in reversed(found.layers):
        name = library.descriptor(f"{found.name}:{layer.name}")
        layers.append((str(name), f"{title_of(library, name)}, {layer.dimension} channels"))
    if not layers:
        raise UserError(f"“{found.title}” has no layers to look into.")
    names = [name for name, _ in layers]
    return layers, descriptor if descriptor in names else names[len(names) // 2]


def _drawn(library: Library, browser: Channels, channel: int, photo: PhotoId) -> Cell:
    """A photo with its place marked, and the place alone; runs on a lane."""
    try:
        pixels = source_of(library, photo, _SIDE).pixels
    except UserError as error:
        return Cell(int(photo), 0.0, QImage(), None, str(error))
    whole = to_image(pixels)
    if not browser.has_places():
        return Cell(int(photo), 0.0, whole, None, "This layer sees the photo as a whole.")
    shown = browser.place(channel, photo)
    spot = shown.spot
    if spot is None:
        return Cell(int(photo), 0.0, whole, None, shown.reason)
    height, width = pixels.shape[:2]
    top, left, tall, wide = spot.seen.in_pixels(height, width)
    place = to_image(np.ascontiguousarray(pixels[top : top + tall, left : left + wide]))
    painter = QPainter(whole)
    painter.drawImage(whole.rect(), dimmed(spot.heat, spot.box, width / height))
    for colour, thick in ((QColor("black"), 3), (QColor("white"), 1)):  # seen on any photo
        painter.setPen(QPen(colour, thick))
        painter.drawRect(left, top, wide - 1, tall - 1)
    painter.end()
    return Cell(int(photo), 0.0, whole, place)
