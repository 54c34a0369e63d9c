"""Handing over: the classifier as a file, labels as files, a folder sorted; and opening a classifier."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from desktop_app.core import wording
from desktop_app.core.types import Progress
from desktop_app.ui.desk import Desk
from desktop_app.ui.file_manager import show_in_file_manager
from desktop_app.ui.label.checking import Checking
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.page import LabelPage

if TYPE_CHECKING:
    from desktop_app.core.operations.classifier import Classifier
    from desktop_app.core.operations.handover import Offer


class Handing(QObject):
    """The Hand over tab joined to the operations."""

    def __init__(self, desk: Desk, labels: Labels, learning: Learning, checking: Checking, page: LabelPage) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning, self._page = desk, labels, learning, page
        self._checking = checking
        self._tab = page.hand_over
        self._opened: Path | None = None
        self.is_busy = False
        self._tab.handOverAsked.connect(self._hand_over)
        self._tab.sortAsked.connect(self._sort)
        self._tab.openAsked.connect(self.open)
        self._tab.exportAsked.connect(self._export)
        self.show_state()

    def show_state(self) -> None:
        """Bring the tab's first sentence level."""
        result, labelled = self._learning.result, bool(self._labels.state.given)
        if result is not None:
            words = f"{result.sentence}"
        else:
            words = self._learning.problem or "Label at least two photos of two answers first."
        self._tab.set_ready(words, ready=result is not None and not self.is_busy, labelled=labelled)

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
        from desktop_app.core.operations.handover import hand_over

        result, library = self._learning.result, self._desk.session.library
        if result is None or library is None:
            return
        self._run(hand_over(library, self._offer(result.classifier), path), "handing over", self._handed_over)

    def _offer(self, classifier: Classifier) -> Offer:
        """The classifier with its spot check, where one was made."""
        from desktop_app.core.handover.about import SpotCheck
        from desktop_app.core.operations.offer import offer_of

        check = self._checking.check
        if check is None or check.check.set != classifier.set or not check.found.checked:
            return offer_of(classifier)
        found, share = check.found, check.found.share
        return offer_of(classifier, SpotCheck(found.right, found.checked, share.low, share.high))

    def _handed_over(self, done: Any) -> None:
        agreement, path = done.agreement, done.path
        same = (
            f"The file gave the same answer as Likeness on {wording.number(agreement.same)} of"
            f" {wording.count(agreement.checked, 'photo')}; largest difference"
            f" {100 * agreement.largest_difference:.1f} points."
            if agreement.checked
            else "The file was not tried, since no photo could be read."
        )
        actions = [("Show folder", partial(self._show, path))]
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
        from desktop_app.core.handover.open import open_classifier

        job = self._desk.session.compute.submit(partial(open_classifier, path), name="opening a classifier")
        job.succeeded.connect(partial(self._take_opened, path))

    def _take_opened(self, path: Path, opened: Any) -> None:
        self._opened = path
        classes = ", ".join(opened.classes)
        self._page.show_main()
        self._page.show_tab("hand_over")
        self._tab.show_result(
            f"Opened “{path.stem}”.",
            f"It tells apart: {classes}.",
            [("Sort a folder with it…", partial(self._sort_with, path))],
        )

    @Slot()
    def _sort(self) -> None:
        """Sort with the classifier at hand: it is written to a file first, as it would be handed over."""
        from desktop_app.core.operations.handover import hand_over

        result, library = self._learning.result, self._desk.session.library
        if result is None or library is None:
            return
        path = library.folder / "heads" / f"sorting-{result.set}.onnx"

        def written(_done: object) -> None:
            self._sort_with(path)

        self._run(hand_over(library, self._offer(result.classifier), path, most=20), "preparing to sort", written)

    def _sort_with(self, path: Path) -> None:
        folder = QFileDialog.getExistingDirectory(self._desk.window, "Which folder is to be sorted?")
        if not folder:
            return
        target, _ = QFileDialog.getSaveFileName(
            self._desk.window, "Where to save the table", "sorted.csv", "Tables (*.csv)"
        )
        if target:
            self.sort_folder(path, Path(folder), Path(target))

    def sort_folder(self, classifier: Path, folder: Path, table: Path, copies: Path | None = None) -> None:
        """Give every photo of a folder its answer, in a table."""
        self._run(_sort_folder(classifier, folder, table, copies), "sorting a folder", self._sorted)

    def _sorted(self, done: Any) -> None:
        counts = ", ".join(f"{name} {wording.number(count)}" for name, count in done.counts.items())
        unsure = f" {wording.count(done.not_sure, 'photo is', 'photos are')} not sure." if done.not_sure else ""
        self._tab.show_result(
            f"Sorted {wording.count(sum(done.counts.values()), 'photo')}.",
            f"{counts}.{unsure}",
            [("Show folder", partial(self._show, done.csv))],
        )

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
        from desktop_app.core.operations import label_copies, label_files, vectors_out

        library, label_set = self._desk.session.library, self._labels.state.label_set
        if library is None or label_set is None:
            return
        if what == "csv":
            operation: Any = label_files.export_csv(library, label_set, path)
        elif what == "features":
            operation = vectors_out.export_vectors(library, path, label_set)
        else:
            export = {
                "folders": label_copies.export_folders,
                "coco": label_copies.export_coco,
                "yolo": label_copies.export_yolo,
            }[what]
            operation = export(library, label_set, path)
        self._run(operation, "saving labels", partial(self._exported, path))

    def _exported(self, path: Path, done: Any) -> None:
        count = done if isinstance(done, int) else done.photos
        failed = len(getattr(done, "failed", ()))
        words = f" {wording.count(failed, 'photo')} could not be read." if failed else ""
        self._tab.show_result(
            f"Saved “{path.name}”.",
            f"{wording.count(count, 'label' if isinstance(done, int) else 'photo')}.{words}",
            [("Show folder", partial(self._show, path))],
        )

    # --- inside ----------------------------------------------------------------------------------------------

    def _run(self, operation: Generator[Progress, None, Any], name: str, done: Any) -> None:
        self.is_busy = True
        self.show_state()
        self._tab.state.setText("Working…")
        job = self._desk.session.compute.submit(operation, name=name)
        job.succeeded.connect(done)
        job.progressed.connect(self._progressed)
        job.finished.connect(self._finished)

    @Slot(object)
    def _progressed(self, progress: Progress) -> None:
        self._tab.state.setText(wording.progress(progress.text, progress.done, progress.total))

    @Slot()
    def _finished(self) -> None:
        self.is_busy = False
        self.show_state()

    def _show(self, path: Path) -> None:
        if not show_in_file_manager(path):
            self._desk.status.show_message("No file manager could be opened here.")


def _sort_folder(classifier: Path, folder: Path, table: Path, copies: Path | None) -> Generator[Progress, None, Any]:
    from desktop_app.core.handover.open import open_classifier
    from desktop_app.core.operations.sort_folder import sort_folder

    yield Progress("Opening the classifier")
    return (yield from sort_folder(open_classifier(classifier), folder, table, copies))
