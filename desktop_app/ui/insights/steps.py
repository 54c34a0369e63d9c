"""The four steps across the top: where one is, what each has come to, and the way back to any of them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from desktop_app.ui import icons
from desktop_app.ui.theme import Theme

STEPS = (("sources", "Sources"), ("match", "Match"), ("themes", "Themes"), ("report", "Report"))
_DISC = 24


class StepButton(QAbstractButton):
    """A number in a disc, the step's name and below it what it has come to."""

    def __init__(self, theme: Theme, number: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._number, self._note = theme, number, ""
        self._done = False
        self.setText(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def set_state(self, note: str, *, done: bool, enabled: bool) -> None:
        """What the step has come to."""
        self._note, self._done = note, done
        self.setEnabled(enabled)
        self.setAccessibleName(f"Step {self._number}, {self.text()}. {note}".strip())
        self.setToolTip("" if enabled else f"{self.text()} comes after the step before it")
        self.update()

    @property
    def note(self) -> str:
        """The line below the name."""
        return self._note

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(_DISC + 8 + 96 + 16, max(_DISC, 2 * line) + 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(_DISC + 8 + 72, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, here = self._theme.tokens, self.isChecked()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse() and self.isEnabled() and not here:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(box, 6, 6)
        disc = QRectF(8, (self.height() - _DISC) / 2, _DISC, _DISC)
        painter.setPen(QPen(tokens.accent if here or self._done else tokens.control, 1.5))
        painter.setBrush(tokens.accent if here else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        painter.setFont(self._theme.font(semi_bold=True))
        if self._done and not here:
            tick = icons.pixmap("tick", tokens.accent, 16, self.devicePixelRatioF())
            painter.drawPixmap(disc.center() - QPointF(8, 8), tick)
        else:
            painter.setPen(tokens.onaccent if here else tokens.text2 if self.isEnabled() else tokens.text3)
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))
        left = disc.right() + 8
        room = self.width() - left - 4
        line = self.fontMetrics().height()
        top = (self.height() - (2 * line if self._note else line)) / 2
        painter.setPen(tokens.text if self.isEnabled() else tokens.text3)
        painter.setFont(self._theme.font(semi_bold=here))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(left, top, room, line), flags, self.text())
        if self._note:
            painter.setFont(self._theme.font(0.85))
            painter.setPen(tokens.text2 if self.isEnabled() else tokens.text3)
            note = painter.fontMetrics().elidedText(self._note, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(QRectF(left, top + line, room, line), flags, note)
        if here:
            painter.fillRect(QRectF(8, self.height() - 2, self.width() - 16, 2), tokens.accent)
        if self.hasFocus():
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)


class StepBar(QWidget):
    """All four; the arrow keys go between them.

    Signals:
        chosen(str): "sources", "match", "themes" or "report".
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Steps")
        self.buttons: dict[str, StepButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 0)
        row.setSpacing(8)
        for number, (key, name) in enumerate(STEPS, 1):
            made = self.buttons[key] = StepButton(theme, number, name)
            made.setObjectName(key)
            self._group.addButton(made)
            row.addWidget(made)
        self._group.buttonClicked.connect(lambda button: self.chosen.emit(button.objectName()))
        self.show_step("sources")

    def show_step(self, key: str) -> None:
        """Mark where one is."""
        self.buttons[key].setChecked(True)

    def set_state(self, key: str, note: str, *, done: bool = False, enabled: bool = True) -> None:
        """What a step has come to."""
        self.buttons[key].set_state(note, done=done, enabled=enabled)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        open_ones = [one for one in self.buttons.values() if one.isEnabled()]
        at = next((i for i, one in enumerate(open_ones) if one.hasFocus()), 0)
        open_ones[(at + step) % len(open_ones)].setFocus(Qt.FocusReason.TabFocusReason)


class Hairline(QWidget):
    """A divider of one pixel in the colour of dividers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.tokens.line)
