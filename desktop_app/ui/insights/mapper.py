"""Which column is what: for tables that nobody knows. Remembered for the next table with these columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.insights.board_values import METRIC_NAMES
from desktop_app.ui.panels.parts import Choice, ElidedLabel, ScrollColumn, button, text
from desktop_app.ui.theme import Theme

FIELDS: tuple[tuple[str, str], ...] = (
    ("", "not used"),
    ("file", "File name"),
    ("permalink", "Address of the post"),
    ("time", "Date and time"),
    ("caption", "Caption"),
    ("account", "Account"),
    ("type", "Type of post"),
    ("boosted", "Boosted or not"),
    ("id", "Number of the post"),
    *((name, words) for name, words in METRIC_NAMES.items() if name != "likes and comments"),
)
JOINS = ("file", "permalink", "time", "id")


@dataclass(frozen=True, slots=True)
class TableColumns:
    """A table, as far as it has to be known to say what its columns are.

    Attributes:
        source: the source's key.
        name: of the file.
        columns: their headings.
        samples: a few values of each.
        mapping: column heading to field, as far as it is known.
    """

    source: int
    name: str
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    mapping: Mapping[str, str]


class ColumnMapper(QDialog):
    """One row per column: its heading, what stands in it, what it is.

    Signals:
        chosen(int, dict): the source and heading to field; columns that are not used are not in it.
    """

    chosen = Signal(int, object)

    def __init__(self, theme: Theme, table: TableColumns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Which column is what")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._table = table
        self.choices: list[Choice] = []
        self.advice = text("", "warn", wrap=True)
        self.use = button("Read with these columns", default=True)
        self.cancel = button("Cancel")
        scroll = ScrollColumn()
        grid = QGridLayout(scroll.content)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 160)
        for at, heading in enumerate(("Column", "What stands in it", "Is")):
            grid.addWidget(text(heading, "section"), 0, at)
        for at, column in enumerate(table.columns):
            name = ElidedLabel(wording.printable(column) or f"Column {at + 1}")
            name.setMinimumWidth(140)
            values = " · ".join(wording.printable(one) for one in table.samples[at] if one.strip())
            sample = ElidedLabel(values or "empty", Qt.TextElideMode.ElideRight, "quiet")
            choice = Choice(theme)
            choice.setAccessibleName(f"What {column} is")
            for key, words in FIELDS:
                choice.addItem(words, key)
            choice.setCurrentIndex(max(0, choice.findData(table.mapping.get(column, ""))))
            choice.activated.connect(self._check)
            grid.addWidget(name, at + 1, 0)
            grid.addWidget(sample, at + 1, 1)
            grid.addWidget(choice, at + 1, 2)
            self.choices.append(choice)
        grid.setRowStretch(len(table.columns) + 1, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.advice, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.use)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(24, 16, 24, 16)
        column_.setSpacing(12)
        column_.addWidget(text(table.name, "title"))
        column_.addWidget(
            text(
                "Say what each column holds. It is remembered for the next table with these columns.",
                "quiet",
                wrap=True,
            )
        )
        column_.addWidget(scroll, 1)
        column_.addLayout(foot)
        self.use.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        self.resize(760, 560)
        self._check()

    def mapping(self) -> dict[str, str]:
        """Heading to field, without what is not used."""
        found = zip(self._table.columns, self.choices, strict=True)
        return {column: choice.currentData() for column, choice in found if choice.currentData()}

    @Slot()
    def _check(self) -> None:
        words = missing(list(self.mapping().values()))
        self.advice.setText(words)
        self.use.setEnabled(not words)

    @Slot()
    def _take(self) -> None:
        self.chosen.emit(self._table.source, self.mapping())
        self.accept()


def missing(fields: Sequence[str]) -> str:
    """What still has to be said; "" when it is enough."""
    twice = next((one for one in fields if fields.count(one) > 1), "")
    if twice:
        return f"Two columns are “{dict(FIELDS)[twice]}”. Only one can be."
    if not any(one in JOINS for one in fields):
        return "Say which column tells the posts: a file name, an address, a date or a number."
    if not any(one in METRIC_NAMES for one in fields):
        return "Say which column holds a number: views, likes or another."
    return ""
