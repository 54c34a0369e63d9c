"""The list at the left: pages to look at, folders with their counts, what is not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.types import Folder
from desktop_app.ui.panels.nav_rows import NavDelegate, NavModel, Row, RowKind, folder_row
from desktop_app.ui.panels.picture_list import menu_place
from desktop_app.ui.theme import Theme

PREFERRED_WIDTH = 220
_PADDING = 8  # of the list, as the stylesheet has it


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the left list with its pages.

    Attributes:
        name: The heading, "Look".
        pages: Key and name of each page, ("photos", "Photos").
    """

    name: str
    pages: tuple[tuple[str, str], ...]


class _Rows(QListView):
    """A list whose rows do something when they are clicked or taken with Enter; arrows only move."""

    taken = Signal(int)
    menuAsked = Signal(int, QPoint)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nav")
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setModel(NavModel(self))
        self.setItemDelegate(NavDelegate(theme, self))

    def rows(self) -> NavModel:
        model = self.model()
        assert isinstance(model, NavModel)
        return model

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # the place of the keyboard begins at the chosen row, not at nothing
        if not self.currentIndex().isValid():
            self.set_current(self.rows().chosen_row())

    def set_current(self, row: int) -> None:
        index = self.rows().index(max(0, row), 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index == self.currentIndex():
            self.taken.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if self.currentIndex().isValid():
                self.taken.emit(self.currentIndex().row())
            return
        if event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # bare letters belong to the photo area, not to a search in this list
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index, at = menu_place(self, event)
        if index.isValid():
            self.menuAsked.emit(index.row(), at)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.viewport().update()


class NavList(QWidget):
    """Pages, folders and "Not shown". One row is chosen at a time.

    A page shows the photos of all folders; choosing a folder shows only its photos.

    Args:
        theme: The program's theme.
        sections: Pages that exist, in their order. A single section goes without its heading.

    Signals:
        pageChosen(str): A page, by its key.
        folderChosen(object): A folder by its id (int), or None when the chosen folder went away.
        folderMenuAsked(int, QPoint): The menu of a folder, at a point of the screen.
        savedChosen(int): A saved search, by its id.
        savedMenuAsked(int, QPoint): The menu of a saved search, at a point of the screen.
        notShownChosen(): The row "Not shown".
        addFolderAsked(): The row "Add folder…".
    """

    pageChosen = Signal(str)
    folderChosen = Signal(object)
    folderMenuAsked = Signal(int, QPoint)
    savedChosen = Signal(int)
    savedMenuAsked = Signal(int, QPoint)
    notShownChosen = Signal()
    addFolderAsked = Signal()

    def __init__(self, theme: Theme, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sections = tuple(sections)
        self._folders: tuple[Folder, ...] = ()
        self._saved: tuple[tuple[int, str], ...] = ()
        self._not_shown = 0
        self._chosen: tuple[RowKind, object] = (RowKind.PAGE, self._sections[0].pages[0][0])
        self.list = _Rows(theme, "Pages and folders")
        self.foot = _Rows(theme, "Not shown")
        self.foot.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.foot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(self.foot)
        for rows in (self.list, self.foot):
            rows.taken.connect(lambda row, rows=rows: self._take(rows.rows().rows[row]))
            rows.menuAsked.connect(lambda row, at, rows=rows: self._menu(rows.rows().rows[row], at))
        self._fill()

    def sizeHint(self) -> QSize:
        """220 px wide, more where the text is larger."""
        return QSize(max(PREFERRED_WIDTH, min(360, self.fontMetrics().averageCharWidth() * 30)), 400)

    def minimumSizeHint(self) -> QSize:
        """Never narrower than its names need."""
        return QSize(200, 120)

    def set_folders(self, folders: Sequence[Folder]) -> None:
        """Show these folders with their counts and states."""
        self._folders = tuple(folders)
        kind, key = self._chosen
        gone = kind is RowKind.FOLDER and key not in {folder.id for folder in self._folders}
        if gone:
            self._chosen = (RowKind.PAGE, self._sections[0].pages[0][0])
        self._fill()
        if gone:
            self.folderChosen.emit(None)

    def set_saved(self, saved: Sequence[tuple[int, str]]) -> None:
        """The saved searches by id and name; without any their heading goes, too."""
        self._saved = tuple(saved)
        self._fill()

    def set_not_shown(self, count: int) -> None:
        """How many files are not shown; 0 takes the row away."""
        self._not_shown = count
        self._fill()

    def choose_page(self, key: str) -> None:
        """Mark a page as the one that is shown; emits nothing."""
        self._choose(RowKind.PAGE, key)

    def choose_folder(self, folder: int | None) -> None:
        """Mark a folder as the one that is shown, or the first page for None; emits nothing."""
        if folder is None:
            self._choose(RowKind.PAGE, self._sections[0].pages[0][0])
        else:
            self._choose(RowKind.FOLDER, folder)

    def choose_saved(self, saved: int) -> None:
        """Mark a saved search as what is shown; emits nothing."""
        self._choose(RowKind.SAVED, saved)

    def choose_not_shown(self) -> None:
        """Mark "Not shown" as the page that is shown; emits nothing."""
        self._choose(RowKind.NOT_SHOWN, None)

    def _choose(self, kind: RowKind, key: object) -> None:
        self._chosen = (kind, key)
        for rows in (self.list, self.foot):
            rows.rows().choose(kind, key)
            rows.viewport().update()

    def _fill(self) -> None:
        made: list[Row] = []
        for section in self._sections:
            if len(self._sections) > 1:
                made.append(Row(RowKind.HEADING, section.name))
            made += [Row(RowKind.PAGE, name, key=key) for key, name in section.pages]
        made.append(Row(RowKind.HEADING, "Folders"))
        made += [folder_row(folder) for folder in self._folders]
        made.append(Row(RowKind.ADD, "Add folder…", tip="Add folder (Ctrl+O)"))
        if self._saved:
            made.append(Row(RowKind.HEADING, "Saved searches"))
            made += [Row(RowKind.SAVED, name, key=key, tip=name) for key, name in self._saved]
        self.list.rows().show(made)
        foot = [Row(RowKind.NOT_SHOWN, f"Not shown ({wording.number(self._not_shown)})")] if self._not_shown else []
        self.foot.rows().show(foot)
        self.foot.setVisible(bool(foot))
        if foot:
            # the list's own padding, above and below one row
            self.foot.setFixedHeight(self.foot.sizeHintForRow(0) + 2 * _PADDING)
        self._choose(*self._chosen)

    def _take(self, row: Row) -> None:
        if row.kind is RowKind.ADD:
            self.addFolderAsked.emit()
            return
        if row.kind is RowKind.HEADING:
            return
        self._choose(row.kind, row.key)
        if row.kind is RowKind.PAGE:
            self.pageChosen.emit(row.key)
        elif row.kind is RowKind.FOLDER:
            self.folderChosen.emit(row.key)
        elif row.kind is RowKind.SAVED:
            self.savedChosen.emit(row.key)
        else:
            self.notShownChosen.emit()

    def _menu(self, row: Row, at: QPoint) -> None:
        if row.kind is RowKind.FOLDER:
            assert isinstance(row.key, int)
            self.folderMenuAsked.emit(row.key, at)
        elif row.kind is RowKind.SAVED:
            assert isinstance(row.key, int)
            self.savedMenuAsked.emit(row.key, at)
