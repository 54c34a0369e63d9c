"""What a layer sees: its channels, and for one of them the photos that excite it most, with the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui.panels.list_model import ROW_ROLE, AnyIndex, ListModel
from desktop_app.ui.panels.parts import Choice, ScrollColumn, button, text
from desktop_app.ui.theme import Theme

_ROW = 32
_CELL = 148
_GAP = 8


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel of a layer.

    Attributes:
        number: its place in the layer.
        words: "Channel 37", or the thing it stands for.
        varies: how much it varies among the library's photos, 0 to 1 of the one that varies most.
    """

    number: int
    words: str
    varies: float


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One photo that excites a channel.

    Attributes:
        photo: its id.
        value: how much.
        whole: the photo with what the channel sees marked; None while it is on its way.
        place: the place alone, cut out; None where there is none.
        words: why there is no place; "" where there is one.
    """

    photo: int
    value: float
    whole: QImage | None = None
    place: QImage | None = None
    words: str = ""


class _Channels(ListModel[ChannelRow]):
    def said(self, row: ChannelRow, role: int) -> object:
        return row.words if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None


class _RowDelegate(QStyledItemDelegate):
    """The name, and under it a line as long as the channel varies."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return QSize(0, max(_ROW, option.fontMetrics.height() + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        tokens = self._theme.tokens
        box = QRectF(option.rect).adjusted(4, 1, -4, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(QPen(tokens.accent, 2) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(tokens.accentfill)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        line = QRectF(box.left() + 10, box.bottom() - 6, (box.width() - 20) * index.data(ROW_ROLE).varies, 2)
        painter.fillRect(line, tokens.accent)
        painter.setPen(tokens.text)
        words = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(box.width()) - 20)
        painter.drawText(box.adjusted(10, 0, -10, -6), int(Qt.AlignmentFlag.AlignVCenter), words)
        painter.restore()


class CellGrid(QWidget):
    """The photos in rows, strongest first. Arrow keys move, Enter or a click chooses.

    Signals:
        chosen(int): a photo.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.cells: tuple[Cell, ...] = ()
        self._places = False
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(_CELL + 2 * _GAP)
        theme.changed.connect(self.update)

    def show_cells(self, cells: Sequence[Cell]) -> None:
        """Show these; the same photos keep the keyboard's place."""
        if [cell.photo for cell in cells] != [cell.photo for cell in self.cells]:
            self._at = 0
        self.cells = tuple(cells)
        self._tell()
        self.updateGeometry()
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.update()

    def show_places(self, places: bool) -> None:
        """Whether only the place is shown, cut out, instead of the whole photo."""
        self._places = places
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Rows follow the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows at this width."""
        columns = self._columns(width)
        rows = -(-len(self.cells) // columns)
        return max(1, rows) * (_CELL + _GAP)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        tokens = self._theme.tokens
        for at, cell in enumerate(self.cells):
            box = self._box(at)
            if not box.intersects(QRectF(event.rect())):
                continue
            image = (cell.place if self._places else cell.whole) or cell.whole
            shape = QPainterPath()
            shape.addRoundedRect(box, 4, 4)
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(box, tokens.hover)
            if image is not None and not image.isNull():
                fit = image.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
                target = QRectF(0, 0, fit.width(), fit.height())
                target.moveCenter(box.center())
                painter.drawImage(target, image)
            painter.restore()
            if self.hasFocus() and at == self._at:
                painter.setPen(QPen(tokens.accent, 3))
                painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for at in range(len(self.cells)):
            if event.button() == Qt.MouseButton.LeftButton and self._box(at).contains(event.position()):
                self._go(at)
                self.chosen.emit(self.cells[at].photo)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns(self.width())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        if event.key() in steps and self.cells:
            wanted = self._at + steps[Qt.Key(event.key())]
            if 0 <= wanted < len(self.cells):
                self._go(wanted)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.cells:
            self.chosen.emit(self.cells[self._at].photo)
        else:
            super().keyPressEvent(event)

    def _columns(self, width: int) -> int:
        return max(1, (width + _GAP) // (_CELL + _GAP))

    def _box(self, at: int) -> QRectF:
        row, column = divmod(at, self._columns(self.width()))
        return QRectF(column * (_CELL + _GAP), row * (_CELL + _GAP), _CELL, _CELL)

    def _go(self, at: int) -> None:
        self._at = at
        self._tell()
        self.update()

    def _tell(self) -> None:
        if self.cells:
            cell = self.cells[self._at]
            self.setAccessibleName(f"Photo {self._at + 1} of {len(self.cells)}, excited {cell.value:.3g}. {cell.words}")


class ChannelsWindow(QDialog):
    """Pick a layer and a channel; see what excites it.

    Args:
        theme: the program's look.
        layers: (descriptor, words) of the layers to look into.

    Signals:
        layerChosen(str): a descriptor.
        channelChosen(int): a channel.
        moreAsked(): more photos of this channel.
        photoChosen(int): a photo was chosen.
        stopped(): closed.
    """

    layerChosen = Signal(str)
    channelChosen = Signal(int)
    moreAsked = Signal()
    photoChosen = Signal(int)
    stopped = Signal()

    def __init__(self, theme: Theme, layers: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What a layer sees")
        self.setMinimumSize(640, 420)
        self.layer = Choice(theme)
        self.layer.setAccessibleName("Layer")
        for descriptor, words in layers:
            self.layer.addItem(words, descriptor)
        self.layer.activated.connect(self._layer_chosen)
        self._model = _Channels(self)
        self.channels = QListView()
        self.channels.setObjectName("nav")
        self.channels.setModel(self._model)
        self.channels.setItemDelegate(_RowDelegate(theme, self.channels))
        self.channels.setUniformItemSizes(True)
        self.channels.setMouseTracking(True)
        self.channels.setFixedWidth(220)
        self.channels.setAccessibleName("Channels, those that vary most in this library first")
        self.channels.selectionModel().currentChanged.connect(self._channel_chosen)
        self.note = text("", "quiet", wrap=True)
        self.only_places = button("Only the place", quiet=True)
        self.only_places.setCheckable(True)
        self.more = button("More photos")
        self.more.clicked.connect(self.moreAsked)
        scroll = ScrollColumn()
        self.grid = CellGrid(theme)
        self.grid.chosen.connect(self.photoChosen)
        self.only_places.toggled.connect(self.grid.show_places)
        inside = QVBoxLayout(scroll.content)
        inside.setContentsMargins(0, 0, 12, 16)
        inside.setSpacing(12)
        inside.addWidget(self.grid)
        foot = QHBoxLayout()
        foot.addWidget(self.more)
        foot.addStretch(1)
        inside.addLayout(foot)
        inside.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(self.layer)
        head.addWidget(self.note, 1)
        head.addWidget(self.only_places)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self.channels)
        body.addWidget(scroll, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(body, 1)
        self.resize(960, 680)

    def show_layer(self, descriptor: str) -> None:
        """Show a layer as the chosen one; emits nothing."""
        self.layer.setCurrentIndex(max(0, self.layer.findData(descriptor)))

    def show_channels(self, rows: Sequence[ChannelRow]) -> None:
        """The layer's channels; the first is chosen."""
        self._model.show(rows, anew=True)
        if rows:
            self.channels.setCurrentIndex(self._model.index(0))

    def show_cells(self, cells: Sequence[Cell], note: str = "", *, more: bool = False) -> None:
        """The photos of the channel."""
        self.grid.show_cells(cells)
        self.note.setText(note)
        self.more.setVisible(more)
        self.only_places.setEnabled(any(cell.place is not None for cell in cells))

    @property
    def channel(self) -> int:
        """The chosen channel; -1 without one."""
        at = self.channels.currentIndex()
        return self._model.rows[at.row()].number if at.isValid() else -1

    @Slot(int)
    def _layer_chosen(self, _at: int) -> None:
        self.layerChosen.emit(self.layer.currentData())

    @Slot()
    def _channel_chosen(self) -> None:
        if self.channel >= 0:
            self.channelChosen.emit(self.channel)

    def done(self, result: int) -> None:
        """Closed."""
        self.stopped.emit()
        super().done(result)
