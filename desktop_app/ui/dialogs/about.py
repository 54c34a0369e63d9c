"""What this program is, what it is made of, and that nothing leaves the computer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.ui.panels.details import Detail, DetailRows
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class AboutInfo:
    """What the About window says.

    Attributes:
        version: The program's version.
        parts: Names and versions of what it runs on: ("Python", "3.11.9").
        licence: The program's licence in one line.
        licences: The licences of the parts, of the network and of the sample photos, as plain text.
    """

    version: str
    parts: Sequence[tuple[str, str]] = ()
    licence: str = "Apache License 2.0"
    licences: str = ""


class AboutBody(QWidget):
    """Version, promise, parts and licences.

    Args:
        info: what it says.
    """

    def __init__(self, info: AboutInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info = info
        self.rows = DetailRows()
        self.rows.set_details(
            [
                Detail("Version", info.version),
                *(Detail(name, version) for name, version in info.parts),
                Detail("Licence", info.licence),
            ]
        )
        self.licences = QPlainTextEdit(info.licences)
        self.licences.setReadOnly(True)
        self.licences.setFrameShape(QFrame.Shape.NoFrame)
        self.licences.setAccessibleName("Licences")
        self.licences.setTabChangesFocus(True)
        self.licences.setMinimumHeight(160)
        self.licences.setVisible(bool(info.licences))
        licences_title = text("Licences of the parts", "section")
        licences_title.setVisible(bool(info.licences))
        self.copy = button("Copy versions")
        self.copy.clicked.connect(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(text("Likeness", "title"))
        column.addWidget(
            text("Nothing leaves this computer. Photos are read and compared here, and never changed.", wrap=True)
        )
        column.addSpacing(8)
        column.addWidget(self.rows)
        column.addSpacing(8)
        column.addWidget(licences_title)
        column.addWidget(self.licences, 1)

    def report(self) -> str:
        """The versions as lines of text."""
        return "\n".join(
            [f"Likeness {self._info.version}", *(f"{name} {version}" for name, version in self._info.parts)]
        )

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())


class AboutDialog(QDialog):
    """What the program is, in a window; the versions can be copied for a report."""

    def __init__(self, theme: Theme, info: AboutInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Likeness")
        self.setMinimumWidth(440)
        self.body = AboutBody(info)
        self.rows, self.copy = self.body.rows, self.body.copy
        close = button("Close", default=True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addWidget(self.body, 1)
        column.addSpacing(8)
        column.addLayout(foot)
        close.setFocus(Qt.FocusReason.OtherFocusReason)
