"""Step 3, Themes: made over all accounts together, counted per account."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.insights.values import ThemeLine
from desktop_app.ui.panels.layouts import take_out
from desktop_app.ui.panels.parts import Choice, ElidedLabel, PixmapSource, ScrollColumn, button, listen, text
from desktop_app.ui.theme import Theme

_SIDE = 48


class Strip(QWidget):
    """A few small squares in a row."""

    def __init__(
        self, theme: Theme, thumbnails: PixmapSource, side: int = _SIDE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails, self._side = theme, thumbnails, side
        self._photos: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        listen(thumbnails, self._arrived)

    @Slot()
    def _arrived(self, *_: object) -> None:
        self.update()

    def set_photos(self, photos: Sequence[int], room: int = 6) -> None:
        """Show these; the strip is as wide as `room` of them."""
        self._photos = tuple(photos)[:room]
        self.setFixedSize(room * (self._side + 4) - 4, self._side)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for at, photo in enumerate(self._photos):
            box = QRect(at * (self._side + 4), 0, self._side, self._side)
            found = self._thumbnails.pixmap(photo, self._side)
            if found is None:
                painter.fillRect(box, self._theme.tokens.hover)
            else:
                painter.drawPixmap(box, found)


class ThemeRowWidget(QWidget):
    """One theme: six pictures, its name, and who posts it."""

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.strip = Strip(theme, thumbnails)
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.counts = text("", "quiet", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name)
        words.addWidget(self.counts)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.strip)
        row.addLayout(words, 1)

    def show_line(self, line: ThemeLine, *, competitors: bool) -> None:
        """Show a theme."""
        font = self._theme.font(semi_bold=True)
        font.setItalic(line.proposed)
        self.name.setFont(font)
        self.name.set_words(line.name, "A proposed name: rename it on the Themes page" if line.proposed else "")
        parts = [wording.count(line.count, "picture")]
        parts.append(f"{wording.count(line.own, 'post')} of yours" if competitors else wording.count(line.own, "post"))
        if competitors:
            parts.append(f"{line.competitors:,} of competitors")
        self.counts.setText(" · ".join(parts))
        self.strip.set_photos(line.photos)
        self.setAccessibleName(f"{line.name}: {self.counts.text()}")


class ThemesStep(QWidget):
    """The themes that the report is about.

    Signals:
        groupAsked(): group the matched pictures of all accounts. openAsked(): change them on the Themes page.
        groupingChosen(int): use themes that are there already. onAsked(): to the report.
    """

    groupAsked = Signal()
    openAsked = Signal()
    groupingChosen = Signal(int)
    onAsked = Signal()

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self.rows: list[ThemeRowWidget] = []
        self.sentence = text("", wrap=True)
        self.sentence.setFont(theme.font(1.15, semi_bold=True))
        self.advice = text("", "quiet", wrap=True)
        self.groupings = Choice(theme)
        self.groupings.setAccessibleName("Which themes")
        self.groupings.setMaximumWidth(320)
        self.group = button("Group the pictures of all accounts")
        self.open = button("Change on the Themes page", quiet=True, tip="Merge, split, rename, move pictures")
        self.go_on = button("Count the posts", default=True)
        scroll = ScrollColumn()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.groupings)
        head.addWidget(self.group)
        head.addStretch(1)
        head.addWidget(self.open)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        column = QVBoxLayout(scroll.content)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.sentence)
        column.addWidget(self.advice)
        column.addLayout(head)
        column.addSpacing(4)
        column.addLayout(self._list)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 8, 24, 12)
        foot.addStretch(1)
        foot.addWidget(self.go_on)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)
        self.group.clicked.connect(self.groupAsked)
        self.open.clicked.connect(self.openAsked)
        self.go_on.clicked.connect(self.onAsked)
        self.groupings.activated.connect(lambda: self.groupingChosen.emit(int(self.groupings.currentData())))
        self.show_themes((), pictures=0)

    def set_groupings(self, groupings: Sequence[tuple[int, str]], chosen: int | None) -> None:
        """Themes that are there: (grouping, name)."""
        self.groupings.clear()
        for key, name in groupings:
            self.groupings.addItem(name, key)
        self.groupings.setCurrentIndex(self.groupings.findData(chosen))
        self.groupings.setVisible(len(groupings) > 1)

    def show_themes(self, lines: Sequence[ThemeLine], *, pictures: int, odd: int = 0) -> None:
        """Show these.

        Args:
            lines: themes, largest first.
            pictures: that belong to posts, of all accounts.
            odd: pictures that are in no theme.
        """
        competitors = any(line.competitors for line in lines)
        while len(self.rows) > len(lines):
            take_out(self._list, self.rows.pop())
        while len(self.rows) < len(lines):
            made = ThemeRowWidget(self._theme, self._thumbnails)
            self.rows.append(made)
            self._list.addWidget(made)
        for row, line in zip(self.rows, lines, strict=True):
            row.show_line(line, competitors=competitors)
        if lines:
            said = f"{wording.count(len(lines), 'theme')} from {wording.count(pictures, 'picture')}."
            self.sentence.setText(
                f"{said} {wording.count(odd, 'picture is', 'pictures are')} in none." if odd else said
            )
            self.advice.setText("Made over the pictures of all accounts together, counted for each account on its own.")
        else:
            self.sentence.setText("No themes yet.")
            self.advice.setText(
                "Pictures that look alike become a theme: over all accounts together, so that yours and a competitor's "
                "can be compared."
            )
        self.group.setText("Group again" if lines else "Group the pictures of all accounts")
        self.group.setDefault(not lines)
        self.group.setEnabled(pictures > 0)
        self.open.setVisible(bool(lines))
        self.go_on.setVisible(bool(lines))

    def focus_first(self) -> None:
        """Give the keyboard to what is to be done next."""
        (self.go_on if self.rows else self.group).setFocus(Qt.FocusReason.OtherFocusReason)
