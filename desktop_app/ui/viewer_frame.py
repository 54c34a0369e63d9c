"""What stands around the photo in the viewer: the controls, where they stand, and how Tab goes round them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_app.ui.panels.banner import Banner, Kind
from desktop_app.ui.panels.parts import PixmapSource
from desktop_app.ui.theme import Theme
from desktop_app.ui.viewer_canvas import Canvas
from desktop_app.ui.viewer_controls import DetailsPane, SideButton, TopBar
from desktop_app.ui.viewer_fading import Fading
from desktop_app.ui.viewer_filmstrip import Filmstrip
from desktop_app.ui.viewer_keys import ARROWS, named
from desktop_app.ui.viewer_part import Parts


class ViewerFrame(QWidget):
    """A canvas with controls that fade, and the keyboard; it knows nothing of photos. Hidden until it is opened.

    Args:
        theme: The program's theme.
        thumbnails: Where thumbnails come from.
        parent: The widget it fills.
    """

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self._is_open = False
        self._actions: dict[str, Callable[[], object]] = {}  # what keys do, by name
        self._focus_before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Viewer")
        self.hide()
        self.canvas = Canvas(theme, self)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.filmstrip = Filmstrip(theme, thumbnails, self)
        self.top = TopBar(theme, self)
        self.parts = Parts(theme, self.canvas, self.top)
        self.before = SideButton(theme, "chevron-left", "Previous photo", "Left", self)
        self.after = SideButton(theme, "chevron-right", "Next photo", "Right", self)
        self.details = DetailsPane(theme, self)
        self.details.hide()
        self.failure = Banner(theme, Kind.WARN, "", parent=self)
        self.failure.hide()
        self._fading = Fading(self, (self.top, self.before, self.after, self.filmstrip), self._keyboard_in_controls)
        self._fading.gone.connect(self._controls_gone)
        self.top.zoom.clicked.connect(self.toggle_zoom)
        self.top.details.clicked.connect(self.toggle_details)
        theme.changed.connect(self.update)

    def listen_to_parts(self) -> None:
        """Hear of the keys and the mouse of every part, and of the parent's size."""
        parent = self.parentWidget()
        assert parent is not None
        for widget in (*self.findChildren(QWidget), parent):
            widget.installEventFilter(self)

    def note_keyboard(self) -> None:
        """Remember who has the keyboard before it opens."""
        if not self._is_open:
            self._focus_before = self.window().focusWidget()

    def give_keyboard_back(self) -> None:
        """The keyboard goes where it was."""
        if self._focus_before is not None and isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()
        self._focus_before = None

    @Slot()
    def toggle_details(self) -> None:
        """Show or hide the details."""
        self.details.setVisible(self.details.isHidden())
        self.top.details.setChecked(not self.details.isHidden())
        self.lay_out()
        self.stir()

    @Slot()
    def toggle_zoom(self) -> None:
        """The whole photo, or every pixel."""
        self.canvas.toggle()

    def controls_shown(self) -> bool:
        """Whether the controls are there or on their way back."""
        return self._fading.shown

    @Slot()
    def stir(self) -> None:
        """Something moved: the controls return and stay for another two seconds."""
        self._fading.stir()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab brings the controls back and stays inside the viewer."""
        if not self._is_open:
            return super().focusNextPrevChild(forward)
        self.stir()
        stops: list[QWidget] = [
            self.top.back,
            self.top.find_button,
            self.top.zoom,
            self.top.box_button,
            self.top.place_button,
            self.top.details,
            self.before,
            self.after,
        ]
        stops += [self.details.find_button, self.details.show_file, self.details.copy_path]
        stops = [stop for stop in stops if stop.isVisible() and stop.isEnabled()]
        at = next((place for place, stop in enumerate(stops) if stop.hasFocus()), None)
        step = 1 if forward else -1
        place = (0 if forward else len(stops) - 1) if at is None else (at + step) % len(stops)
        stops[place].setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    # --- events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Claim the viewer's keys before the window's shortcuts with the same keys take them."""
        asks = event.type() == QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and (named(event) or self.parts.takes(event)):
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Follow the parent's size; keys and mouse of the parts."""
        kind = event.type()
        parent = self.parentWidget()
        if parent is not None and watched is parent:
            if kind == QEvent.Type.Resize and not self.isHidden():
                self.setGeometry(parent.rect())
        elif kind in (QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.Enter):
            self._fading.pointer_moved()
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress and self._is_ours(event):
            # arrows change the photo wherever the focus is; Enter and Space press the button that has it
            return self._key(event)
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _is_ours(self, event: QKeyEvent) -> bool:
        """Whether a key that a control has is the viewer's all the same."""
        return event.key() in ARROWS or self.parts.takes(event)

    def _key(self, event: QKeyEvent) -> bool:
        if self.parts.key(event):
            event.accept()
            return True
        action = self._actions.get(named(event))
        if action is None:
            return False
        action()
        event.accept()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self._theme.tokens.canvas)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # what is below must not see it

    def lay_out(self) -> None:
        """Put every part where it belongs."""
        pane = min(self.details.PREFERRED_WIDTH, self.width() // 2) if not self.details.isHidden() else 0
        area = self.rect().adjusted(0, 0, -pane, 0)
        self.canvas.setGeometry(area)
        self.details.setGeometry(QRect(area.right() + 1, 0, pane, self.height()))
        top, strip = self.top.sizeHint().height(), self.filmstrip.sizeHint().height()
        self.top.setGeometry(QRect(0, 0, area.width(), top))
        self.filmstrip.setGeometry(QRect(0, self.height() - strip, area.width(), strip))
        side = self.before.sizeHint()
        middle = (self.height() - side.height()) // 2
        self.before.setGeometry(QRect(16, middle, side.width(), side.height()))
        self.after.setGeometry(QRect(area.width() - side.width() - 16, middle, side.width(), side.height()))
        if not self.failure.isHidden():
            wide = min(area.width() - 48, 520)
            high = max(self.failure.sizeHint().height(), self.failure.heightForWidth(wide))
            self.failure.setGeometry(QRect((area.width() - wide) // 2, self.height() - strip - high - 24, wide, high))

    def _keyboard_in_controls(self) -> bool:
        return any(part.hasFocus() for part in self.findChildren(QWidget))

    @Slot()
    def _controls_gone(self) -> None:
        self.canvas.hide_cursor(True)
