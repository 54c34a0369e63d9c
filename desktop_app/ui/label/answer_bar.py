"""The answers side by side: key, colour, name, count; a click gives the answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop_app.core import wording
from desktop_app.core.labelling import AnswerId, LabelSet
from desktop_app.ui.answer_marks import SQUARE, answer_colour, draw_none, draw_square, has_ring
from desktop_app.ui.label.flow import Flow
from desktop_app.ui.label.values import NONE_KEY
from desktop_app.ui.panels.layouts import take_out
from desktop_app.ui.theme import Theme

FLASH_MS = 150
_ROOMY = QSize(820, 520)
"""In a view with less room than this, at the usual size of text, the answers and what is beside them close up."""
_USUAL_LINE = 17
_HEIGHT, _LOW = 34, 28
_KEY = 20
_LONGEST_NAME, _SHORT_NAME = 200, 110


def is_tight(view: QWidget) -> bool:
    """Whether a view has little room for its size of text."""
    larger = max(1.0, view.fontMetrics().height() / _USUAL_LINE)
    return view.width() < _ROOMY.width() * larger or view.height() < _ROOMY.height() * larger


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer as the bar shows it; `answer` None is "none of these"."""

    answer: AnswerId | None
    name: str
    key: str
    place: int
    count: int = 0


class AnswerButton(QAbstractButton):
    """One answer. It is filled while it flashes, outlined in its colour while it is the guess or the label.

    Signals:
        menuAsked(QPoint): rename, another key, merge, remove; at a point of the screen.
    """

    menuAsked = Signal(QPoint)

    def __init__(self, theme: Theme, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.shown = shown
        self.is_given = False
        self.is_guess = False
        self._flashing = False
        self._is_compact = False
        self._timer = QTimer(self, singleShot=True, interval=FLASH_MS)
        self._timer.timeout.connect(self._end_flash)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_shown(shown)

    def set_shown(self, shown: Shown) -> None:
        """Another name, key or count."""
        self.shown = shown
        words = f"{shown.name}, {wording.count(shown.count, 'label')}"
        self.setAccessibleName(f"{words}, key {shown.key}" if shown.key else words)
        self.setToolTip(f"{shown.name} ({shown.key.upper()})" if shown.key else shown.name)
        self.updateGeometry()
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Lower, and with less room for a long name."""
        self._is_compact = compact
        self.updateGeometry()

    def mark(self, *, given: bool, guess: bool) -> None:
        """Whether it is the photo's label, or the guess that Enter takes."""
        if (given, guess) != (self.is_given, self.is_guess):
            self.is_given, self.is_guess = given, guess
            self.update()

    def flash(self) -> None:
        """Show for 150 ms that this answer was given."""
        self._flashing = True
        self._timer.start()
        self.update()

    def _end_flash(self) -> None:
        self._flashing = False
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        metrics = QFontMetrics(self._theme.font(semi_bold=True))
        name = min(metrics.horizontalAdvance(self.shown.name), _SHORT_NAME if self._is_compact else _LONGEST_NAME)
        count = self.fontMetrics().horizontalAdvance(wording.number(self.shown.count))
        key = _KEY + 6 if self.shown.key else 0
        height = max(_LOW, metrics.height() + 8) if self._is_compact else max(_HEIGHT, metrics.height() + 14)
        return QSize(self._pad + key + SQUARE + 8 + name + 8 + count + self._pad + 2, height)

    @property
    def _pad(self) -> int:
        return 6 if self._is_compact else 10

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # arrows, letters and digits are the page's, whatever has the keyboard
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if not event.isAutoRepeat():
                self.click()
            return
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self.menuAsked.emit(event.globalPos() if by_mouse else self.mapToGlobal(self.rect().center()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, shown = self._theme.tokens, self.shown
        colour = tokens.text3 if shown.answer is None else answer_colour(self._theme, shown.place)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        ground = tokens.pressed if self.isDown() else tokens.hover if self.underMouse() else tokens.raised
        if self._flashing:
            ground = colour
        elif self.is_given:
            ground = tokens.accentfill
        painter.setBrush(ground)
        if self.hasFocus():
            painter.setPen(QPen(tokens.accent, 2))
        elif self.is_given or self.is_guess:
            pen = QPen(colour, 2)
            if self.is_guess and not self.is_given:
                pen.setStyle(Qt.PenStyle.DashLine)
                pen.setDashPattern([3, 2])
            painter.setPen(pen)
        else:
            painter.setPen(QPen(tokens.control, 1))
        painter.drawRoundedRect(box, 6, 6)
        text = tokens.onaccent if self._flashing else tokens.text
        left = self.rect().left() + self._pad
        if shown.key:
            self._paint_key(painter, QRect(left, (self.height() - _KEY) // 2, _KEY, _KEY), text)
            left += _KEY + 6
        square = QRectF(left, (self.height() - SQUARE) / 2, SQUARE, SQUARE)
        mark = tokens.onaccent if self._flashing else colour
        if shown.answer is None:
            draw_none(painter, square.adjusted(-1, -1, 1, 1), mark)
        else:
            draw_square(painter, square, mark, ring=has_ring(shown.place))
        left += SQUARE + 8
        count = wording.number(shown.count)
        painter.setFont(self.font())
        count_width = painter.fontMetrics().horizontalAdvance(count)
        painter.setPen(text if self._flashing else tokens.text2)
        right = QRect(self.width() - self._pad - 2 - count_width, 0, count_width + 1, self.height())
        painter.drawText(right, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), count)
        painter.setFont(self._theme.font(semi_bold=True))
        painter.setPen(text)
        room = QRect(left, 0, right.left() - left - 6, self.height())
        name = painter.fontMetrics().elidedText(shown.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)

    def _paint_key(self, painter: QPainter, cap: QRect, text: QColor) -> None:
        painter.setPen(QPen(text if self._flashing else self._theme.tokens.control, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(self._theme.font(0.9, semi_bold=True))
        painter.setPen(text)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.shown.key.upper())


def _emit_answer(signal: SignalInstance, answer: AnswerId | None, _checked: bool = False) -> None:
    signal.emit(answer)


class AnswerBar(QWidget):
    """All answers of a label set, wrapped into lines where they are many.

    Signals:
        answered(object): an AnswerId, or None for "none of these".
        menuAsked(object, QPoint): for an AnswerId, at a point of the screen.
    """

    answered = Signal(object)
    menuAsked = Signal(object, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._flow = Flow(self)
        self._buttons: list[AnswerButton] = []
        self._last: QWidget | None = None
        self._is_compact = False
        self.setAccessibleName("Answers")

    def set_answers(self, label_set: LabelSet | None, counts: dict[AnswerId | None, int]) -> None:
        """Show these answers with how many photos have each."""
        wanted: list[Shown] = []
        if label_set is not None:
            wanted = [
                Shown(answer.id, answer.name, answer.key, answer.place, counts.get(answer.id, 0))
                for answer in label_set.answers
            ]
            wanted.append(Shown(None, "None of these", NONE_KEY, len(wanted), counts.get(None, 0)))
        if [(s.answer) for s in wanted] == [(b.shown.answer) for b in self._buttons]:
            for old, shown in zip(self._buttons, wanted, strict=True):
                if old.shown != shown:
                    old.set_shown(shown)
            return
        take_out(self._flow, *self._buttons)
        self._buttons = []
        for shown in wanted:
            made = AnswerButton(self._theme, shown, self)
            made.clicked.connect(partial(_emit_answer, self.answered, shown.answer))
            made.menuAsked.connect(partial(self.menuAsked.emit, shown.answer))
            made.set_compact(self._is_compact)
            self._flow.addWidget(made)
            made.show()
            self._buttons.append(made)
        if self._last is not None:
            self._flow.removeWidget(self._last)
            self._flow.addWidget(self._last)
        self.updateGeometry()

    def add_last(self, widget: QWidget) -> None:
        """A widget that stands behind the last answer."""
        self._last = widget
        widget.setParent(self)
        self._flow.addWidget(widget)
        widget.show()

    def set_compact(self, compact: bool) -> None:
        """Take less room."""
        self._is_compact = compact
        for button in self._buttons:
            button.set_compact(compact)
        self.updateGeometry()

    def buttons(self) -> list[AnswerButton]:
        """The buttons, "none of these" last."""
        return list(self._buttons)

    def mark(self, given: tuple[AnswerId | None, ...], guess: AnswerId | None) -> None:
        """Which answers the photo has, and which one Enter would give."""
        for button in self._buttons:
            answer = button.shown.answer
            button.mark(given=answer in given, guess=guess is not None and answer == guess)

    def flash(self, answer: AnswerId | None) -> None:
        """Show that an answer was given."""
        for button in self._buttons:
            if button.shown.answer == answer:
                button.flash()
