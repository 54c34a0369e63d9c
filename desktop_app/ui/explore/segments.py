"""What is where in a photo: classes as colours over it, with their names and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from desktop_app.ui.explore.fitted import Place, fitted, part_of
from desktop_app.ui.panels.layouts import clear
from desktop_app.ui.panels.parts import Choice, ElidedLabel, ProgressBar, ScrollColumn, text
from desktop_app.ui.theme import Theme

_USUAL = 60  # opacity in per cent


@dataclass(frozen=True, slots=True)
class LegendRow:
    """A class that is in the photo: its name, its colour, and its share in words ("41 %")."""

    name: str
    colour: tuple[int, int, int]
    share: str


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A photo and what is where in it.

    Attributes:
        name: its file name.
        image: the photo.
        classes: colours with opacity, of any size; lies over `over`.
        over: the part of the photo that was looked at.
        legend: the largest first.
        note: "" or a remark.
    """

    name: str
    image: QImage
    classes: QImage
    over: Place
    legend: tuple[LegendRow, ...]
    note: str = ""


class PartsView(QWidget):
    """The photo with its colours.

    Signals:
        pointed(float, float): the mouse is at a point, from top and left in fractions of the part that was looked at.
    """

    pointed = Signal(float, float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: Parts | None = None
        self._opacity = _USUAL / 100
        self.setMouseTracking(True)
        self.setMinimumSize(200, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_parts(self, parts: Parts) -> None:
        """Show a photo."""
        self._parts = parts
        self.setAccessibleName(f"{parts.name}: " + ", ".join(f"{row.name} {row.share}" for row in parts.legend))
        self.update()

    def set_opacity(self, percent: int) -> None:
        """How much the colours cover."""
        self._opacity = percent / 100
        self.update()

    def area(self) -> QRectF:
        """Where the photo is in this widget."""
        return QRectF() if self._parts is None else fitted(self._parts.image, self.rect())

    def _over(self) -> QRectF:
        assert self._parts is not None
        return part_of(self.area(), self._parts.over)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.canvas)
        if self._parts is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.area(), self._parts.image)
        painter.setOpacity(self._opacity)
        painter.drawImage(self._over(), self._parts.classes)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)  # a finger does not hover

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._parts is None:
            return
        over = self._over()
        if over.contains(event.position()):
            self.pointed.emit(
                (event.position().y() - over.top()) / over.height(), (event.position().x() - over.left()) / over.width()
            )


class SegmentsWindow(QDialog):
    """The photo, the legend and how much the colours cover.

    Signals:
        networkChosen(str): look with another network.
        pointed(float, float): see `PartsView`.
        stopped(): closed.
    """

    networkChosen = Signal(str)
    pointed = Signal(float, float)
    stopped = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What is where")
        self.setMinimumSize(560, 360)
        self._theme = theme
        self.view = PartsView(theme)
        self.view.pointed.connect(self.pointed)
        self.name = ElidedLabel()
        self.network = Choice(theme)
        self.network.setAccessibleName("Network")
        self.network.activated.connect(self._chosen)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(_USUAL)
        self.opacity.setAccessibleName("How much the colours cover")
        self.opacity.valueChanged.connect(self.view.set_opacity)
        self.here = text("", "quiet", wrap=True)
        self.bar = ProgressBar()
        self.bar.show_done(0, 0)
        self.bar.hide()
        self.legend = ScrollColumn()
        self._rows = QVBoxLayout(self.legend.content)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._rows.addStretch(1)
        side = QVBoxLayout()
        side.setSpacing(8)
        for widget in (self.name, self.network, text("Colours", "quiet"), self.opacity, self.bar, self.here):
            side.addWidget(widget)
        side.addWidget(self.legend, 1)
        holder = QWidget()
        holder.setLayout(side)
        holder.setFixedWidth(240)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addWidget(self.view, 1)
        row.addWidget(holder)
        self.resize(960, 620)

    def show_networks(self, names: Sequence[tuple[str, str]], now: str) -> None:
        """The networks that can do this, as (name, words)."""
        self.network.clear()
        for name, words in names:
            self.network.addItem(words, name)
        self.network.setCurrentIndex(max(0, self.network.findData(now)))
        self.network.setVisible(len(names) > 1)

    def work(self, words: str) -> None:
        """What is being done; "" when nothing is."""
        self.bar.setVisible(bool(words))
        self.here.setText(words)

    def show_parts(self, parts: Parts) -> None:
        """Show a photo."""
        self.view.show_parts(parts)
        self.name.set_words(parts.name)
        self.work("")
        self.here.setText(parts.note)
        clear(self._rows, leave=1)
        for at, row in enumerate(parts.legend):
            self._rows.insertWidget(at, _LegendLine(row))

    @Slot(int)
    def _chosen(self, _at: int) -> None:
        self.networkChosen.emit(self.network.currentData())

    def done(self, result: int) -> None:
        """Closed."""
        self.stopped.emit()
        super().done(result)


class _Spot(QWidget):
    def __init__(self, colour: tuple[int, int, int]) -> None:
        super().__init__()
        self._colour = QColor(*colour)
        self.setFixedSize(QSize(16, 16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(128, 128, 128))
        painter.setBrush(self._colour)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)


class _LegendLine(QWidget):
    def __init__(self, row: LegendRow) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(_Spot(row.colour))
        name: QLabel = ElidedLabel(row.name)
        line.addWidget(name, 1)
        line.addWidget(text(row.share, "quiet"))
