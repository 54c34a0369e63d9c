"""Why: where the classifier looks in the photo, drawn over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.labelling import AnswerId
from desktop_app.core.library import Library
from desktop_app.core.types import PhotoId
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.learning import Learning

if TYPE_CHECKING:
    from desktop_app.core.learn.trained import Trained

STRONGEST = 150  # opacity where it looks most, of 255
COLOUR = (255, 196, 0)  # of no answer, plain on any photo


@dataclass(frozen=True, slots=True)
class Heat:
    """Where the classifier looks: a picture to lay over the whole photo, and a sentence beside it."""

    photo: int
    image: QImage
    words: str


class Why(QObject):
    """Asks where the classifier looks.

    Signals:
        arrived(Heat): the answer to the newest question.
    """

    arrived = Signal(object)

    def __init__(self, desk: Desk, learning: Learning) -> None:
        super().__init__(desk.window)
        self._desk, self._learning = desk, learning
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self.arrived)
        self._latest.failed.connect(desk.report)

    def ask(self, photo: int, answer: AnswerId) -> bool:
        """Ask for the map of one answer. Returns False where nothing was learnt yet."""
        library, result = self._desk.session.library, self._learning.result
        if library is None or result is None or answer not in result.answers:
            return False
        trained, place, name = result.trained, result.answers.index(answer), result.classes
        self._latest.ask(lambda: _look(library, photo, trained, place, name[place]), name="why")
        return True


def _look(library: Library, photo: int, trained: Trained, place: int, name: str) -> Heat:
    """Run the network on the photo and draw what speaks for one answer; runs on a lane."""
    from desktop_app.core.explain.cam import against_others, heat, over_photo
    from desktop_app.core.operations.explain import Explainer

    found = photos.fetch(library.connection, [photo]).get(PhotoId(photo))
    if found is None:
        raise UserError("This photo is no longer in the library.")
    explainer = Explainer(library, trained)
    pixels = read_picture(found.path, short_side=library.network.decode_side).pixels
    seen = explainer.maps(pixels)
    if seen is None:
        raise UserError(explainer.reach.sentence or "There is nothing to draw for this kind of classifier.")
    strengths = heat(against_others(seen.maps, place))
    height, width = pixels.shape[:2]
    over = over_photo(strengths, height, width, seen.box)
    picture = np.zeros((height, width, 4), np.uint8)
    picture[..., :3] = COLOUR
    picture[..., 3] = np.clip(np.nan_to_num(over), 0, 1) * STRONGEST
    image = QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_RGBA8888).copy()
    return Heat(photo, image, f"What speaks for “{name}”. {explainer.reach.sentence}".strip())
