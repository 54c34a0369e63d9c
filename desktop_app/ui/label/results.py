"""Results: what it mixes up, each answer, layers, the learning curve; the choices folded under Details."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import wording
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.charts import Bar, Curve, RangeChart
from desktop_app.ui.label.check import AnswerGrid
from desktop_app.ui.label.mix_ups import MixUps
from desktop_app.ui.label.values import in_hundred
from desktop_app.ui.panels.empty import EmptyPage
from desktop_app.ui.panels.layouts import clear
from desktop_app.ui.panels.parts import Choice, ElidedLabel, ScrollColumn, button, text
from desktop_app.ui.theme import Theme

HEADS = (
    ("auto", "Automatic"),
    ("softmax", "Softmax"),
    ("svm", "Support vectors"),
    ("mlp", "Small network"),
    ("neighbours", "Nearest labelled photos"),
)


@dataclass(frozen=True, slots=True)
class PerAnswer:
    """How one answer does."""

    name: str
    labels: int  # that a person looked at
    found: float  # share of its photos that are guessed right
    believed: float | None  # share of guesses of it that are right; None where it is never guessed


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the Results tab shows; everything was tested on photos the classifier had not learnt from.

    Attributes:
        headline: how good it is, with range and count.
        names: of the answers.
        counts: counts[given][guessed].
        cells: the photos of each cell, in the same order.
        answers: one row per answer.
        layers: the chart of layers.
        curve: (labels, share right), fewest first.
        chosen: what the classifier is made of, one sentence.
        advice: what would help; "" for nothing.
        head, layer: what was asked for ("auto").
        layer_names: what can be asked for.
    """

    headline: str
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    cells: tuple[tuple[tuple[int, ...], ...], ...]
    answers: tuple[PerAnswer, ...]
    layers: tuple[Bar, ...] = ()
    curve: tuple[tuple[int, float], ...] = ()
    chosen: str = ""
    advice: str = ""
    head: str = "auto"
    layer: str = "auto"
    layer_names: tuple[str, ...] = ()


class ResultsTab(QWidget):
    """Charts at the left, the photos of the chosen cell at the right.

    Signals:
        choiceMade(str, str): another head and layer, "auto" for the program's own choice.
        looksAsked(str): what it looks at in the photos of an answer.
    """

    choiceMade = Signal(str, str)
    looksAsked = Signal(str)

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._evidence: Evidence | None = None
        self.empty = EmptyPage(theme)
        self.headline = text("", wrap=True)
        self.headline.setFont(theme.font(1.15, semi_bold=True))
        self.advice = text("", "quiet", wrap=True)
        self.mix_ups = MixUps(theme)
        self._mixed = QScrollArea()  # many answers scroll sideways
        self._mixed.setFrameShape(QFrame.Shape.NoFrame)
        self._mixed.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._mixed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._mixed.setWidget(self.mix_ups)
        self.layers = RangeChart(theme)
        self.curve = Curve(theme)
        self.chosen = text("", "quiet", wrap=True)
        self.cell_words = text(
            "Click a number to see its photos; an answer's key corrects those selected.", "section", wrap=True
        )
        self.grid = AnswerGrid(theme, thumbnails)
        self.grid.set_hover_actions(())
        self.grid.set_wanted_size(144)
        self._looks = QButtonGroup(self)  # one button per answer
        self._looks.setExclusive(False)
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(12)
        self._table.setVerticalSpacing(6)
        self.fold = button("Details", quiet=True)
        self.fold.setCheckable(True)
        self.head, self.layer = Choice(theme), Choice(theme)
        for key, name in HEADS:
            self.head.addItem(name, key)
        self.details = self._make_details()
        self.details.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._make_body())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self.setFocusProxy(self.mix_ups)
        self.mix_ups.cellChosen.connect(self._show_cell)
        self._looks.idClicked.connect(self._ask_looks)
        self.fold.toggled.connect(self.details.setVisible)
        self.head.activated.connect(self._choose)
        self.layer.activated.connect(self._choose)

    def _make_details(self) -> QWidget:
        box = QWidget()
        form = QGridLayout(box)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.addWidget(
            text("Automatic works best on your labels: it is measured, not guessed.", "quiet", wrap=True), 0, 0, 1, 2
        )
        for at, (name, choice) in enumerate((("Head", self.head), ("Layer", self.layer)), 1):
            form.addWidget(text(name, "quiet"), at, 0)
            form.addWidget(choice, at, 1)
            choice.setAccessibleName(name)
        form.addWidget(self.chosen, 3, 0, 1, 2)
        form.setColumnStretch(1, 1)
        return box

    def _make_body(self) -> QWidget:
        left = ScrollColumn()
        column = QVBoxLayout(left.content)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.headline)
        column.addWidget(self.advice)
        self._titles: dict[str, QWidget] = {}
        column.addSpacing(8)
        column.addWidget(text("What it mixes up", "section"))
        column.addWidget(self._mixed)
        column.addSpacing(8)
        column.addWidget(text("Each answer", "section"))
        column.addLayout(self._table)
        charts: tuple[tuple[str, QWidget], ...] = (
            ("Right answers against labels", self.curve),
            ("Which layer tells your answers apart", self.layers),
        )
        for title, widget in charts:
            head = text(title, "section")
            self._titles[title] = head
            column.addSpacing(8)
            column.addWidget(head)
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.details)
        column.addStretch(1)
        left.setMinimumWidth(460)  # the table of answers, at the usual size of text
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 16, 0, 0)
        words = QHBoxLayout()
        words.setContentsMargins(16, 0, 16, 0)
        words.addWidget(self.cell_words)
        beside.addLayout(words)
        beside.addWidget(self.grid, 1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left, 5)
        row.addWidget(right, 4)
        return body

    def show_nothing(self, fact: str, advice: str = "") -> None:
        """Say why there is nothing to show."""
        self._evidence = None
        self.empty.set_contents(fact, advice)
        self._stack.setCurrentIndex(0)

    def show_evidence(self, evidence: Evidence) -> None:
        """Show what was measured."""
        self._evidence = evidence
        self.headline.setText(evidence.headline)
        self.advice.setText(evidence.advice)
        self.advice.setVisible(bool(evidence.advice))
        self.mix_ups.set_counts(evidence.names, evidence.counts)
        self.mix_ups.resize(self.mix_ups.sizeHint())
        self._mixed.setFixedHeight(self.mix_ups.height() + self._mixed.horizontalScrollBar().sizeHint().height())
        self._fill_table(evidence.answers)
        self.layers.set_bars(evidence.layers)
        self.curve.set_points(evidence.curve)
        enough = len(evidence.curve) > 1
        self._titles["Right answers against labels"].setVisible(enough)
        self.curve.setVisible(enough)
        self._titles["Which layer tells your answers apart"].setVisible(bool(evidence.layers))
        self.layers.setVisible(bool(evidence.layers))
        self.chosen.setText(evidence.chosen)
        self._fill_choices(evidence)
        self.cell_words.setText("Click a number to see its photos; an answer's key corrects those selected.")
        self.grid.show_photos(())
        self._stack.setCurrentIndex(1)

    def _fill_choices(self, evidence: Evidence) -> None:
        self.layer.clear()
        self.layer.addItem("Automatic", "auto")
        for name in evidence.layer_names:
            self.layer.addItem(name, name)
        self.layer.setCurrentIndex(max(0, self.layer.findData(evidence.layer)))
        self.head.setCurrentIndex(max(0, self.head.findData(evidence.head)))

    def _fill_table(self, answers: Sequence[PerAnswer]) -> None:
        for old in self._looks.buttons():
            self._looks.removeButton(old)
        clear(self._table)
        for at, title in enumerate(("Answer", "Labels", "Found", "Right when\nguessed")):
            self._table.addWidget(text(title, "small"), 0, at)
        for row, one in enumerate(answers, 1):
            believed = "never guessed" if one.believed is None else f"{in_hundred(one.believed)} in 100"
            few = one.labels < 5
            cells = (
                wording.number(one.labels),
                "too few" if few else f"{in_hundred(one.found)} in 100",
                "too few" if few else believed,
            )
            name = ElidedLabel(one.name, Qt.TextElideMode.ElideRight)  # a long one must not widen the column
            name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            name.setMinimumWidth(min(name.sizeHint().width(), 72))
            self._table.addWidget(name, row, 0)
            for column, words in enumerate(cells, 1):
                self._table.addWidget(text(words, "quiet" if few else ""), row, column)
            looks = button("What it looks at", quiet=True)
            looks.setAccessibleName(f"What it looks at in photos of {one.name}")
            self._looks.addButton(looks, row - 1)
            self._table.addWidget(looks, row, len(cells) + 1)
        self._table.setColumnStretch(5, 1)

    @Slot(int)
    def _ask_looks(self, at: int) -> None:
        if self._evidence is not None and at < len(self._evidence.answers):
            self.looksAsked.emit(self._evidence.answers[at].name)

    def _show_cell(self, given: int, guessed: int) -> None:
        if self._evidence is not None:
            self.cell_words.setText(self.mix_ups.words(given, guessed))
            self.grid.show_photos(self._evidence.cells[given][guessed])

    def _choose(self) -> None:
        self.choiceMade.emit(self.head.currentData(), self.layer.currentData())
