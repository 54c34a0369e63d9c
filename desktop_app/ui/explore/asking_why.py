"""Why alike: asks for two photos' common places and shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop_app.core import wording
from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.explain.places import Box
from desktop_app.core.library import Library
from desktop_app.core.operations.photo_pixels import source_of
from desktop_app.core.types import PhotoId, Pixels
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.explore.fitted import Place
from desktop_app.ui.explore.heat import dimmed
from desktop_app.ui.explore.why_alike import Lit, WhyAlikeWindow, WhyPair
from desktop_app.ui.pixels import to_image

if TYPE_CHECKING:
    from desktop_app.core.operations.why import Match, Why, WhyAlike

_SIDE = 512  # short side of the photos that are shown


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    name: str
    pixels: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    why: Why
    pictures: tuple[_Picture, _Picture]


class AskingWhy(QObject):
    """Answers "why alike" about two photos, or about a picture from outside and a photo.

    The network's last look at each photo is kept on the query lane, so that the next pair costs one run.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._why: WhyAlike | None = None  # of the query lane
        self._answer: _Answer | None = None
        self._special = True
        self.window: WhyAlikeWindow | None = None
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._show)
        self._latest.failed.connect(desk.report)

    def ask(self, first: PhotoId | Pixels, second: PhotoId, name: str = "") -> None:
        """Ask why two photos are alike; `name` is what the first is called where it is no photo of the library."""
        library, descriptor = self._desk.session.library, self._desk.session.compare_by
        if library is not None:
            self._latest.ask(lambda: self._look(library, descriptor, first, second, name), name="why alike")

    def _look(self, library: Library, descriptor: str, first: PhotoId | Pixels, second: PhotoId, name: str) -> _Answer:
        from desktop_app.core.operations.why import WhyAlike  # reads networks: not for the start of the window

        if self._why is None or str(self._why.descriptor) != descriptor:
            self._why = WhyAlike(library, descriptor)
        why = self._why.pair(first, second)
        return _Answer(why, (_picture(library, first, name), _picture(library, second, "")))

    # --- showing ---------------------------------------------------------------------------------------------

    @Slot(object)
    def _show(self, answer: _Answer) -> None:
        self._answer = answer
        if self.window is None:
            self.window = WhyAlikeWindow(self._desk.theme, self._desk.window)
            self.window.kindChosen.connect(self._kind)
            self.window.placeAsked.connect(self._match)
        self._fill(self.window)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _fill(self, window: WhyAlikeWindow) -> None:
        answer = self._answer
        assert answer is not None
        why = answer.why
        over = why.special if self._special else why.plain
        sides = []
        for picture, strengths, box in zip(answer.pictures, over.strengths(), why.boxes, strict=True):
            height, width = picture.pixels.shape[:2]
            sides.append(Lit(picture.name, to_image(picture.pixels), dimmed(strengths, box, width / height)))
        likeness = f"Likeness {wording.likeness(over.cosine)}"
        window.show_pair(WhyPair(sides[0], sides[1], likeness, why.sentence))

    @Slot(bool)
    def _kind(self, special: bool) -> None:
        self._special = special
        if self.window is not None and self._answer is not None:
            self._fill(self.window)

    @Slot(float, float, bool)
    def _match(self, down: float, along: float, in_second: bool) -> None:
        if self.window is None or self._answer is None:
            return
        match: Match | None = self._answer.why.match(down, along, in_second=in_second)
        if match is None:
            self.window.show_match(None, None, "This edge of the photo is cut off before it is compared.")
            return
        here, there = _place(match.box), _place(match.other)
        first, second = (there, here) if in_second else (here, there)
        alike = wording.likeness(match.cosine)
        self.window.show_match(first, second, f"This place and what is most like it in the other photo: {alike}.")


def _place(box: Box) -> Place:
    return box.left, box.top, box.width, box.height


def _picture(library: Library, picture: PhotoId | Pixels, name: str) -> _Picture:
    if isinstance(picture, int):
        found = photos.fetch(library.connection, [picture]).get(PhotoId(picture))
        if found is None:
            raise UserError("This photo is no longer in the library.")
        name = found.name
    return _Picture(name, source_of(library, picture, _SIDE).pixels)
