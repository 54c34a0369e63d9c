"""Taking widgets out of layouts that are filled anew."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidget


def take_out(layout: QLayout, *widgets: QWidget) -> None:
    """Take widgets out of a layout: at once out of sight and out of its count, gone when the events are through.

    Not destroyed at once, since one of them may be what is just being clicked.
    """
    for widget in widgets:
        layout.removeWidget(widget)
        widget.hide()
        widget.deleteLater()


def clear(layout: QLayout, *, leave: int = 0) -> list[QWidget]:
    """Take out everything, gaps too.

    Args:
        layout: what is to be filled anew.
        leave: so many items at its end stay.

    Returns:
        The widgets that go, for who holds them elsewhere.
    """
    gone = []
    while layout.count() > leave:
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            gone.append(widget)
    take_out(layout, *gone)
    return gone
