"""The Map page: the canvas, what it is coloured by, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.map.canvas import MapCanvas
from desktop_app.ui.map.legend import Legend
from desktop_app.ui.panels.banner import Banner
from desktop_app.ui.panels.empty import Action, EmptyPage
from desktop_app.ui.panels.parts import Choice, ElidedLabel, button, icon_button, text
from desktop_app.ui.theme import Theme

PLANE, SHEET = "plane", "sheet"
PHOTOS = ""
"""The map is not coloured: photos as they are."""

HINT = "Turn the wheel to come closer, drag to move, Shift and drag to pick photos with a lasso."
_LASSO_HINT = "Draw round the photos. By keys: arrows move, Space sets a corner, Enter closes the line, Esc leaves it."


class MapPage(QWidget):
    """All photos on a plane, or on a contact sheet.

    Signals:
        arrangementChosen(str): PLANE or SHEET.
        colourChosen(str): the key of what to colour by, PHOTOS for none.
        menuAsked(QPoint): what can be done with the map.
        exportAsked(): save the map as a picture.
        hintRead(): the first-visit line was put away.
    """

    arrangementChosen = Signal(str)
    colourChosen = Signal(str)
    menuAsked = Signal(QPoint)
    exportAsked = Signal()
    hintRead = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.canvas = MapCanvas(theme, thumbnails)
        self.legend = Legend(theme, self.canvas)
        self.empty = EmptyPage(theme)
        self.hint = Banner(theme, closable=True)
        self.hint.hide()
        self.words = ElidedLabel("", Qt.TextElideMode.ElideRight, "quiet")
        self.plane = button("Map", quiet=True, tip="Alike photos near one another")
        self.sheet = button("Contact sheet", quiet=True, tip="The same in rows, nothing on top of anything else")
        self._arrangements = QButtonGroup(self)
        for at, one in enumerate((self.plane, self.sheet)):
            one.setProperty("tab", True)
            one.setCheckable(True)
            self._arrangements.addButton(one, at)
        self.plane.setChecked(True)
        self.colours = Choice(theme)
        self.colours.setAccessibleName("Colour by")
        self.lasso = icon_button("lasso", "Pick photos with a lasso", "O")
        self.lasso.setCheckable(True)
        self.fit = icon_button("fit", "Show all", "Ctrl+0")
        self.save = icon_button("save", "Save as a picture…", "Ctrl+E")
        self.more = icon_button("more", "More about the map")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.empty)
        self._lay_out()
        self._arrangements.idClicked.connect(lambda at: self.arrangementChosen.emit((PLANE, SHEET)[at]))
        self.colours.activated.connect(lambda at: self.colourChosen.emit(self.colours.itemData(at)))
        self.lasso.clicked.connect(self._lasso)
        self.fit.clicked.connect(self.canvas.fit)
        self.save.clicked.connect(self.exportAsked)
        by_key = QShortcut(QKeySequence("Ctrl+E"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        by_key.activated.connect(self.exportAsked)
        self.more.clicked.connect(lambda: self.menuAsked.emit(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        self.canvas.lassoChanged.connect(self._lasso_changed)
        self.hint.closed.connect(self.hintRead)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(4)
        row.addWidget(self.plane)
        row.addWidget(self.sheet)
        row.addSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(text("Colour by", "quiet"))
        row.addSpacing(4)
        row.addWidget(self.colours)
        row.addSpacing(8)
        for one in (self.lasso, self.fit, self.save, self.more):
            row.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.hint)
        column.addWidget(self._stack, 1)

    def set_arrangement(self, key: str) -> None:
        """Mark which of the two is shown."""
        (self.sheet if key == SHEET else self.plane).setChecked(True)

    def set_colourings(self, entries: Sequence[tuple[str, str]], chosen: str) -> None:
        """What the map can be coloured by: key and words of each."""
        self.colours.clear()
        for key, words in entries:
            self.colours.addItem(words, key)
            if key == chosen:
                self.colours.setCurrentIndex(self.colours.count() - 1)

    def set_colour(self, key: str) -> None:
        """Mark what the map is coloured by."""
        at = self.colours.findData(key)
        if at >= 0:
            self.colours.setCurrentIndex(at)

    def show_map(self) -> None:
        """There are photos on it."""
        self._stack.setCurrentWidget(self.canvas)

    def show_empty(self, fact: str, advice: str = "", actions: Sequence[Action] = ()) -> None:
        """There is none yet."""
        self.empty.set_contents(fact, advice, actions)
        self._stack.setCurrentWidget(self.empty)

    @property
    def is_empty(self) -> bool:
        """Whether something is said in the place of the map."""
        return self._stack.currentWidget() is self.empty

    def focus_body(self) -> None:
        """Give the keyboard to the map."""
        self.canvas.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_body()

    def place_legend(self) -> None:
        """Put the legend into its corner."""
        size = self.legend.sizeHint()
        size = QSize(size.width(), min(size.height(), max(0, self.canvas.height() - 24)))
        corner = QPoint(12, self.canvas.height() - size.height() - 12)
        self.legend.setGeometry(QRect(corner, size))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_legend()

    @Slot()
    def _lasso(self) -> None:
        if self.canvas.is_lassoing:
            self.canvas.leave_lasso()
        else:
            self.canvas.begin_lasso()
        self.canvas.setFocus()

    @Slot(bool)
    def _lasso_changed(self, on: bool) -> None:
        self.lasso.setChecked(on)
        self.lasso.setToolTip(_LASSO_HINT if on else "Pick photos with a lasso (O)")
