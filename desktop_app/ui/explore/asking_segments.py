"""What is where: asks a segmentation network about the photo at hand."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.photo_pixels import source_of
from desktop_app.core.types import PhotoId, Progress
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.explore.segments import LegendRow, Parts, SegmentsWindow
from desktop_app.ui.pixels import to_image

if TYPE_CHECKING:
    from desktop_app.core.explain.segmentation import Segments
    from desktop_app.core.operations.segmentation import Segmented

_SIDE = 768
_SMALL = "Drawn from the small picture that is kept, since the photo itself cannot be read now."


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    parts: Parts
    segments: Segments
    networks: tuple[tuple[str, str], ...]
    network: str


class AskingSegments(QObject):
    """Shows what is where in one photo after the other."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._network = ""
        self._photo: PhotoId | None = None
        self._segments: Segments | None = None
        self.window: SegmentsWindow | None = None
        self._latest = Latest(desk.session.errands, self)  # a run takes seconds: searches do not wait for it
        self._latest.answered.connect(self._show)
        self._latest.progressed.connect(self._progress)
        self._latest.failed.connect(self._fail)

    def ask(self, photo: PhotoId) -> None:
        """Ask about a photo."""
        library, network = self._desk.session.library, self._network
        if library is None:
            return
        self._photo = photo
        self._latest.ask(_look(library, photo, network), name="what is where")

    @Slot(object)
    def _progress(self, progress: Progress) -> None:
        if self.window is not None:
            self.window.work(progress.text)

    @Slot(object)
    def _show(self, answer: _Answer) -> None:
        if self.window is None:
            self.window = SegmentsWindow(self._desk.theme, self._desk.window)
            self.window.networkChosen.connect(self._choose)
            self.window.pointed.connect(self._point)
            self.window.stopped.connect(self._latest.drop)
        self._segments = answer.segments
        self.window.show_networks(answer.networks, answer.network)
        self.window.show_parts(answer.parts)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        if self.window is not None:
            self.window.work("")
        self._desk.report(error, "looking for what is where")

    @Slot(str)
    def _choose(self, network: str) -> None:
        self._network = network
        if self._photo is not None:
            self.ask(self._photo)

    @Slot(float, float)
    def _point(self, down: float, along: float) -> None:
        if self.window is not None and self._segments is not None:
            part = self._segments.at(down, along)
            self.window.here.setText(f"Here: {part.name}")


def _look(library: Library, photo: PhotoId, name: str) -> Generator[Progress, None, _Answer]:
    from desktop_app.core.operations.segmentation import segment, segmentation_networks  # reads networks: not at start

    there = segmentation_networks(library)
    network = next((one for one in there if one.name == name), there[0] if there else None)
    found: Segmented = yield from segment(library, photo, network)
    facts = photos.fetch(library.connection, [photo]).get(photo)
    if facts is None or network is None:
        raise UserError("This photo is no longer in the library.")
    image = to_image(source_of(library, photo, _SIDE).pixels)
    colours = found.segments.picture()
    height, width = colours.shape[:2]
    classes = QImage(colours.data, width, height, colours.strides[0], QImage.Format.Format_RGBA8888).copy()
    box = found.box
    legend = tuple(
        LegendRow(part.name, part.colour, f"{max(1, round(100 * part.share))} %") for part in found.segments.parts
    )
    over = (box.left, box.top, box.width, box.height)
    parts = Parts(facts.name, image, classes, over, legend, _SMALL if found.small else "")
    return _Answer(parts, found.segments, tuple((one.name, one.title) for one in there), network.name)
