"""What to keep: folders in the order in which photos in them are kept, and what else decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import USUAL, KeepRules, Place, Prefer
from desktop_app.core.types import FolderId
from desktop_app.ui.duplicates.ordered import FLAGS, Ordered
from desktop_app.ui.panels.menus import brief_menu
from desktop_app.ui.panels.parts import button, icon_button, text

WORDS = {
    Prefer.FOLDER: "in the folders above",
    Prefer.LABELS: "with a label or a note",
    Prefer.RESOLUTION: "with more pixels",
    Prefer.WHOLE: "whole: not cropped, marked, mirrored, grey",
    Prefer.FORMAT: "camera raw, then HEIC, PNG, JPEG",
    Prefer.UPRIGHT: "upright and bright as most of them are",
    Prefer.METADATA: "with date, camera, place, stars",
    Prefer.FILE_SIZE: "larger file",
    Prefer.OLDEST: "older file",
    Prefer.NEWEST: "newer file",
    Prefer.SHORT_NAME: "shorter name, without “copy”",
}
_DATA = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Root:
    """A folder of the library."""

    id: FolderId
    name: str
    path: Path


def place_of(path: Path, roots: Sequence[Root]) -> Place | None:
    """A folder as a place of the library, the innermost root counts; None where it is in none of its folders."""
    best: tuple[int, Place] | None = None
    for root in roots:
        if path == root.path or root.path in path.parents:
            below = path.relative_to(root.path).as_posix()
            found = (len(root.path.parts), Place(root.id, "" if below == "." else below))
            best = found if best is None or found[0] > best[0] else best
    return best[1] if best is not None else None


def place_words(place: Place, roots: Sequence[Root]) -> str:
    """A place for the screen: "Family, 2019/beach"."""
    name = next((root.name for root in roots if root.id == place.folder), "a folder that was removed")
    return f"{name}, {place.below}" if place.below else name


class RulesDialog(QDialog):
    """Asks which photo of a set is to be suggested as the one to keep.

    Args:
        rules: those in force.
        roots: the folders of the library.
    """

    def __init__(self, rules: KeepRules, roots: Sequence[Root], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What to keep")
        self.setModal(True)
        self._roots = tuple(roots)
        self.places = Ordered("Keep those in these folders, the first before the second")
        self.prefer = Ordered("What decides then, in this order")
        self.add = icon_button("folder-add", "Add a folder")
        self.remove = icon_button("minus", "Remove this folder from the list")
        self.places.side.insertWidget(0, self.add)
        self.places.side.insertWidget(1, self.remove)
        self.hint = text("", "warn", wrap=True)
        self.usual = button("As usual", quiet=True, tip="Back to what Likeness proposes")
        self.cancel, self.save = button("Cancel"), button("Keep by these", default=True)
        self._lay_out()
        self._join()
        self.show_rules(rules)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(text("Keep the photo that is", "title"))
        column.addWidget(text("in one of these folders, the upper before the lower", "section", wrap=True))
        column.addWidget(self.places, 2)
        column.addWidget(text("A tick protects a folder: nothing in it is ever offered to go.", "quiet", wrap=True))
        column.addWidget(self.hint)
        column.addSpacing(8)
        column.addWidget(text("and then, in this order", "section"))
        column.addWidget(self.prefer, 3)
        column.addWidget(text("The first that tells two photos apart decides.", "quiet", wrap=True))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.usual)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        column.addSpacing(4)
        column.addLayout(foot)
        self.hint.hide()
        letter = self.fontMetrics().averageCharWidth()
        self.setMinimumSize(max(420, letter * 56), 460)
        self.resize(max(480, letter * 70), 620)

    def _join(self) -> None:
        self.add.clicked.connect(self._show_folders)
        self.remove.clicked.connect(self._remove)
        self.usual.clicked.connect(self._as_usual)
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self.accept)
        self.places.list.currentRowChanged.connect(self._show_state)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_rules(self, rules: KeepRules) -> None:
        """Show these rules."""
        self.places.list.clear()
        for place in (*rules.folders, *(one for one in rules.protected if one not in rules.folders)):
            self.add_place(place, protected=place in rules.protected)
        self.prefer.list.clear()
        order = [*(one for one in rules.prefer if one is not Prefer.FOLDER)]
        order += [one for one in (*USUAL, *Prefer) if one not in order and one is not Prefer.FOLDER]
        for one in dict.fromkeys(order):
            item = QListWidgetItem(WORDS[one])
            item.setData(_DATA, one)
            item.setFlags(FLAGS)
            item.setCheckState(Qt.CheckState.Checked if one in rules.prefer else Qt.CheckState.Unchecked)
            self.prefer.list.addItem(item)
        self.prefer.list.setCurrentRow(0)
        self._show_state()

    def add_place(self, place: Place, *, protected: bool = False) -> None:
        """Put a folder at the end of the list; one that is there already is gone to."""
        for row, item in enumerate(self.places.items()):
            if item.data(_DATA) == place:
                self.places.list.setCurrentRow(row)
                return
        item = QListWidgetItem(wording.printable(place_words(place, self._roots)))
        item.setData(_DATA, place)
        item.setFlags(FLAGS)
        item.setCheckState(Qt.CheckState.Checked if protected else Qt.CheckState.Unchecked)
        item.setToolTip("Ticked: nothing in this folder is ever offered to go")
        self.places.list.addItem(item)
        self.places.list.setCurrentItem(item)

    @property
    def rules(self) -> KeepRules:
        """What is chosen."""
        ticked, items = Qt.CheckState.Checked, self.places.items()
        prefer = [one.data(_DATA) for one in self.prefer.items() if one.checkState() == ticked]
        return KeepRules(
            tuple(one.data(_DATA) for one in items),
            tuple(one.data(_DATA) for one in items if one.checkState() == ticked),
            (Prefer.FOLDER, *(Prefer(one) for one in prefer)),
        )

    # --- folders ---------------------------------------------------------------------------------------------

    def _show_folders(self) -> None:
        menu = brief_menu(self)
        for root in self._roots:
            words = wording.shorten_middle(root.name, 40).replace("&", "&&")
            menu.addAction(words).triggered.connect(partial(self._add_root, root.id))
        if self._roots:
            menu.addSeparator()
        menu.addAction("A folder below these…").triggered.connect(self._choose_folder)
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    def _add_root(self, folder: FolderId, _on: bool = False) -> None:
        self.add_place(Place(folder))

    def _choose_folder(self, _on: bool = False) -> None:
        begin = str(self._roots[0].path) if self._roots else ""
        chosen = QFileDialog.getExistingDirectory(self, "Keep photos in this folder", begin)
        if chosen:
            self.take_path(Path(chosen))

    def take_path(self, path: Path) -> None:
        """Add a folder by its path; one outside of the library is refused with a sentence."""
        place = place_of(path, self._roots)
        self.hint.setVisible(place is None)
        if place is None:
            self.hint.setText(f"“{path.name}” is in none of this library's folders.")
        else:
            self.add_place(place)

    def _remove(self) -> None:
        row = self.places.list.currentRow()
        if row >= 0:
            self.places.list.takeItem(row)
        self._show_state()

    def _as_usual(self) -> None:
        self.show_rules(KeepRules())

    def _show_state(self) -> None:
        self.remove.setEnabled(self.places.list.currentRow() >= 0)
