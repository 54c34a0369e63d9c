"""Handing over: the classifier as a file, labels as files, a folder sorted; and opening a classifier."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LabelSet
from desktop_app.core.library import Library
from desktop_app.core.operations.hand_over_set import hand_over_set
from desktop_app.core.types import Progress
from desktop_app.jobs import Single
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.page import LabelPage
from desktop_app.ui.label.sorting import Sorting

if TYPE_CHECKING:
    from desktop_app.core.handover.open import OpenedClassifier


class Handing(QObject):
    """The Hand over tab joined to the operations. What they need is loaded on their lane, never here.

    Signals:
        opened(): a classifier was opened and is about to be shown.
    """

    opened = Signal()

    def __init__(self, desk: Desk, labels: Labels, learning: Learning, page: LabelPage) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning, self._page = desk, labels, learning, page
        self._tab = page.hand_over
        self._running = Single(desk.session.errands, self)
        self._running.progressed.connect(self._progressed)
        self._running.failed.connect(self._failed)
        self._running.cancelled.connect(self._cancelled)
        self._running.finished.connect(self.show_state)
        self.sorting = Sorting(desk)
        self._tab.handOverAsked.connect(self._hand_over)
        self._tab.sortAsked.connect(self._sort)
        self._tab.openAsked.connect(self.open)
        self._tab.exportAsked.connect(self._export)
        self._tab.stopAsked.connect(self._running.stop)
        self.show_state()

    @property
    def is_busy(self) -> bool:
        """Whether something is being written."""
        return self._running.is_running

    @Slot()
    def show_state(self) -> None:
        """Bring the tab's first sentence level."""
        if self.is_busy:
            return  # it says how far that is
        result, labelled = self._learning.result, bool(self._labels.state.given)
        if result is not None:
            words = f"{result.sentence}"
        else:
            words = self._learning.problem or "Label at least two photos of two answers first."
        self._tab.set_ready(words, ready=result is not None, labelled=labelled)

    # --- the classifier --------------------------------------------------------------------------------------

    @Slot()
    def _hand_over(self) -> None:
        result, library = self._learning.result, self._desk.session.library
        if result is None or library is None:
            return
        name = result.classifier.name.replace("/", "-")
        chosen, _ = QFileDialog.getSaveFileName(self._desk.window, "Hand over", f"{name}.onnx", "Classifiers (*.onnx)")
        if chosen:
            self.hand_over_to(Path(chosen))

    def hand_over_to(self, path: Path) -> None:
        """Write the classifier to a file and try it."""
        result, library = self._learning.result, self._desk.session.library
        if result is not None and library is not None:
            self._run(hand_over_set(library, result.classifier, path), "handing over", self._handed_over)

    def _handed_over(self, done: Any) -> None:
        agreement, path = done.agreement, done.path
        same = (
            f"The file gave the same answer as Likeness on {wording.number(agreement.same)} of"
            f" {wording.count(agreement.checked, 'photo')}; largest difference"
            f" {100 * agreement.largest_difference:.1f} points."
            if agreement.checked
            else "The file was not tried, since no photo could be read."
        )
        actions = [("Show folder", partial(self._desk.show_file, path))]
        if done.differing:
            count = len(done.differing)
            words = "See the 1 that differs" if count == 1 else f"See the {count} that differ"
            actions.append((words, partial(self._see, done.differing)))
        self._tab.show_result(f"Saved “{path.stem}” to {path.parent.name}.", same, actions)

    def _see(self, photos: tuple[int, ...]) -> None:
        grid = self._page.check.grid
        self._page.show_tab("check")
        grid.show_photos(photos)

    @Slot()
    def open(self) -> None:
        """Open a classifier that was handed over, to sort a folder with it."""
        chosen, _ = QFileDialog.getOpenFileName(self._desk.window, "Open a classifier", "", "Classifiers (*.onnx)")
        if chosen:
            self.open_file(Path(chosen))

    def open_file(self, path: Path) -> None:
        """Read a classifier back and say what it is."""
        job = self._desk.session.errands.submit(partial(_open, path), name="opening a classifier")
        job.succeeded.connect(self._take_opened)

    @Slot(object)
    def _take_opened(self, opened: OpenedClassifier) -> None:
        self.opened.emit()
        if self._labels.state.label_set is None or not self._page.isVisible():
            self.sorting.ask(opened)  # there are no tabs yet; the dialog says what it is
            return
        self._page.show_main()
        self._page.show_tab("hand_over")
        name, made = wording.printable(opened.name), opened.about.made
        self._tab.show_result(
            f"Opened “{name}”.",
            f"It tells apart: {', '.join(opened.classes)}. Made on {made}.",
            [("Sort a folder with it…", partial(self.sorting.ask, opened))],
        )

    @Slot()
    def _sort(self) -> None:
        """Sort with the classifier at hand."""
        result = self._learning.result
        if result is not None:
            self.sorting.ask(result.classifier)

    # --- labels ----------------------------------------------------------------------------------------------

    @Slot(str)
    def _export(self, what: str) -> None:
        label_set = self._labels.state.label_set
        if label_set is None:
            return
        name = label_set.name.replace("/", "-")
        if what in ("csv", "features"):
            kinds = "Tables (*.csv)" if what == "csv" else "NumPy (*.npz);;Tables (*.csv);;Parquet (*.parquet)"
            ending = ".csv" if what == "csv" else ".npz"
            chosen, _ = QFileDialog.getSaveFileName(self._desk.window, "Save labels", name + ending, kinds)
        else:
            chosen = QFileDialog.getExistingDirectory(self._desk.window, "Choose an empty folder")
        if chosen:
            self.export_to(what, Path(chosen))

    def export_to(self, what: str, path: Path) -> None:
        """Write the labels: "csv", "folders", "coco", "yolo" or "features"."""
        library, label_set = self._desk.session.library, self._labels.state.label_set
        if library is not None and label_set is not None:
            operation = _export(library, label_set, what, path)
            self._run(operation, "saving labels", partial(self._exported, path))

    def _exported(self, path: Path, done: Any) -> None:
        count = done if isinstance(done, int) else done.photos
        failed = len(getattr(done, "failed", ()))
        words = f" {wording.count(failed, 'photo')} could not be read." if failed else ""
        self._tab.show_result(
            f"Saved “{path.name}”.",
            f"{wording.count(count, 'label' if isinstance(done, int) else 'photo')}.{words}",
            [("Show folder", partial(self._desk.show_file, path))],
        )

    # --- inside ----------------------------------------------------------------------------------------------

    def _run(self, operation: Generator[Progress, None, Any], name: str, done: Any) -> None:
        job = self._running.start(operation, name=name)
        if job is not None:
            self._tab.show_working("Working…")
            job.succeeded.connect(done)

    @Slot(object)
    def _progressed(self, progress: Progress) -> None:
        self._tab.show_working(wording.progress(progress.text, progress.done, progress.total))

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):  # the status bar says it too, for who is on another page by now
            self._tab.show_result("Nothing was saved.", str(error))

    @Slot()
    def _cancelled(self) -> None:
        self._tab.show_result("Stopped.", "")


def _open(path: Path) -> OpenedClassifier:
    """Read a classifier back; runs on a lane."""
    from desktop_app.core.handover.open import open_classifier

    return open_classifier(path)


def _export(library: Library, label_set: LabelSet, what: str, path: Path) -> Generator[Progress, None, Any]:
    """Write labels; runs on a lane."""
    yield Progress("Saving labels")
    from desktop_app.core.operations import label_copies, label_files, vectors_out

    if what == "csv":
        return label_files.export_csv(library, label_set, path)
    if what == "features":
        return (yield from vectors_out.export_vectors(library, path, label_set))
    export = {
        "folders": label_copies.export_folders,
        "coco": label_copies.export_coco,
        "yolo": label_copies.export_yolo,
    }[what]
    return (yield from export(library, label_set, path))
