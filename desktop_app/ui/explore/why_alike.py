"""Why two photos are alike: both side by side, what makes up their likeness lit, the rest dimmed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.ui.explore.fitted import Place, fitted, part_of
from desktop_app.ui.panels.parts import ElidedLabel, button, text
from desktop_app.ui.theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class Lit:
    """One of the two photos.

    Attributes:
        name: its file name.
        image: the photo.
        heat: what to lay over the whole photo, with its own transparency; null for nothing.
    """

    name: str
    image: QImage
    heat: QImage


@dataclass(frozen=True, slots=True, eq=False)
class WhyPair:
    """Both photos and what is said of them.

    Attributes:
        first, second: the photos.
        likeness: "Likeness 0.83", as the results show it.
        sentence: how exact the picture is.
    """

    first: Lit
    second: Lit
    likeness: str
    sentence: str


class LitPhoto(QWidget):
    """A whole photo with its heat; a place may be outlined.

    Signals:
        placeAsked(float, float): a point was clicked: from the top and from the left, in fractions of the photo.
    """

    placeAsked = Signal(float, float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lit: Lit | None = None
        self._heat = True
        self._place: Place | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)

    def sizeHint(self) -> QSize:
        """Room for a photo."""
        return QSize(420, 420)

    def show_photo(self, lit: Lit) -> None:
        """Show a photo."""
        self._lit, self._place = lit, None
        self.setAccessibleName(lit.name)
        self.update()

    def show_heat(self, shown: bool) -> None:
        """Whether the heat is laid over."""
        self._heat = shown
        self.update()

    def outline(self, place: Place | None) -> None:
        """Outline a place."""
        self._place = place
        self.update()

    def area(self) -> QRectF:
        """Where the photo is in this widget."""
        return QRectF() if self._lit is None else fitted(self._lit.image, self.rect())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), self._theme.tokens.canvas)
        if self._lit is None:
            return
        area = self.area()
        painter.drawImage(area, self._lit.image)
        if self._heat and not self._lit.heat.isNull():
            painter.drawImage(area, self._lit.heat)
        if self._place is not None:
            box = part_of(area, self._place)
            for colour, thick in ((Qt.GlobalColor.black, 4), (Qt.GlobalColor.white, 2)):  # seen on any photo
                painter.setPen(QPen(colour, thick))
                painter.drawRect(box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        area = self.area()
        point: QPointF = event.position()
        if event.button() == Qt.MouseButton.LeftButton and area.contains(point):
            down = (point.y() - area.top()) / area.height()
            along = (point.x() - area.left()) / area.width()
            self.placeAsked.emit(down, along)


class WhyAlikeWindow(QDialog):
    """The two photos, how alike they are, and what of it counts.

    Signals:
        kindChosen(bool): True shows what sets the two apart from the library's others, False all that they share.
        placeAsked(float, float, bool): a point of a photo, True for the second.
        stopped(): closed.
    """

    kindChosen = Signal(bool)
    placeAsked = Signal(float, float, bool)
    stopped = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Why alike")
        self.setMinimumSize(560, 360)
        self.first, self.second = LitPhoto(theme), LitPhoto(theme)
        self._names = (ElidedLabel(), ElidedLabel())
        self.likeness = text("", "section")
        self.sentence = text("", "quiet", wrap=True)
        self.special = button("What sets them apart from the others", quiet=True)
        self.all = button("All they share", quiet=True)
        self.plain = button("Photos only", quiet=True)
        for one in (self.special, self.all, self.plain):
            one.setCheckable(True)
            one.setAutoExclusive(True)
        self.special.setChecked(True)
        self.special.clicked.connect(self._kind)
        self.all.clicked.connect(self._kind)
        self.plain.clicked.connect(self._kind)
        self.hint = text("Click a place to see what it matches in the other photo.", "quiet", wrap=True)
        head = QHBoxLayout()
        head.addWidget(self.likeness)
        head.addStretch(1)
        for one in (self.special, self.all, self.plain):
            head.addWidget(one)
        photos = QHBoxLayout()
        photos.setSpacing(16)
        for label, photo in zip(self._names, (self.first, self.second), strict=True):
            side = QVBoxLayout()
            side.setSpacing(8)
            side.addWidget(photo, 1)
            side.addWidget(label)
            photos.addLayout(side, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(photos, 1)
        column.addWidget(self.sentence)
        column.addWidget(self.hint)
        self.first.placeAsked.connect(self._first_asked)
        self.second.placeAsked.connect(self._second_asked)
        self.resize(960, 620)

    def show_pair(self, pair: WhyPair) -> None:
        """Show two photos."""
        self.first.show_photo(pair.first)
        self.second.show_photo(pair.second)
        for label, lit in zip(self._names, (pair.first, pair.second), strict=True):
            label.set_words(lit.name)
        self.likeness.setText(pair.likeness)
        self.sentence.setText(pair.sentence)
        self.sentence.setVisible(bool(pair.sentence))
        self.hint.setText("Click a place to see what it matches in the other photo.")

    def show_match(self, first: Place | None, second: Place | None, words: str) -> None:
        """Outline two places that belong together."""
        self.first.outline(first)
        self.second.outline(second)
        self.hint.setText(words)

    @Slot()
    def _kind(self) -> None:
        lit = not self.plain.isChecked()
        self.first.show_heat(lit)
        self.second.show_heat(lit)
        if lit:
            self.kindChosen.emit(self.special.isChecked())

    @Slot(float, float)
    def _first_asked(self, down: float, along: float) -> None:
        self.placeAsked.emit(down, along, False)

    @Slot(float, float)
    def _second_asked(self, down: float, along: float) -> None:
        self.placeAsked.emit(down, along, True)

    def done(self, result: int) -> None:
        """Closed."""
        self.stopped.emit()
        super().done(result)
