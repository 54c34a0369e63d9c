"""Makes the pictures of docs/screenshots: the real window with the sample photos, driven as a person would.

Run it where a window can open (or with QT_QPA_PLATFORM=offscreen):

    .venv/bin/python tools/screenshots.py [--out DIR] [--size 1180x760] [--photos FOLDER]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
KINDS = (
    (
        "animal",
        "brown-bear cat crowned-crane dragonfly flamingo ladybird lion nuthatch peacock penguin praying-mantis "
        "rhinoceros tiger two-dogs",
    ),
    (
        "flower",
        "daffodil dahlia dandelion-seeds dandelions dandelions-closer marigold orange-flower red-anemone "
        "yellow-flower yellow-flower-black-and-white",
    ),
    ("landscape", "beach-grass forest-stream mountain-meadow mountain-path mountain-path-closer sunset-over-hills"),
)
"""What the sample photos are told apart by, and which photos show it."""


def main() -> int:
    """Make them all; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--size", default="1180x760")
    parser.add_argument("--photos", type=Path, default=ROOT / "resources" / "sample_photos")
    parser.add_argument("--select", default="", help="start of the name of the photo to select")
    arguments = parser.parse_args()
    width, height = (int(part) for part in arguments.size.split("x"))
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["LIKENESS_HOME"] = home
        for scheme in ("light", "dark"):
            _Session(scheme, width, height, arguments.out, arguments.photos, arguments.select).run()
    return 0


class _Session:
    def __init__(self, scheme: str, width: int, height: int, out: Path, photos: Path, select: str) -> None:
        from PySide6.QtWidgets import QApplication

        from desktop_app.core import paths
        from desktop_app.ui import theme
        from desktop_app.ui.remembered import Remembered
        from desktop_app.ui.windows import Windows

        self.scheme, self.out, self.photos, self.select = scheme, out, photos, select
        self.app = QApplication.instance() or QApplication(["likeness"])
        self.windows = Windows(theme.apply(self.app, scheme), Remembered())
        self.windows.open(paths.data_dir() / "libraries" / f"Photos {scheme}")
        self.window = self.windows.open_windows[0]
        self.window.resize(width, height)

    def run(self) -> None:
        """Go through the states."""
        window, page = self.window, self.window.page
        self.wait(lambda: window.welcome.isVisible())
        self.pause(0.3)
        self.keep("welcome")
        window.folders.add([self.photos])
        self.wait(lambda: page.grid.photos.rowCount() > 5)
        self.pause(0.5)
        window.adding.pause()
        self.pause(0.6)
        self.keep("adding")
        window.adding.go_on()
        self.wait(lambda: not window.adding.is_running)
        self.pause(1.0)
        page.grid.setFocus()
        page.grid.select_photo(self.find())
        self.wait(lambda: bool(window.panel.alike.items()))
        self.pause(1.0)
        self.keep("selection")
        window.photos.find_alike_selected()
        self.wait(lambda: page.view.is_search and page.grid.photos.score(1) is not None)
        window.status.end_message()
        self.pause(1.0)
        self.keep("results")
        window.viewing.open(page.grid.photos.id_at(1))
        self.pause(1.2)
        self.keep("viewer")
        window.viewing.close()
        self.search()
        self.region()
        self.journey()
        self.duplicates()
        self.label()
        self.themes()
        window.close()
        self.pause(0.2)

    def search(self) -> None:
        """A few chips, and the filters beside the photos."""
        from desktop_app.core.searching import Words

        window, page = self.window, self.window.page
        window.navigation.show_all()
        self.wait(lambda: page.view.is_plain and page.grid.photos.rowCount() > 5)
        searching = window.finding.searching
        searching.add_words(Words("animal"), "")
        self.wait(lambda: page.view.is_search and bool(page.grid.photos.reason(0)))
        searching.more_like([self.named("tiger")])
        self.wait(lambda: len(page.bar.chips.chips()) == 2)
        searching.less_like([self.named("ladybird")])
        self.wait(lambda: len(page.bar.chips.chips()) == 3)
        page.grid.clearSelection()
        window.frame.filters.click()
        window.status.end_message()
        self.pause(1.5)
        self.keep("search")
        window.frame.filters.click()
        page.bar.chips.clear.click()
        self.wait(lambda: page.view.is_plain)

    def region(self) -> None:
        """What contains something like a part of a photo."""
        from desktop_app.core.searching import Box

        page = self.window.page
        self.window.finding.searching.add_region(self.named("dandelions"), Box(0.35, 0.1, 0.4, 0.5))
        self.wait(lambda: page.found is not None and page.found.view.is_by_part and not page.found.is_first)
        self.window.status.end_message()
        self.pause(1.0)
        self.keep("region")
        self.window.navigation.show_all()
        self.wait(lambda: page.view.is_plain)

    def journey(self) -> None:
        """The way between two photos."""
        journeying = self.window.finding.journeying
        journeying.ask(self.named("lion"), self.named("flamingo"), 6)
        self.wait(lambda: journeying.dialog is not None and journeying.dialog.view is not None)
        self.pause(1.5)
        path = self.out / f"journey-{self.scheme}.jpg"
        journeying.dialog.grab().save(str(path), "JPG", 90)
        print(path)
        journeying.dialog.close()
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)

    def duplicates(self) -> None:
        """Copies, set by set."""
        window = self.window
        window.navigation.show_duplicates()
        self.pause(0.5)
        window.frame.duplicates.lookAsked.emit()
        self.pause(3.0)
        self.wait(lambda: window._session.compute.is_idle and window._session.query.is_idle)
        window.status.end_message()
        self.pause(1.5)
        self.keep("duplicates")
        window.navigation.show_all()

    def named(self, name: str) -> int:
        """A photo by the start of its name."""
        before, self.select = self.select, name + "."
        found = self.find()
        self.select = before
        return found

    def themes(self) -> None:
        """Group all photos, and take a few broad themes."""
        window, page = self.window, self.window.frame.themes
        window.navigation.show_themes()
        self.pause(0.5)
        page.start.all.click()
        self.wait(lambda: page.shelf is not None and not window.grouping.is_running)
        page.bar.fineness.slider.setValue(600)
        self.pause(0.8)
        self.wait(lambda: window._session.compute.is_idle and window._session.work.is_idle)  # names are found
        window.status.end_message()
        page.cards.setFocus()
        page.cards.choose([page.cards.themes.rows[1].id])
        self.pause(1.0)
        self.keep("themes")

    def label(self) -> None:
        """Tell the sample photos apart until the rest is guessed."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        window, page = self.window, self.window.frame.label
        window.navigation.show_label()
        self.pause(0.5)
        QTest.keyClicks(page.set_up.words, "\r".join(answer for answer, _ in KINDS))
        QTest.mouseClick(page.set_up.start, Qt.MouseButton.LeftButton)
        self.wait(lambda: len(page.label.bar.buttons()) == len(KINDS) + 1 and page.label.hasFocus())
        walk, learning = window.labelling.walk, window.labelling.learning
        given = 0
        for _ in range(len(window.labelling.labels.state.photos)):
            key = self.key_of(walk.queue.current)
            if given == 20 and key:
                break
            given += bool(key)
            QTest.keyClick(page.label, key or Qt.Key.Key_Right)
        self.wait(lambda: learning.result is not None and not learning.is_busy)
        self.wait(lambda: page.label.photo.has_image)
        window.status.end_message()
        self.pause(1.0)
        self.keep("label")

    def key_of(self, photo: int | None) -> str:
        """The key of the answer a sample photo deserves; "" where it is none of them."""
        from desktop_app.core.catalog import photos
        from desktop_app.core.types import PhotoId

        if photo is None:
            return ""
        library = self.window.desk.session.open_library()
        name = photos.fetch(library.connection, [PhotoId(photo)])[PhotoId(photo)].name.removesuffix(".jpg")
        return next((str(at) for at, (_, names) in enumerate(KINDS, 1) if name in names.split()), "")

    def find(self) -> int:
        """The photo to select."""
        from desktop_app.core.catalog import photos

        library = self.window.desk.session.open_library()
        model = self.window.page.grid.photos
        ids = model.ids()
        found = photos.fetch(library.connection, ids)
        for photo in ids:
            if self.select and found[photo].name.startswith(self.select):
                return photo
        return ids[0]

    def keep(self, name: str) -> None:
        """Save what the window shows."""
        path = self.out / f"{name}-{self.scheme}.jpg"
        self.window.grab().save(str(path), "JPG", 90)
        print(path)

    def wait(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Let the window work until something holds."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the window did not come so far")
            self.app.processEvents()
            time.sleep(0.005)

    def pause(self, seconds: float) -> None:
        """Let the window work for a while."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= end)


if __name__ == "__main__":
    sys.exit(main())
