"""Where and how large a photo stands in its widget: fit, magnified, moved. Numbers only."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF

LARGEST = 16.0  # screen pixels per photo pixel
ENLARGE_AT_MOST = 2.0  # in fit: a small photo is not blown up beyond this


class Place:
    """Fit or a scale, and which point of the photo is in the middle.

    Scales are screen pixels per photo pixel: 1.0 is 100 %, whatever the screen's device pixel ratio.

    Attributes:
        photo: The photo's size in its own pixels; empty while it is not known.
        room: The size of the part of the widget that it may fill, in device-independent pixels.
        corner: Where that part begins in the widget.
        ratio: Screen pixels per device-independent pixel.
        is_fit: Whether the whole photo is shown.
    """

    def __init__(self) -> None:
        self.photo = QSizeF()
        self.room = QSizeF()
        self.corner = QPointF()
        self.ratio = 1.0
        self.is_fit = True
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)  # the point in the middle, as parts of the photo

    def fit(self) -> None:
        """Show the whole photo."""
        self.is_fit = True
        self._centre = QPointF(0.5, 0.5)

    def fit_scale(self) -> float:
        """The scale at which the whole photo is seen."""
        if self.photo.isEmpty() or self.room.isEmpty():
            return 1.0
        fits = min(self.room.width() / self.photo.width(), self.room.height() / self.photo.height())
        return min(fits, ENLARGE_AT_MOST) * self.ratio

    def scale(self) -> float:
        """The scale in force."""
        return self.fit_scale() if self.is_fit else self._zoom

    def zoom_to(self, scale: float, at: QPointF) -> None:
        """Magnify so that the photo's point under `at` stays there."""
        before = self.rect()
        if before.isEmpty():
            return
        x = min(1.0, max(0.0, (at.x() - before.x()) / before.width()))
        y = min(1.0, max(0.0, (at.y() - before.y()) / before.height()))
        self._zoom = min(LARGEST, max(min(self.fit_scale(), 1.0), scale))
        self.is_fit = False
        size = self.drawn()
        middle = self._middle() - at
        self._centre = QPointF(x + middle.x() / size.width(), y + middle.y() / size.height())

    def move(self, dx: float, dy: float) -> None:
        """Move the photo by device-independent pixels."""
        size = self.drawn()
        if not self.is_fit and not size.isEmpty():
            self._centre -= QPointF(dx / size.width(), dy / size.height())

    def hold_inside(self) -> None:
        """A photo larger than the room fills it; a smaller one stands in the middle."""
        size = self.drawn()
        if size.isEmpty():
            return
        held = []
        for centre, drawn, room in (
            (self._centre.x(), size.width(), self.room.width()),
            (self._centre.y(), size.height(), self.room.height()),
        ):
            half = room / 2 / drawn
            held.append(0.5 if drawn <= room else min(1 - half, max(half, centre)))
        self._centre = QPointF(*held)

    def drawn(self) -> QSizeF:
        """How large the photo is drawn, device-independent pixels."""
        return self.photo * (self.scale() / self.ratio)

    def rect(self) -> QRectF:
        """Where it is drawn."""
        size = self.drawn()
        off = QPointF(self._centre.x() * size.width(), self._centre.y() * size.height())
        return QRectF(self._middle() - off, size)

    def _middle(self) -> QPointF:
        return self.corner + QPointF(self.room.width() / 2, self.room.height() / 2)

    @property
    def overflows(self) -> bool:
        """Whether it is larger than the room, so that it can be moved."""
        size = self.drawn()
        return not self.is_fit and (size.width() > self.room.width() + 0.5 or size.height() > self.room.height() + 0.5)
