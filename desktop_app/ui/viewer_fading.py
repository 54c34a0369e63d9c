"""Controls that fade after two seconds of stillness and return on any movement."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget

from desktop_app.ui.panels.parts import Fade

STILL_MS = 2000


class Fading(QObject):
    """Fades some widgets of an owner together.

    They stay while the mouse is on one of them or the keyboard is in one.

    Args:
        owner: The widget they lie in.
        controls: The widgets.

    Signals:
        gone(): They have faded.
        returning(): They are to be shown again: the owner shows those that make sense now.
    """

    gone = Signal()
    returning = Signal()

    def __init__(self, owner: QWidget, controls: Sequence[QWidget], has_keyboard: Callable[[], bool]) -> None:
        super().__init__(owner)
        self._owner = owner
        self._controls = tuple(controls)
        self._has_keyboard = has_keyboard
        self._pointer = QPoint(-1, -1)
        self._effects: list[QGraphicsOpacityEffect] = []
        for control in self._controls:
            effect = QGraphicsOpacityEffect(control)
            effect.setEnabled(False)
            control.setGraphicsEffect(effect)
            self._effects.append(effect)
        self.fade = Fade(owner, 1.0)
        self.fade.changed.connect(self._faded)
        self.fade.arrived.connect(self._arrived)
        self.still = QTimer(self, singleShot=True, interval=STILL_MS)
        self.still.timeout.connect(self._stillness)

    @property
    def shown(self) -> bool:
        """Whether they are there or on their way back."""
        return self.fade.goal == 1.0

    def stir(self) -> None:
        """Something moved: they return and stay for another two seconds."""
        if not self.shown:
            self.returning.emit()
            self.fade.to(1.0)
        self.still.start()

    @Slot()
    def pointer_moved(self) -> None:
        """The mouse may have moved: a widget that appears under a resting mouse says so too."""
        position = QCursor.pos()
        if position != self._pointer:
            self._pointer = position
            self.stir()

    def stop(self) -> None:
        """Nothing fades any more."""
        self.still.stop()

    @Slot()
    def _stillness(self) -> None:
        pointer = self._owner.mapFromGlobal(QCursor.pos())
        touched = any(control.isVisible() and control.geometry().contains(pointer) for control in self._controls)
        if touched or self._has_keyboard():
            self.still.start()
        else:
            self.fade.to(0.0)

    @Slot(float)
    def _faded(self, value: float) -> None:
        for effect in self._effects:
            effect.setEnabled(value < 1.0)
            effect.setOpacity(value)

    @Slot(float)
    def _arrived(self, value: float) -> None:
        if value == 0.0:
            for control in self._controls:
                control.hide()
            self.gone.emit()
