"""Turn themes into labels: into which label set, and what its answers will be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.labelling import LabelSet, LabelSetId
from desktop_app.ui.panels.parts import Choice, ScrollColumn, button, text
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.values import ThemeCard

_TALLEST = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """Into what themes are turned: a new label set of this name, or one that is there."""

    name: str
    label_set: LabelSetId | None = None


class LabelsDialog(QDialog):
    """Asks where the labels go.

    Args:
        theme: the program's look.
        themes: each becomes an answer; two of one name become one.
        sets: label sets that are there.
        name: proposed for a new one.
    """

    def __init__(
        self,
        theme: Theme,
        themes: Sequence[ThemeCard],
        sets: Sequence[LabelSet],
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Turn themes into labels")
        self.setModal(True)
        self._names = {one.name.casefold() for one in sets}
        self._photos = sum(one.count for one in themes)
        answers: Counter[str] = Counter()
        for one in themes:
            answers[one.title] += one.count
        self.headline = text(
            f"Turn {wording.count(len(themes), 'theme')} into {wording.count(len(answers), 'answer')}?", "title"
        )
        self.new = QRadioButton("A new label set, named")
        self.name = QLineEdit(name)
        self.name.setAccessibleName("Name of the new label set")
        self.old = QRadioButton("The label set")
        self.sets = Choice(theme)
        self.sets.setAccessibleName("Label set")
        for label_set in sets:
            self.sets.addItem(label_set.name, label_set.id)
        group = QButtonGroup(self)
        for one_button in (self.new, self.old):
            group.addButton(one_button)
        self.new.setChecked(True)
        self.list = ScrollColumn()
        lines = QVBoxLayout(self.list.content)
        lines.setContentsMargins(12, 8, 12, 8)
        lines.setSpacing(4)
        for answer, count in answers.items():
            line = QHBoxLayout()
            line.addWidget(text(answer, wrap=True), 1)
            line.addWidget(text(wording.number(count), "quiet"))
            lines.addLayout(line)
        lines.addStretch(1)
        self.note = text(
            "Likeness learns from these labels as from your own: look the themes through first.",
            "quiet",
            wrap=True,
        )
        self.trouble = text("", "bad", wrap=True)
        self.cancel = button("Cancel", quiet=True)
        self.go = button(f"Label {wording.count(self._photos, 'photo')}", default=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.headline)
        for radio, field in ((self.new, self.name), (self.old, self.sets)):
            row = QHBoxLayout()
            row.addWidget(radio)
            row.addWidget(field, 1)
            column.addLayout(row)
            radio.setVisible(bool(sets))
            field.setVisible(bool(sets) or field is self.name)
        if not sets:
            self.new.setVisible(False)
            label = text("Name of the label set", "quiet")
            column.insertWidget(1, label)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        column.addWidget(self.trouble)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        foot.addWidget(self.go)
        column.addLayout(foot)
        self.setMinimumWidth(max(460, self.fontMetrics().averageCharWidth() * 70))
        self.resize(self.minimumWidth(), min(_TALLEST + 260, 280 + 24 * len(answers)))
        for radio in (self.new, self.old):
            radio.toggled.connect(self._check)
        self.name.textChanged.connect(self._check)
        self.cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self.accept)
        self._check()
        self.name.selectAll()
        self.name.setFocus()

    @property
    def wish(self) -> Wish:
        """What was chosen."""
        if self.old.isChecked():
            return Wish(self.sets.currentText(), self.sets.currentData())
        return Wish(" ".join(self.name.text().split()))

    @Slot()
    def _check(self) -> None:
        new = self.new.isChecked()
        self.name.setEnabled(new)
        self.sets.setEnabled(not new)
        wanted = " ".join(self.name.text().split())
        words = ""
        if new and wanted.casefold() in self._names:
            words = f"There is a label set “{wanted}” already. Choose it below, or another name."
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))
        self.go.setEnabled(not words and (bool(wanted) or not new))
