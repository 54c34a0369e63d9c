"""The report's head, a look at its first page, and the ways out: PDF, web page, tables."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_app.ui.insights.board_values import ReportSettings
from desktop_app.ui.panels.parts import ElidedLabel, button, text
from desktop_app.ui.theme import Theme

_PREVIEW = QSize(297, 421)


class ReportDialog(QDialog):
    """What is written above the report, and where it goes.

    Signals:
        settingsChanged(ReportSettings): the head reads differently; show the first page anew.
        saveAsked(str): "pdf", "html" or "tables".
    """

    settingsChanged = Signal(object)
    saveAsked = Signal(str)

    def __init__(self, theme: Theme, settings: ReportSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self.title, self.client, self.period = QLineEdit(settings.title), QLineEdit(settings.client), QLineEdit()
        self.title.setPlaceholderText("Themes and how they did")
        self.client.setPlaceholderText("Whom it is for")
        self.period.setText(settings.period)
        self.logo = ElidedLabel(settings.logo or "none")
        self.choose_logo = button("Choose…")
        self.no_logo = button("None", quiet=True)
        self.preview = QLabel()
        self.preview.setFixedSize(_PREVIEW)
        self.preview.setAccessibleName("First page of the report")
        self.preview.setStyleSheet(f"border: 1px solid {theme.tokens.line.name()};")
        self.pdf = button("Save as PDF…", default=True)
        self.html = button("Save as web page…", tip="One file that needs nothing else and can be mailed")
        self.tables = button("Save tables…", tip="XLSX for spreadsheets, or CSV")
        self.cancel = button("Close", quiet=True)
        self._lay_out()
        self._resting = QTimer(self, singleShot=True, interval=250)
        self._resting.timeout.connect(lambda: self.settingsChanged.emit(self.settings))
        for field in (self.title, self.client, self.period):
            field.textEdited.connect(lambda: self._resting.start())
        self.choose_logo.clicked.connect(self._choose_logo)
        self.no_logo.clicked.connect(lambda: self._set_logo(""))
        for made, kind in ((self.pdf, "pdf"), (self.html, "html"), (self.tables, "tables")):
            made.clicked.connect(lambda _=False, one=kind: self.saveAsked.emit(one))
        self.cancel.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        logo = QHBoxLayout()
        logo.setSpacing(8)
        logo.addWidget(self.logo, 1)
        logo.addWidget(self.choose_logo)
        logo.addWidget(self.no_logo)
        for name, field in (("Title", self.title), ("Client", self.client), ("Period", self.period)):
            form.addRow(text(name, "quiet"), field)
            field.setAccessibleName(name)
        form.addRow(text("Logo", "quiet"), logo)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(text("Export report", "title"))
        left.addLayout(form)
        left.addWidget(
            text(
                "Comments, order and what is left out are set beside the board. Where a photo was taken is not in it.",
                "quiet",
                wrap=True,
            )
        )
        left.addStretch(1)
        for one in (self.pdf, self.html, self.tables, self.cancel):
            left.addWidget(one)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        self.resize(760, 480)

    @property
    def settings(self) -> ReportSettings:
        """As the fields say."""
        return replace(
            self._settings,
            title=self.title.text().strip(),
            client=self.client.text().strip(),
            period=self.period.text().strip(),
        )

    def show_page(self, image: QImage) -> None:
        """Show the first page."""
        ratio = self.devicePixelRatioF()
        made = QPixmap.fromImage(
            image.scaled(
                _PREVIEW * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        made.setDevicePixelRatio(ratio)
        self.preview.setPixmap(made)

    def set_busy(self, busy: bool) -> None:
        """A file is being written."""
        for one in (self.pdf, self.html, self.tables):
            one.setEnabled(not busy)

    @Slot()
    def _choose_logo(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Logo", "", "Pictures (*.png *.jpg *.jpeg)")
        if chosen:
            self._set_logo(chosen)

    def _set_logo(self, path: str) -> None:
        self._settings = replace(self._settings, logo=path)
        self.logo.set_words(path or "none")
        self.settingsChanged.emit(self.settings)
