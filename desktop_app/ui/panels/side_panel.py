"""The panel at the right: what is selected, and what looks like it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import wording
from desktop_app.core.types import Details, Photo, PhotoState
from desktop_app.ui import icons
from desktop_app.ui.panels.alike import AlikeGrid
from desktop_app.ui.panels.details import DetailRows, details_of, exact_details_of, state_sentence
from desktop_app.ui.panels.parts import ElidedLabel, PixmapSource, ScrollColumn, button, listen, text
from desktop_app.ui.panels.preview import HEIGHT as PREVIEW_HEIGHT
from desktop_app.ui.panels.preview import Preview
from desktop_app.ui.theme import Theme

PREFERRED_WIDTH = 320
_NO_OTHER = "No other photo yet."
_ROOMY = 860  # from this height on the look-alikes are larger, in three columns


class Fold(QWidget):
    """A heading that shows and hides what is below it."""

    def __init__(self, theme: Theme, name: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.heading = QToolButton()
        self.heading.setText(name)
        self.heading.setCheckable(True)
        self.heading.setProperty("quiet", True)
        # its arrow stands where the text of the panel begins
        self.heading.setStyleSheet(
            "QToolButton { padding: 0 6px 0 0; } QToolButton:focus { padding: 0 5px 0 0; }"
            " QToolButton:checked:!hover { background: transparent; }"
        )
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setIconSize(QSize(16, 16))
        self.heading.toggled.connect(self._toggled)
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.heading, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        self._toggled(False)

    @Slot(bool)
    def _toggled(self, unfolded: bool) -> None:
        self._content.setVisible(unfolded)
        icons.set_icon(self.heading, "chevron-down" if unfolded else "chevron-right", size=16)


class SidePanel(QWidget):
    """Preview, details and the twelve best look-alikes of what is selected.

    Following the arrow keys, the old contents stay until the new ones arrive: nothing flickers.

    Args:
        theme: The program's theme.
        thumbnails: Where thumbnails come from.

    Signals:
        alikeChosen(int): A look-alike was clicked.
        alikeOpened(int): A look-alike was double-clicked.
        findAlike(): "Find alike" was pressed.
        previewOpened(): The preview was double-clicked.
    """

    alikeChosen = Signal(int)
    alikeOpened = Signal(int)
    findAlike = Signal()
    previewOpened = Signal()

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Details and look-alikes")
        self._theme = theme
        self._thumbnails = thumbnails
        self._photo: Photo | None = None
        self._has_preview = False  # the picture, not only the thumbnail
        listen(thumbnails, self._thumbnails_changed)

        self._note = text("Click a photo to see its look-alikes.", "quiet", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_note())
        self._stack.addWidget(self._make_photo())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def sizeHint(self) -> QSize:
        """320 px wide, more where the text is larger."""
        return QSize(max(PREFERRED_WIDTH, min(480, self.fontMetrics().averageCharWidth() * 44)), 600)

    def minimumSizeHint(self) -> QSize:
        """Narrow enough to leave the photos room, never cutting words; it scrolls."""
        return QSize(max(240, self._content.minimumSizeHint().width() + 12), 160)

    # --- what is shown

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self._photo = None
        self._say("Click a photo to see its look-alikes.")

    def show_several(self, count: int, size: int) -> None:
        """Several photos are selected, `size` bytes together."""
        self._photo = None
        self._say(f"{wording.count(count, 'photo')} selected, {wording.byte_size(size)}")

    def set_photo(self, photo: Photo, said: Details | None = None) -> None:
        """One photo is selected. Its look-alikes and preview follow; until then the old ones stay.

        The preview is the exception: a picture beside the details of another would be wrong, so the photo's
        thumbnail stands in at once where there is one.
        """
        another = self._photo is None or self._photo.id != photo.id
        self._photo = photo
        self._name.set_words(photo.name)
        self._rows.set_details(details_of(photo, said))
        self._exact.set_details(exact_details_of(photo))
        sentence = state_sentence(photo)
        self._state.setText(sentence)
        self._state.setVisible(bool(sentence))
        if another:
            self._has_preview = False
            self._show_thumbnail()
        if self._stack.currentIndex() == 0:
            self.alike.set_items(())
            self._none.hide()
        self._stack.setCurrentIndex(1)

    def set_preview(self, image: QImage) -> None:
        """The selected photo at the preview's size or larger."""
        self._has_preview = True
        self._preview.set_image(image)

    def set_alike(self, items: Sequence[tuple[int, float]]) -> None:
        """The look-alikes of the selected photo as (photo id, likeness), best first; empty: no other photo yet."""
        self.alike.set_items(items)
        self.alike.setVisible(bool(items))
        is_gone = self._photo is not None and self._photo.state is PhotoState.MISSING
        self._none.setText("A photo whose file is gone is not compared any more." if is_gone else _NO_OTHER)
        self._none.setVisible(not items)
        self.find_button.setEnabled(bool(items))

    def set_measures(self, likeness: float | None, mse: float | None = None) -> None:
        """How like the selected photo is to what is looked for, for the Details fold."""
        if self._photo is not None:
            self._exact.set_details(exact_details_of(self._photo, likeness, mse))

    def preview_side(self) -> int:
        """The longer side a preview picture should have, in real pixels."""
        return round(max(self.width() - 32, PREVIEW_HEIGHT) * self.devicePixelRatioF())

    def note(self) -> str:
        """The sentence that is shown instead of a photo; "" while a photo is shown."""
        return self._note.text() if self._stack.currentIndex() == 0 else ""

    # --- inside

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.alike.set_columns(3 if self.height() >= _ROOMY else 4)
        self._preview.setFixedHeight(max(140, min(PREVIEW_HEIGHT, round(self.height() * 0.3))))

    def mouseDoubleClickEvent(self, event: object) -> None:
        del event
        if self._photo is not None and self._preview.underMouse():
            self.previewOpened.emit()

    def _make_note(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 32, 24)
        column.addWidget(self._note)
        return page

    def _make_photo(self) -> QWidget:
        self._preview = Preview(self._theme)
        self._name = ElidedLabel()
        self._name.setFont(self._theme.font(semi_bold=True))
        self._state = text("", "warn", wrap=True)
        self._state.hide()
        self._rows = DetailRows()
        self._exact = DetailRows()
        self.alike = AlikeGrid(self._theme, self._thumbnails)
        self.alike.chosen.connect(self.alikeChosen)
        self.alike.opened.connect(self.alikeOpened)
        self._none = text(_NO_OTHER, "quiet", wrap=True)
        self._none.hide()
        self.find_button = button("Find alike", tip="Find alike (S)")
        icons.set_icon(self.find_button, "find-alike", size=16)
        self.find_button.setEnabled(False)
        self.find_button.clicked.connect(self.findAlike)
        self.fold = Fold(self._theme, "Details", self._exact)

        heading = QHBoxLayout()
        heading.addWidget(ElidedLabel("Looks alike", Qt.TextElideMode.ElideRight, "section"), 1)
        heading.addWidget(self.find_button)

        scroll = ScrollColumn()
        content = self._content = scroll.content
        upper, lower = QVBoxLayout(), QVBoxLayout()
        for part in (upper, lower):
            part.setContentsMargins(4, 0, 4, 0)
            part.setSpacing(8)
        upper.addWidget(self._preview)
        upper.addSpacing(4)
        upper.addWidget(self._name)
        upper.addWidget(self._state)
        upper.addWidget(self._rows)
        upper.addSpacing(12)
        upper.addLayout(heading)
        lower.addWidget(self._none)
        lower.addWidget(self.fold)
        # the squares reach 4 px further out than the rest: room for the ring round each photo
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 16)
        column.setSpacing(8)
        column.addLayout(upper)
        column.addWidget(self.alike)
        column.addLayout(lower)
        column.addStretch(1)

        return scroll

    def _say(self, words: str) -> None:
        self._note.setText(words)
        self._stack.setCurrentIndex(0)

    def _thumbnails_changed(self, *_: object) -> None:
        if self._photo is not None and not self._has_preview:
            self._show_thumbnail()

    def _show_thumbnail(self) -> None:
        if self._photo is not None:
            thumbnail = self._thumbnails.pixmap(int(self._photo.id), PREVIEW_HEIGHT)
            self._preview.set_thumbnail(thumbnail, QSize(self._photo.width, self._photo.height))
