"""What the tests of panels and the viewer are made of: photos, pictures and folders that are made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleFactory, QWidget

from desktop_app.core.types import Folder, FolderId, FolderState, Photo, PhotoId, PhotoState
from tests.ui.grid_parts import colour_of


def make_photo(number: int, width: int = 4032, height: int = 3024, **others: object) -> Photo:
    path = Path(f"/pictures/Family/IMG_{number:04}.jpg")
    values: dict[str, object] = {
        "id": PhotoId(number),
        "folder": FolderId(1),
        "path": path,
        "name": path.name,
        "size": 4_212_000,
        "modified": datetime(2020, 1, 2, 3, 4),
        "content": b"",
        "format": "JPEG",
        "width": width,
        "height": height,
        "taken": datetime(2019, 5, 12, 14, 3),
        "camera": "Canon EOS 600D",
        "state": PhotoState.PRESENT,
    }
    return Photo(**{**values, **others})  # type: ignore[arg-type]


def make_image(number: int, width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(*colour_of(number)))
    return image


def make_folder(
    number: int, name: str, photos: int, waiting: int = 0, state: FolderState = FolderState.READY
) -> Folder:
    return Folder(FolderId(number), Path("/pictures") / name, name, photos, waiting, state)


class _Still(QProxyStyle):
    """A style of a system that asks for no motion."""

    def styleHint(self, hint, option=None, widget=None, returnData=None):
        if hint == QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, option, widget, returnData)


@pytest.fixture
def still_style(qapp, look) -> Iterator[None]:
    qapp.setStyle(_Still("Fusion"))
    look.refresh()
    yield
    qapp.setStyle(QStyleFactory.create("Fusion"))
    look.refresh()


def show(qtbot, widget: QWidget, width: int, height: int) -> QWidget:
    """Put a widget on the screen with the keyboard in its window."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


def grabbed(widget: QWidget, at: QPoint) -> QColor:
    """The colour that a widget shows at a point."""
    return QColor(widget.grab().toImage().pixel(at * widget.devicePixelRatioF()))


def mime_of(*paths: str, image: QImage | None = None, urls: tuple[str, ...] = ()) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths] + [QUrl(url) for url in urls])
    if image is not None:
        mime.setImageData(image)
    return mime


class Drag:
    """A drag over a widget, as the window system sends it."""

    def __init__(self, target: QWidget, mime: QMimeData) -> None:
        self.target, self.mime = target, mime
        self.buttons = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)

    def _send(self, make: Callable[..., QEvent], point: object) -> QEvent:
        event = make(point, Qt.DropAction.CopyAction, self.mime, *self.buttons)
        QApplication.sendEvent(self.target, event)
        return event

    def enter(self, x: int, y: int) -> QEvent:
        return self._send(QDragEnterEvent, QPoint(x, y))

    def move(self, x: int, y: int) -> QEvent:
        return self._send(QDragMoveEvent, QPoint(x, y))

    def drop(self, x: int, y: int) -> QEvent:
        return self._send(QDropEvent, QPointF(x, y))

    def leave(self) -> None:
        QApplication.sendEvent(self.target, QDragLeaveEvent())
