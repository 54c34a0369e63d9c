"""What a layer sees: its channels, and for one of them the photos that excite it most, with the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen
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

from desktop_app.ui.explore.cell_grid import Cell, CellGrid
from desktop_app.ui.panels.list_model import ROW_ROLE, AnyIndex, ListModel
from desktop_app.ui.panels.parts import Choice, ScrollColumn, button, text
from desktop_app.ui.theme import Theme

_ROW = 32


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
