"""Changes to themes by hand, each a step that Ctrl+Z takes back, and labels made of themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core import wording
from desktop_app.core.catalog import themes as catalogue
from desktop_app.core.catalog.themes import GroupingId, ThemeId
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.operations import labels as label_operations
from desktop_app.core.operations import themes as operations
from desktop_app.core.operations.themes import Written
from desktop_app.core.types import PhotoId
from desktop_app.jobs import Job
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labelling import Labelling
from desktop_app.ui.themes.changing import Step, Write
from desktop_app.ui.themes.labels_dialog import LabelsDialog
from desktop_app.ui.themes.page import ThemesPage
from desktop_app.ui.themes.reading import Loaded
from desktop_app.ui.themes.values import ThemeCard


class Editing(QObject):
    """What the cards ask for.

    Signals:
        openAsked(int, str): show the photos of a theme; what they are, in words.
        labelsMade(): labels were made of themes, and are to be looked at.
    """

    openAsked = Signal(int, str)
    labelsMade = Signal()

    def __init__(self, desk: Desk, page: ThemesPage, labelling: Labelling) -> None:
        super().__init__(desk.window)
        self._desk, self._labelling = desk, labelling
        self.loaded = Loaded()  # what the page shows; kept level by its owner
        self.choose_next: tuple[int, ...] = ()  # themes to be chosen once the change is read
        page.openAsked.connect(self._open)
        page.renamed.connect(self.rename)
        page.mergeAsked.connect(self._merge)
        page.splitAsked.connect(self._split)
        page.lockAsked.connect(self._lock)
        page.removeAsked.connect(self._remove)
        page.moveAsked.connect(self.move)
        page.shelfRemoved.connect(self._remove_grouping)
        page.labelAsked.connect(self._label)
        page.labelsAsked.connect(self._turn_into_labels)

    @property
    def can_write(self) -> bool:
        """Whether anything can be changed here; says so where not."""
        library = self._desk.session.library
        if library is not None and not library.writable:
            self._desk.status.show_message(f"“{library.name}” is open for looking only, so nothing can be grouped.")
            return False
        return library is not None

    def submit(self, write: Write) -> Job:
        """Have something written; the page looks again from what it altered."""
        session = self._desk.session
        library = session.open_library()
        job = session.work.submit(lambda: write(library), name="changing themes", urgent=True)
        job.succeeded.connect(session.note)
        return job

    def _change(self, words: str, write: Write) -> None:
        if self.can_write:
            self._desk.undo.push(Step(self.submit, words, write))

    def _tell(self, words: str) -> None:
        self._desk.status.show_message(words, [("Undo", self.undo_if_last())])

    def undo_if_last(self) -> Callable[[], None]:
        """What the button Undo of a message does: take back the last step, unless others came after it."""
        done, stack = self._desk.undo.index(), self._desk.undo

        def undo() -> None:
            if stack.index() == done:
                stack.undo()

        return undo

    def _card(self, theme: int) -> ThemeCard | None:
        shelf = self.loaded.shelf
        return next((card for card in shelf.themes if card.id == theme), None) if shelf is not None else None

    @Slot(int)
    def _open(self, theme: int) -> None:
        card = self._card(theme)
        if card is not None:
            words = f"theme “{card.title}”" if not card.is_odd else "odd ones out"
            self.openAsked.emit(theme, words)

    @Slot(int, str)
    def rename(self, theme: int, name: str) -> None:
        """Give a theme a name."""
        self._change("renaming a theme", partial(operations.rename, theme=ThemeId(theme), name=name))

    @Slot(object)
    def _merge(self, ids: Sequence[int]) -> None:
        grouping, first = self.loaded.grouping, self._card(ids[0])
        if grouping is None or first is None:
            return
        # the one that others were dropped on keeps its name, whoever gave it
        name = first.name if not first.is_proposed else ""
        chosen = [ThemeId(one) for one in ids]
        self._change("merging themes", partial(operations.merge, grouping=grouping.id, ids=chosen, name=name))
        self.choose_next = tuple(ids)
        self._tell(f"{len(ids)} themes merged.")

    @Slot(int, int)
    def _split(self, theme: int, parts: int) -> None:
        self._change("splitting a theme", partial(operations.split, theme=ThemeId(theme), parts=parts))

    @Slot(object, bool)
    def _lock(self, ids: Sequence[int], on: bool) -> None:
        words = "locking" if on else "unlocking"
        self._change(f"{words} {wording.count(len(ids), 'theme')}", partial(_lock_all, ids=tuple(ids), on=on))

    @Slot(object)
    def _remove(self, ids: Sequence[int]) -> None:
        many = wording.count(len(ids), "theme")
        self._change(f"removing {many}", partial(_remove_all, ids=tuple(ids)))
        self._tell(f"{many} removed; the photos are odd ones out now.")

    @Slot(object, int)
    def move(self, photos: Sequence[int], theme: int) -> None:
        """Put photos into another theme."""
        grouping, card = self.loaded.grouping, self._card(theme)
        if grouping is None or card is None:
            return
        many = wording.count(len(photos), "photo")
        ids = [PhotoId(photo) for photo in photos]
        write = partial(operations.move, photos=ids, grouping=grouping.id, to=ThemeId(theme))
        self._change(f"moving {many}", lambda library: write(library))
        self._tell(f"{many} moved to “{card.title}”.")

    @Slot(int)
    def _remove_grouping(self, grouping: int) -> None:
        self._change("removing themes", partial(operations.remove_grouping, grouping=GroupingId(grouping)))
        self._tell("These themes are gone. Photos and labels stay as they are.")

    # --- labels ----------------------------------------------------------------------------------------------

    @Slot(object)
    def _label(self, ids: Sequence[int]) -> None:
        """One key for all photos of some themes, as on any page."""
        library = self._desk.session.library
        if library is not None:
            chosen = tuple(ids)
            job = self._desk.session.query.submit(lambda: _photos_of(library, chosen), name="photos of a theme")
            job.succeeded.connect(self._labelling.anywhere.ask)

    @Slot(object)
    def _turn_into_labels(self, ids: Sequence[int]) -> None:
        grouping, shelf = self.loaded.grouping, self.loaded.shelf
        if grouping is None or shelf is None or not self.can_write:
            return
        chosen = [replace(card, place=at) for at, card in enumerate(c for c in shelf.themes if c.id in set(ids))]
        dialog = LabelsDialog(
            self._desk.theme, chosen, self._labelling.labels.state.sets, self._free_name(), self._desk.window
        )
        dialog.accepted.connect(partial(self._make_labels, dialog, grouping.id, tuple(ids)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _free_name(self) -> str:
        taken = {one.name.casefold() for one in self._labelling.labels.state.sets}
        number = 1
        while (name := f"Themes {number}" if number > 1 else "Themes").casefold() in taken:
            number += 1
        return name

    def _make_labels(self, dialog: LabelsDialog, grouping: GroupingId, ids: tuple[int, ...]) -> None:
        wish = dialog.wish
        write = partial(
            operations.as_labels,
            grouping=grouping,
            ids=[ThemeId(one) for one in ids],
            name="" if wish.label_set is not None else wish.name,
            label_set=wish.label_set,
        )
        self._labelling.labels.change("labels from themes", lambda library: write(library), done=self._labelled)

    @Slot(object)
    def _labelled(self, written: label_operations.Written) -> None:
        label_set = written.label_set
        if label_set is None:
            return
        self._labelling.labels.choose(label_set.id)
        actions: list[tuple[str, Callable[[], object]]] = [
            ("See them", partial(self._see_labels, label_set.id)),
            ("Undo", self.undo_if_last()),
        ]
        self._desk.status.show_message(f"The themes are answers of “{label_set.name}” now.", actions)

    def _see_labels(self, label_set: LabelSetId) -> None:
        self._labelling.labels.choose(label_set)
        self.labelsMade.emit()


def _lock_all(library: Library, ids: Sequence[int], *, on: bool) -> Written:
    """Several as one step: the first one's `before` holds the whole grouping."""
    written = [operations.lock(library, ThemeId(one), on) for one in ids]
    return _as_one(written)


def _remove_all(library: Library, ids: Sequence[int]) -> Written:
    return _as_one([operations.remove(library, ThemeId(one)) for one in ids])


def _as_one(written: Sequence[Written]) -> Written:
    last = written[-1]
    return Written(themes=last.themes, before=written[0].before, grouping=last.grouping)


def _photos_of(library: Library, ids: Sequence[int]) -> list[PhotoId]:
    return [photo for one in ids for photo in catalogue.photos_of(library.connection, ThemeId(one))]
