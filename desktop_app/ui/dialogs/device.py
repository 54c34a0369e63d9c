"""What does the work, and why, in a small window above the status bar."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.details import Detail, DetailRows
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """What runs the network.

    Attributes:
        on_graphics_card: Whether it is the graphics card rather than the processor.
        photos_per_second: Measured speed; 0 where nothing was measured yet.
        network: The network's name, as its file says.
        device: The name of the processor or card.
        reason: Why a graphics card that is there is not used; "" where there is nothing to say.
        fixable: Whether "How to fix" has something to show.
    """

    on_graphics_card: bool = False
    photos_per_second: float = 0.0
    network: str = ""
    device: str = ""
    reason: str = ""
    fixable: bool = False

    @property
    def where(self) -> str:
        """`on the processor`."""
        return "on the graphics card" if self.on_graphics_card else "on the processor"

    @property
    def line(self) -> str:
        """`212 photos/s on the processor`, or only where, while nothing was measured."""
        speed = wording.rate(self.photos_per_second)
        return f"{speed} {self.where}" if speed else self.where.capitalize()


class DevicePopup(QFrame):
    """Shows a `DeviceInfo`; goes away with a click beside it or Esc.

    Signals:
        fixAsked(): "How to fix" was pressed.
        waysAsked(): "How photos are compared…" was pressed.
    """

    fixAsked = Signal()
    waysAsked = Signal()

    def __init__(self, theme: Theme, info: DeviceInfo, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("What does the work")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Button)
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(text(f"Likeness works {info.where}", "section"))
        rows = DetailRows()
        details = [Detail("Speed", wording.rate(info.photos_per_second) or "not measured yet")]
        if info.device:
            details.append(Detail("Graphics card" if info.on_graphics_card else "Processor", info.device))
        if info.network:
            details.append(Detail("Network", info.network))
        rows.set_details(details)
        column.addWidget(rows)
        if info.reason:
            reason = text(info.reason, wrap=True)
            column.addWidget(reason)
        self.fix = button("How to fix")
        self.fix.clicked.connect(self._fix)
        self.fix.setVisible(info.fixable)
        self.ways = button("How photos are compared…")
        self.ways.clicked.connect(self._ways)
        foot = QHBoxLayout()
        foot.addWidget(self.fix)
        foot.addWidget(self.ways)
        foot.addStretch(1)
        column.addLayout(foot)
        self.setFixedWidth(max(320, self.fontMetrics().averageCharWidth() * 48))

    def show_above(self, widget: QWidget) -> None:
        """Open with its right edge at the widget's right edge, above it."""
        for part in (self, *self.findChildren(QWidget)):
            part.ensurePolished()  # or the stylesheet's paddings are missing from its height
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self.width(), layout.heightForWidth(self.width()) if layout.hasHeightForWidth() else self.height())
        at = widget.mapToGlobal(QPoint(widget.width(), -12)) - QPoint(self.width(), self.height())
        room = widget.screen().availableGeometry()
        self.move(max(room.left(), at.x()), max(room.top(), at.y()))
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _ways(self) -> None:
        self.close()
        self.waysAsked.emit()

    def _fix(self) -> None:
        self.close()
        self.fixAsked.emit()
