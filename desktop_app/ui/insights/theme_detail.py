"""Beside the board: the theme that is chosen, in a sentence, with its best and worst posts and one's own comment."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.ui.insights.board_values import PostView, ThemeView
from desktop_app.ui.insights.themes_step import Strip
from desktop_app.ui.panels.layouts import clear
from desktop_app.ui.panels.parts import ElidedLabel, PixmapSource, ScrollColumn, button, icon_button, text
from desktop_app.ui.theme import Theme

_SIDE = 64


class PostWidget(QWidget):
    """One post: its picture, its figure, how its caption begins.

    Signals:
        photoOpened(int): look at the picture.
    """

    photoOpened = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, post: PostView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.post = post
        strip = Strip(theme, thumbnails, _SIDE)
        strip.set_photos(() if post.photo is None else (post.photo,), 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(text(post.figure, wrap=True))
        words.addWidget(text(post.when, "small"))
        words.addWidget(ElidedLabel(" ".join(post.caption.split()), Qt.TextElideMode.ElideRight, "small"))
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(strip, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setAccessibleName(f"{post.figure}, {post.when}, {post.caption}")
        self.setToolTip(post.caption)

    def mouseDoubleClickEvent(self, _event: object) -> None:
        if self.post.photo is not None:
            self.photoOpened.emit(self.post.photo)


class ThemeDetail(ScrollColumn):
    """One theme.

    Signals:
        commented(int, str): the person's words for the report. moved(int, int): up (-1) or down (1) in the report.
        keptIn(int, bool): whether the report has it. postsAsked(int): its posts among the photos.
        photoOpened(int): look at a picture.
    """

    commented = Signal(int, str)
    moved = Signal(int, int)
    keptIn = Signal(int, bool)
    postsAsked = Signal(int)
    photoOpened = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self._key = -1
        self.posts: list[PostWidget] = []
        self.sentence = text("", wrap=True)
        self.sentence.setFont(theme.font(1.0, semi_bold=True))
        self.more = text("", "quiet", wrap=True)
        self.show_posts = button("Show its pictures", quiet=True)
        self.best_title, self.worst_title = text("Posts that earned most", "section"), text("Least", "section")
        self._best, self._worst = QVBoxLayout(), QVBoxLayout()
        self.comment = QPlainTextEdit()
        self.comment.setPlaceholderText("Your comment for the report")
        self.comment.setAccessibleName("Your comment for the report")
        self.comment.setTabChangesFocus(True)
        self.comment.setObjectName("comment")
        self.comment.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        theme.changed.connect(self._dress)
        self._dress()
        self.comment.setFixedHeight(4 * self.fontMetrics().lineSpacing())
        self.in_report = QCheckBox("In the report")
        self.up = icon_button("chevron-up", "Further up in the report")
        self.down = icon_button("chevron-down", "Further down in the report")
        place = QHBoxLayout()
        place.setSpacing(4)
        place.addWidget(self.in_report, 1)
        place.addWidget(self.up)
        place.addWidget(self.down)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for widget in (self.sentence, self.more):
            column.addWidget(widget)
        column.addWidget(self.show_posts, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.best_title)
        column.addLayout(self._best)
        column.addWidget(self.worst_title)
        column.addLayout(self._worst)
        column.addSpacing(4)
        column.addWidget(text("Report", "section"))
        column.addLayout(place)
        column.addWidget(self.comment)
        column.addStretch(1)
        self.comment.textChanged.connect(self._commented)
        self.in_report.clicked.connect(lambda on: self.keptIn.emit(self._key, on))
        self.up.clicked.connect(lambda: self.moved.emit(self._key, -1))
        self.down.clicked.connect(lambda: self.moved.emit(self._key, 1))
        self.show_posts.clicked.connect(lambda: self.postsAsked.emit(self._key))

    @Slot()
    def _dress(self) -> None:
        """The field looks like the others: the stylesheet knows no fields of several lines."""
        tokens = self._theme.tokens
        self.comment.setStyleSheet(
            f"QPlainTextEdit#comment {{ background: {tokens.raised.name()}; color: {tokens.text.name()};"
            f" border: 1px solid {tokens.control.name()}; border-radius: 6px; padding: 3px 6px; }}"
            f"QPlainTextEdit#comment:focus {{ border: 2px solid {tokens.accent.name()}; padding: 2px 5px; }}"
        )

    def sizeHint(self) -> QSize:
        return QSize(320, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 96)

    def show_theme(self, view: ThemeView | None, what: str) -> None:
        """Show a theme; None for none."""
        self.content.setVisible(view is not None)
        if view is None:
            self._key = -1
            return
        same = view.row.key == self._key
        self._key = view.row.key
        self.sentence.setText(view.row.sentence(what))
        more = " ".join(part for part in (view.typical, view.hours) if part)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.posts = []
        for title, layout, found in (
            (self.best_title, self._best, view.best),
            (self.worst_title, self._worst, view.worst),
        ):
            clear(layout)
            self._add(layout, found)
            title.setVisible(bool(found))
        self.in_report.setChecked(view.in_report)
        self.comment.setEnabled(view.in_report)
        if not (same and self.comment.hasFocus()):
            self.comment.blockSignals(True)
            self.comment.setPlainText(view.comment)
            self.comment.blockSignals(False)

    def _add(self, layout: QVBoxLayout, posts: Sequence[PostView]) -> None:
        layout.setSpacing(8)
        for post in posts:
            made = PostWidget(self._theme, self._thumbnails, post)
            made.photoOpened.connect(self.photoOpened)
            self.posts.append(made)
            layout.addWidget(made)

    @Slot()
    def _commented(self) -> None:
        if self._key >= 0:
            self.commented.emit(self._key, self.comment.toPlainText())
