"""Someone who labels photos of two kinds, and the photos."""

from __future__ import annotations

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QApplication

from desktop_app.core.catalog import labels as catalogue
from desktop_app.core.labelling import Origin
from tests.stories.person import CTRL, Key, Person

COUNT = 14  # photos of each kind


def picture(kind: str, seed: int) -> Image.Image:
    """A photo that is plainly one of two kinds: bright stripes, or dark discs."""
    random = np.random.default_rng([seed, len(kind)])
    ys, xs = np.mgrid[0:240, 0:320]
    if kind == "stripes":
        width = int(random.integers(10, 24))
        value = ((xs + int(random.integers(0, 40))) // width % 2).astype(np.float64)
        colours = random.integers(150, 256, (2, 3))
    else:
        value = np.zeros((240, 320))
        for _ in range(5):
            y, x, r = random.integers(30, 210), random.integers(30, 290), random.integers(18, 40)
            value[(ys - y) ** 2 + (xs - x) ** 2 < r * r] = 1
        colours = random.integers(0, 100, (2, 3))
    pixels = colours[value.astype(int)] + random.normal(0, 6, (240, 320, 3))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


class Labeller:
    """Someone on the Label page."""

    def __init__(self, person: Person) -> None:
        self.person, self.window = person, person.window
        self.page = person.window.frame.label
        self.view = self.page.label
        self.parts = person.window.labelling

    def go(self) -> Labeller:
        """Go to the page by its key."""
        self.person.press(Key.Key_4, CTRL)
        self.person.until(self.page.isVisible)
        self.settle()
        return self

    def set_up(self, *answers: str) -> Labeller:
        """Write the answers and start."""
        self.go()
        self.person.until(self.page.set_up.words.hasFocus)
        self.person.type("\r".join(answers))
        self.person.push("Start")
        self.person.until(lambda: len(self.view.bar.buttons()) == len(answers) + 1)
        self.settle()
        self.person.until(self.view.hasFocus)
        return self

    def settle(self) -> None:
        """Wait until labels are written, read and learnt from."""
        session = self.window._session

        def is_quiet() -> bool:
            timers = (self.parts.labels._settling, self.parts.learning._soon, self.parts.learning._keeping)
            lanes = (session.work, session.query, session.compute, session.thumbs)
            return not any(t.isActive() for t in timers) and all(lane.is_idle for lane in lanes)

        self.parts.learning._keeping.setInterval(50)
        self.person.until(is_quiet)
        QApplication.processEvents()
        self.person.until(is_quiet)

    def name(self, photo: int | None = None) -> str:
        """The photo that is shown, or another, by file name."""
        shown = self.parts.walk.queue.current if photo is None else photo
        return self.person._names_of([shown])[shown] if shown is not None else ""

    def kind(self) -> str:
        """What the photo that is shown really is."""
        return self.name().split(" ", maxsplit=1)[0]

    def press(self, key: object, modifiers: object = None) -> None:
        """Press a key where the keyboard is."""
        self.person.press(key, *([modifiers] if modifiers is not None else []))  # type: ignore[arg-type]

    def answer(self, count: int) -> None:
        """Give this many photos their true answer by key."""
        for _ in range(count):
            self.person.type("1" if self.kind() == "stripes" else "2")
        self.settle()

    def given(self) -> dict[str, str]:
        """Every label as it is shown: file name to answer."""
        state = self.parts.labels.state
        names = self.person._names_of(list(state.given))
        found = {}
        for photo, one in state.given.items():
            answer = state.label_set.answer(one.answers[0]) if one.answers[0] is not None else None
            found[names[photo]] = answer.name if answer is not None else "None of these"
        return found

    def stored(self) -> dict[str, tuple[str, Origin]]:
        """Every label as the catalogue has it: file name to answer and origin."""
        self.settle()
        library, label_set = self.window._session.library, self.parts.labels.state.label_set
        table = catalogue.labels(library.connection, label_set.id)
        names = self.person._names_of(table.photos.tolist())
        answers = {answer.id: answer.name for answer in label_set.answers}
        rows = zip(table.photos.tolist(), table.answers.tolist(), table.origins.tolist(), strict=True)
        return {names[p]: (answers.get(a, "None of these"), catalogue.ORIGINS[o]) for p, a, o in rows}
