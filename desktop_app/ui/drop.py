"""The overlay that says what a drop will do before the mouse is released, and then does it."""

from __future__ import annotations

import html
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from desktop_app.ui import icons
from desktop_app.ui.drop_outcome import Action, Choice, DropOutcome, classify
from desktop_app.ui.panels.parts import Fade
from desktop_app.ui.photo_drag import PHOTOS
from desktop_app.ui.theme import Theme

# a drag that goes from one child to another leaves first and enters then: wait for the second
_LEAVE_MS = 60
_ICON = 40
_ICONS = {
    Action.ADD_FOLDERS: "folder-add",
    Action.FIND_LIKE: "find-alike",
    Action.FIND_LIKE_IMAGE: "find-alike",
    Action.OPEN_CLASSIFIER: "label",
    Action.ADD_NETWORK: "settings",
    Action.READ_EXPORTS: "insights",
    Action.REFUSE: "not-shown",
}


def paths_of(mime: QMimeData) -> list[Path]:
    """The files and folders on this computer that are dragged or pasted."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile() and url.toLocalFile()]


def image_of(mime: QMimeData) -> QImage:
    """The pixels that are dragged or pasted; a null image where there are none."""
    data = mime.imageData()
    if isinstance(data, QPixmap):
        return data.toImage()
    return QImage(data) if isinstance(data, QImage) else QImage()


def outcome_of(mime: QMimeData) -> DropOutcome:
    """What dropping or pasting this does."""
    return classify(
        paths_of(mime),
        has_image=mime.hasImage(),
        has_link=any(not url.isLocalFile() for url in mime.urls()),
    )


class DropOverlay(QWidget):
    """Covers its window while something is dragged over it. Installs itself on the window.

    Args:
        theme: The program's theme.
        window: The window that takes drops, on whatever page it is.

    Signals:
        addFolders(list[Path]): Add these folders.
        findLike(list[Path]): Find photos like these files.
        findLikeImage(QImage): Find photos like these pixels.
        readExports(list[Path]): Read these into Insights.
        openClassifier(Path): Open this classifier.
        addNetwork(Path): Examine this network and add it to those photos can be compared by.
        shown(str): The titles of what can be done became visible, for tests and screen readers.
    """

    addFolders = Signal(list)
    findLike = Signal(list)
    findLikeImage = Signal(QImage)
    readExports = Signal(list)
    openClassifier = Signal(object)
    addNetwork = Signal(object)
    shown = Signal(str)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._outcome: DropOutcome | None = None
        self._mime_key: tuple[object, ...] = ()
        self._over = 0
        self._fade = Fade(self)
        self._fade.changed.connect(self.update)
        self._fade.arrived.connect(self._arrived)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(_LEAVE_MS)
        self._leaving.timeout.connect(self._go)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @property
    def outcome(self) -> DropOutcome | None:
        """What the drag that is over the window would do; None without one."""
        return self._outcome

    def choice_at(self, position: QPointF) -> int:
        """Which half a point is over: 0, or 1 for the right one of two."""
        halves = len(self._outcome.choices) if self._outcome is not None else 1
        return 1 if halves == 2 and position.x() >= self._window.width() / 2 else 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the drags that reach the window, and follow its size."""
        if watched is self._window:
            if event.type() == QEvent.Type.Resize:
                self.setGeometry(self._window.rect())
            elif self._take(event):
                return True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Take the drags that reach the overlay itself, once it covers the window."""
        return self._take(event) or super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._outcome is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._fade.value)
        veil = QColor(self._theme.tokens.window)
        veil.setAlphaF(0.9)
        painter.fillRect(self.rect(), veil)
        halves = len(self._outcome.choices)
        area = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        for at, choice in enumerate(self._outcome.choices):
            box = QRectF(area)
            if halves == 2:
                box.setWidth(area.width() / 2 - 8)
                box.moveLeft(area.left() if at == 0 else area.center().x() + 8)
            self._draw(painter, box, choice, chosen=at == self._over)

    # --- inside

    def _draw(self, painter: QPainter, box: QRectF, choice: Choice, *, chosen: bool) -> None:
        refused = choice.action is Action.REFUSE
        tokens = self._theme.tokens
        taken = chosen and not refused
        painter.setBrush(tokens.accentfill if taken else tokens.raised)
        pen = QPen(tokens.accent if taken else tokens.control, 2 if chosen else 1)
        if refused or not chosen:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.save()
        painter.drawRoundedRect(box, 8, 8)
        words = self._words(choice, box.width() - 48)
        height = _ICON + 16 + words.size().height()
        middle = box.center()
        icon = icons.pixmap(
            _ICONS[choice.action], tokens.text3 if refused else tokens.accent, _ICON, self.devicePixelRatioF()
        )
        painter.drawPixmap(QPointF(middle.x() - _ICON / 2, middle.y() - height / 2), icon)
        painter.translate(box.left() + 24, middle.y() - height / 2 + _ICON + 16)
        words.drawContents(painter)
        painter.restore()

    def _words(self, choice: Choice, width: float) -> QTextDocument:
        """The title with its name in italics and the note below it, centred and wrapped."""
        tokens = self._theme.tokens
        title = html.escape(choice.title)
        if choice.name:
            title = title.removesuffix(html.escape(choice.name)) + f"<i>{html.escape(choice.name)}</i>"
        large = self._theme.font(1.5).pointSizeF()
        document = QTextDocument()
        document.setDefaultFont(self.font())
        document.setDocumentMargin(0)
        option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        document.setTextWidth(max(80.0, width))
        body = f'<p style="font-size:{large}pt; font-weight:600; color:{tokens.text.name()}; margin:0">{title}</p>'
        if choice.note:
            note = html.escape(choice.note)
            body += f'<p style="color:{tokens.text2.name()}; margin-top:8px; margin-bottom:0">{note}</p>'
        document.setHtml(body)
        return document

    def _take(self, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self._drop(event)
        elif isinstance(event, QDragEnterEvent | QDragMoveEvent):
            return self._drag(event)
        elif isinstance(event, QDragLeaveEvent):
            self._leaving.start()
        else:
            return False
        return True

    def _drag(self, event: QDragMoveEvent) -> bool:
        # photos of a window itself, its own or another's
        if event.source() is not None or event.mimeData().hasFormat(PHOTOS):
            return False
        self._leaving.stop()
        mime = event.mimeData()
        key = (tuple(mime.urls()), mime.hasImage())
        if self._outcome is None or key != self._mime_key or self._fade.goal == 0.0:
            self._mime_key = key
            self._outcome = outcome_of(mime)
            self.setGeometry(self._window.rect())
            self.raise_()
            self.show()
            self._fade.to(1.0)
            words = ", ".join(choice.title for choice in self._outcome.choices)
            self.setAccessibleName(words)
            self.shown.emit(words)
        self._over = self.choice_at(event.position())
        self.update()
        # a refusal is taken too, or the overlay could not say why; it drops into nothing
        event.setDropAction(Qt.DropAction.CopyAction if self._outcome.accepted else Qt.DropAction.IgnoreAction)
        event.accept()
        return True

    def _drop(self, event: QDropEvent) -> None:
        outcome = self._outcome or outcome_of(event.mimeData())
        self._outcome = outcome
        choice = outcome.choices[self.choice_at(event.position())]
        image = image_of(event.mimeData()) if choice.action is Action.FIND_LIKE_IMAGE else QImage()
        event.setDropAction(Qt.DropAction.CopyAction if outcome.accepted else Qt.DropAction.IgnoreAction)
        event.accept()
        self._go()
        if choice.action is Action.ADD_FOLDERS:
            self.addFolders.emit(list(choice.paths))
        elif choice.action is Action.FIND_LIKE:
            self.findLike.emit(list(choice.paths))
        elif choice.action is Action.OPEN_CLASSIFIER:
            self.openClassifier.emit(choice.paths[0])
        elif choice.action is Action.READ_EXPORTS:
            self.readExports.emit(list(choice.paths))
        elif choice.action is Action.ADD_NETWORK:
            self.addNetwork.emit(choice.paths[0])
        elif choice.action is Action.FIND_LIKE_IMAGE and not image.isNull():
            self.findLikeImage.emit(image)

    @Slot()
    def _go(self) -> None:
        self._leaving.stop()
        self._fade.to(0.0)

    @Slot(float)
    def _arrived(self, value: float) -> None:
        if value == 0.0:
            self._outcome = None
            self.hide()
