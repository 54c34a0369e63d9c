"""Something of ours went wrong: what, what is safe, and the details for a report."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.paths import log_file
from desktop_app.ui import icons
from desktop_app.ui.panels.parts import ElidedLabel, button, text
from desktop_app.ui.theme import Theme


def show_problem(
    theme: Theme,
    parent: QWidget,
    error: BaseException,
    doing: str = "",
    *,
    log: Path | None = None,
    again: Callable[[], object] | None = None,
) -> ProblemDialog:
    """Tell of an error of ours in a window that stops nothing; it deletes itself when closed.

    Args:
        theme: The program's theme.
        parent: The window it belongs to.
        error: What was raised.
        doing: What was being done: "adding photos".
        log: Where the log is; the program's own by default.
        again: Tries it again.
    """
    details = "".join(traceback.format_exception(error))
    dialog = ProblemDialog(theme, doing, details, log or log_file(), again, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    return dialog


class ProblemDialog(QDialog):
    """One sentence, "Try again" where that may help, and the details behind a button.

    Args:
        theme: The program's theme.
        doing: What was being done, "adding photos", or "".
        details: The traceback.
        log: Where the log is, or None.
        again: Tries it again, or None where that makes no sense.

    Signals:
        copied(str): The details were copied.
    """

    copied = Signal(str)

    def __init__(
        self,
        theme: Theme,
        doing: str,
        details: str,
        log: Path | None = None,
        again: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._details_text = details
        self._log = log
        self._again = again
        self.setWindowTitle("Likeness")
        self.setMinimumWidth(480)
        icon = QLabel()
        icon.setPixmap(icons.pixmap("warning", theme.tokens.warn, 20, self.devicePixelRatioF()))
        sentence = text(f"Something went wrong while {doing}." if doing else "Something went wrong.", wrap=True)
        sentence.setFont(theme.font(semi_bold=True))
        safe = text("Your photos and labels are safe; the other work goes on.", wrap=True)
        self._sentence = sentence.text()

        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setMinimumHeight(200)
        self.details.setAccessibleName("Error")
        self.path = ElidedLabel(f"Log: {log}" if log else "", role="quiet")
        self.copy = button("Copy")
        self.copy.clicked.connect(self._copy)
        path_row = QHBoxLayout()
        path_row.addWidget(self.path, 1)
        path_row.addWidget(self.copy)
        self._fold = QWidget()
        fold = QVBoxLayout(self._fold)
        fold.setContentsMargins(0, 8, 0, 0)
        fold.setSpacing(8)
        fold.addWidget(self.details, 1)
        fold.addLayout(path_row)
        self._fold.hide()

        self.show_details = button("Details")
        self.show_details.setCheckable(True)
        self.show_details.toggled.connect(self._toggle)
        self.again = button("Try again", default=again is not None)
        self.again.setVisible(again is not None)
        self.again.clicked.connect(self._try_again)
        self.close_button = button("Close", default=again is None)
        self.close_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.show_details)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.again)

        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(sentence)
        words.addWidget(safe)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._fold, 1)
        column.addStretch(0)
        column.addSpacing(8)
        column.addLayout(foot)

    def report(self) -> str:
        """What Copy copies: the sentence, the error and where the log is."""
        lines = [self._sentence, "", self._details_text.rstrip()]
        return "\n".join([*lines, "", f"Log: {self._log}"] if self._log else lines)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())
        self.copied.emit(self.report())

    def _toggle(self, shown: bool) -> None:
        self._fold.setVisible(shown)
        self.adjustSize()

    def _try_again(self) -> None:
        self.accept()
        if self._again is not None:
            self._again()
