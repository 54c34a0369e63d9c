"""Adds a network from a file: examines it apart, asks what only a person can know, tries it, keeps it."""

from __future__ import annotations

import logging
import traceback
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QFileDialog

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.nets.class_names import check_count, read_class_names
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.preparation import Preparation
from desktop_app.core.operations.networks import Looked, add, look_at, prepared, what_it_is_fed
from desktop_app.core.operations.trial import Trial, Tried
from desktop_app.core.surgery.examined import Examined
from desktop_app.core.types import Progress
from desktop_app.jobs import Job, Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.networks.add_dialog import CUSTOM, AddNetworkDialog, FoundNetwork
from desktop_app.ui.networks.custom_dialog import CustomDialog
from desktop_app.ui.networks.trial import TrialRow
from desktop_app.ui.panels.details import Detail
from desktop_app.ui.pixels import to_image

log = logging.getLogger(__name__)

_BESIDE = "beside"  # the preparation that the file beside a network names


class AddingNetwork(QObject):
    """One file on its way to be a way to compare.

    Args:
        desk: the window's parts.
        thumbnails: where thumbnails come from.
        path: the file.

    Signals:
        added(Network): it is one of the networks there are.
        ended(): the dialog is gone.
    """

    added = Signal(object)
    ended = Signal()

    def __init__(self, desk: Desk, thumbnails: Thumbnails, path: Path) -> None:
        super().__init__(desk.window)
        self._desk, self._path = desk, path
        self._begun: Looked | None = None
        self._preparation: Preparation | None = None
        self._preset = ""
        self._classes: Path | tuple[str, ...] | None = None
        self._trial: Trial | None = None
        self._keeping: Job | None = None
        self.dialog = AddNetworkDialog(desk.theme, thumbnails, path.name, desk.window)
        self.dialog.presetChosen.connect(self._preset_chosen)
        self.dialog.classesAsked.connect(self._choose_classes)
        self.dialog.addAsked.connect(self._add)
        self.dialog.stopped.connect(self._stop)
        self._examining = Latest(desk.session.errands, self)
        self._examining.answered.connect(self._found)
        self._examining.failed.connect(self._refuse)
        self._feeding = Latest(desk.session.errands, self)  # seen at once, long before the trial ends
        self._feeding.answered.connect(self.dialog.show_fed)
        self._trying = Latest(desk.session.errands, self)
        self._trying.answered.connect(self._tried)
        self._trying.progressed.connect(self._progress)
        self._trying.failed.connect(self._trial_failed)
        self._examining.ask(look_at(path), name="examining a network")
        self.dialog.show()
        self.dialog.activateWindow()

    # --- what is found ---------------------------------------------------------------------------------------

    @Slot(object)
    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            log.error("examining %s", self._path, exc_info=error)
            self.dialog.refuse("Likeness fails on this file.", "".join(traceback.format_exception(error)))
        else:
            self.dialog.refuse(str(error), error.details)

    @Slot(object)
    def _found(self, begun: Looked) -> None:
        self._begun, examined = begun, begun.examined
        self._classes = begun.classes
        library = self._desk.session.library
        if library is not None:
            self._trial = Trial(library, self._path, examined)
        # a file beside the network says how it was trained; else the likeliest of the usual ways
        said = ((_BESIDE, "As the file beside it says", ""),) if begun.preparation else ()
        first = _BESIDE if begun.preparation else begun.presets[0].name
        self.dialog.show_found(
            FoundNetwork(
                begun.title,
                _sentence(examined),
                tuple(one for one in examined.sentences if not (examined.is_segmentation and "what is where" in one)),
                _details(examined),
                (*said, *((preset.name, preset.title, preset.used_by) for preset in begun.presets)),
                first,
                examined.classes,
                examined.is_segmentation,
            )
        )
        if begun.classes is not None:
            there = begun.classes.name if isinstance(begun.classes, Path) else "from the file beside it"
            self.dialog.set_classes(examined.classes, there)
        self._preset_chosen(first)

    @Slot(str)
    def _preset_chosen(self, key: str) -> None:
        begun = self._begun
        assert begun is not None
        if key == CUSTOM:
            begin = self._preparation or prepared(begun.examined, begun.presets[0])
            asking = CustomDialog(self._desk.theme, begin, self.dialog)
            if asking.exec() != QDialog.DialogCode.Accepted:
                self.dialog.show_preset(self._preset)  # what is in force
                return
            self._preparation = asking.preparation
        elif key == _BESIDE:
            self._preparation = begun.preparation
        else:
            try:
                self._preparation = prepared(begun.examined, key)
            except UserError as error:
                self._trying.drop()  # a late answer would let the wrong way be added
                self._preset = key
                self.dialog.work("")
                self.dialog.show_fed(())
                self.dialog.show_trial((), str(error))
                return
        self._preset = key
        if self._trial is not None and self._preparation is not None:
            self.dialog.show_trial((), "Trying it on some of your photos…")
            self._feeding.ask(partial(_fed, self._trial, self._preparation), name="what a network is fed")
            self._trying.ask(self._trial.run(self._preparation), name="trying a network")
        else:
            self.dialog.allow_adding()

    @Slot(object)
    def _progress(self, progress: Progress) -> None:
        self.dialog.work(wording.progress(progress.text, progress.done, progress.total))

    @Slot(object)
    def _tried(self, tried: Tried) -> None:
        self.dialog.work("")
        rows = [
            TrialRow(
                int(row.query),
                tuple((int(hit.photo), hit.score) for hit in row.now),
                tuple((int(hit.photo), hit.score) for hit in row.new),
            )
            for row in tried.rows
        ]
        speed = f", about {wording.rate(1 / tried.seconds)} on one core" if tried.seconds else ""
        note = f"Among {wording.count(tried.photos, 'photo')} spread over this library{speed}."
        self.dialog.show_trial(rows, note if rows else "There are too few photos here to try it on.")
        self.dialog.allow_adding()

    @Slot(object)
    def _trial_failed(self, error: BaseException) -> None:
        self.dialog.work("")
        if isinstance(error, UserError):
            self.dialog.show_trial((), str(error))
        else:
            log.error("trying %s", self._path, exc_info=error)
            self.dialog.show_trial((), "It does not run on photos in this way of feeding it. Choose another.")

    @Slot()
    def _choose_classes(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self.dialog, "Names of its answers, one a line", "", "Text (*.txt *.tsv)"
        )
        if chosen and self._begun is not None:
            file, count = Path(chosen), self._begun.examined.classes
            try:
                check_count(read_class_names(file), count)
            except UserError as error:
                self.dialog.classes.setText(str(error))
                return
            self._classes = file
            self.dialog.set_classes(count, file.name)

    # --- keeping it ------------------------------------------------------------------------------------------

    @Slot(str)
    def _add(self, title: str) -> None:
        assert self._begun is not None
        assert self._preparation is not None
        self._trying.drop()
        operation = add(
            self._path, self._begun.examined, title=title, preparation=self._preparation, classes=self._classes
        )
        self.dialog.work("Adding the network")
        job = self._keeping = self._desk.session.errands.submit(operation, name="adding a network")
        job.succeeded.connect(self._kept)
        job.failed.connect(self._not_kept)

    @Slot(object)
    def _kept(self, network: Network) -> None:
        self._keeping = None
        self.dialog.added()
        self._end()
        self.added.emit(network)

    @Slot(object)
    def _not_kept(self, error: BaseException) -> None:
        self._keeping = None
        self.dialog.work("")
        self._desk.report(error, "adding a network")
        self.dialog.allow_adding()

    @Slot()
    def _stop(self) -> None:
        for asked in (self._examining, self._feeding, self._trying):
            asked.drop()
        if self._keeping is not None:
            self._keeping.cancel()
        self._end()

    def _end(self) -> None:
        trial, self._trial = self._trial, None
        if trial is not None:
            self._desk.session.errands.submit(trial.close, name="cleaning up")
        self.ended.emit()


def _fed(trial: Trial, preparation: Preparation) -> tuple[QImage, ...]:
    return tuple(to_image(what_it_is_fed(picture, preparation)) for picture in trial.pictures())


def _sentence(examined: Examined) -> str:
    """What a file is, in one line."""
    size = wording.pixel_size(examined.width, examined.height) if examined.height else "any size"
    kind = "grey pictures" if examined.channels == 1 else "colour pictures"
    layers = wording.count(len(examined.layers), "layer")
    if examined.is_segmentation:
        return (
            f"A network that says what is where, for {kind} of {size}. Photo > What is where… colours a photo by it;"
            f" to compare by, it has {layers}."
        )
    answers = f" with {wording.count(examined.classes, 'answer')}" if examined.classes else ""
    return f"A network{answers} for {kind} of {size}; {layers} to compare by."


def _details(examined: Examined) -> tuple[Detail, ...]:
    layers = " · ".join(f"{cut.name} {cut.dimension}" for cut in examined.layers)
    return (
        Detail("Input", f"{examined.input_name}, {examined.layout}, {examined.channels} channels"),
        Detail("Layers", layers),
        Detail("Numbers", f"{examined.precision}, opset {examined.opset}"),
        Detail("Several at once", "yes" if examined.batch_free else "no, one photo at a time"),
        Detail("Made by", examined.producer or "not stated"),
        Detail("File", wording.byte_size(examined.bytes)),
        Detail("SHA-256", examined.sha256, path=True),
    )
