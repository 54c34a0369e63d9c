"""Sending the report: asks for its head and where to, and writes PDF, HTML, XLSX or CSV."""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QFontInfo, QImage
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.insights.report_wishes import Wishes
from desktop_app.core.library import Library
from desktop_app.core.types import PhotoId, Progress
from desktop_app.ui.desk import Desk
from desktop_app.ui.insights import paper
from desktop_app.ui.insights.board_values import Counting, ReportSettings
from desktop_app.ui.insights.paper import Paper
from desktop_app.ui.insights.paper_making import make_paper
from desktop_app.ui.insights.report_dialog import ReportDialog
from desktop_app.ui.insights.reporting import Reporting
from desktop_app.ui.insights.telling import Counted
from desktop_app.ui.insights.values import period

_FILTERS = {
    "pdf": ("Report.pdf", "PDF (*.pdf)"),
    "html": ("Report.html", "Web page (*.html)"),
    "tables": ("Report.xlsx", "Spreadsheet (*.xlsx);;Tables (*.csv)"),
}


class Exporting(QObject):
    """Writes the report that the board shows."""

    def __init__(self, desk: Desk, reporting: Reporting) -> None:
        super().__init__(desk.window)
        self._desk, self._reporting = desk, reporting
        self._thumbnails: dict[int, QImage] = {}
        self.dialog: ReportDialog | None = None

    @Slot()
    def ask(self) -> None:
        """Ask for the head of the report, and show its first page."""
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        if self._reporting.now is None or self._reporting.view is None or not self._reporting.view.posts:
            self._desk.status.show_message("There is nothing to report yet.")
            return
        settings = self._reporting.settings()
        counted = self._reporting.now
        if not settings.period:
            settings = replace(settings, period=period(counted.first, counted.last))
        dialog = self.dialog = ReportDialog(self._desk.theme, settings, self._desk.window)
        dialog.settingsChanged.connect(self._head_changed)
        dialog.saveAsked.connect(self._choose_file)
        dialog.destroyed.connect(self._closed)
        self._show_page()
        self._fetch()
        dialog.open()

    @Slot()
    def _closed(self) -> None:
        self.dialog = None

    @Slot(object)
    def _head_changed(self, settings: ReportSettings) -> None:
        self._reporting.set_head(settings)
        self._show_page()

    def _fetch(self) -> None:
        """Bring the pictures that are printed; the page is shown anew when they are there."""
        library, made = self._desk.session.library, self._paper()
        if library is None or made is None:
            return
        wanted = [PhotoId(one) for one in paper.wanted(made.themes, made.charts) if one not in self._thumbnails]
        job = self._desk.session.query.submit(lambda: _images(library, wanted), name="pictures of a report")
        job.succeeded.connect(self._take_images)

    @Slot(object)
    def _take_images(self, images: dict[int, QImage]) -> None:
        self._thumbnails |= images
        self._show_page()

    def _show_page(self) -> None:
        made = self._paper()
        if self.dialog is not None and made is not None:
            ratio = self.dialog.devicePixelRatioF()
            self.dialog.show_page(paper.page_image(made, self._family(), max(1.0, ratio)))

    def _family(self) -> str:
        return QFontInfo(self._desk.theme.font()).family()

    def _paper(self) -> Paper | None:
        counted, view = self._reporting.now, self._reporting.view
        if counted is None or view is None:
            return None
        settings = self.dialog.settings if self.dialog is not None else self._reporting.settings()
        return make_paper(
            counted, view, settings, self._reporting.counting, self._reporting.order(), dict(self._thumbnails)
        )

    # --- writing ---------------------------------------------------------------------------------------------

    @Slot(str)
    def _choose_file(self, kind: str) -> None:
        if self.dialog is None:
            return
        name, wish = _FILTERS[kind]
        settings = self.dialog.settings
        title = re.sub(r'[\\/:*?"<>|]', " ", settings.title or settings.client).strip()
        if title:
            name = f"{title}{Path(name).suffix}"
        chosen, chosen_filter = QFileDialog.getSaveFileName(self.dialog, "Export report", name, wish)
        if not chosen:
            return
        path = Path(chosen)
        if not path.suffix:
            path = path.with_suffix(".csv" if "csv" in chosen_filter else Path(name).suffix)
        self._reporting.set_head(settings)
        self.write(kind, path)

    def write(self, kind: str, path: Path) -> None:
        """Write the report: "pdf", "html" or "tables"."""
        library, counted, made = self._desk.session.library, self._reporting.now, self._paper()
        if library is None or counted is None or made is None:
            return
        settings = self.dialog.settings if self.dialog is not None else self._reporting.settings()
        if kind == "pdf":
            operation = _write_pdf(library, made, path, self._family())
        elif kind == "html":
            operation = _write_html(library, counted, settings, self._reporting.counting, path)
        else:
            operation = _write_tables(counted, settings, path)
        if self.dialog is not None:
            self.dialog.set_busy(True)
        job = self._desk.background.start(
            operation, "writing a report", "Writing the report", lane=self._desk.session.compute, pause=False
        )
        job.succeeded.connect(self._written)
        job.failed.connect(self._desk.report)
        job.finished.connect(self._done)

    @Slot()
    def _done(self) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(False)

    @Slot(object)
    def _written(self, path: Path) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._desk.status.show_message(
            f"Saved “{path.name}”.",
            [
                ("Open", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))),
                ("Show folder", partial(self._desk.show_file, path)),
            ],
        )


def _images(library: Library, wanted: list[PhotoId]) -> dict[int, QImage]:
    from desktop_app.core.operations.insights import thumbnails

    return {int(photo): QImage.fromData(data) for photo, data in thumbnails(library, wanted).items()}


def _write_pdf(library: Library, made: Paper, path: Path, family: str) -> Generator[Progress, None, Path]:
    yield Progress("Collecting pictures")
    missing = [PhotoId(one) for one in paper.wanted(made.themes, made.charts) if one not in made.thumbnails]
    images = _images(library, missing) if missing else {}
    yield Progress("Writing the report")
    paper.write_pdf(replace(made, thumbnails={**made.thumbnails, **images}), path, family)
    return path


def _wishes(settings: ReportSettings, counting: Counting) -> Wishes:
    logo = b""
    if settings.logo and Path(settings.logo).is_file():
        logo = Path(settings.logo).read_bytes()
    return Wishes(
        settings.title,
        settings.client,
        settings.period,
        logo,
        dict(settings.comments),
        settings.order,
        settings.left_out,
        counting.competitors_pictures,
        time.time(),
    )


def _write_html(
    library: Library, counted: Counted, settings: ReportSettings, counting: Counting, path: Path
) -> Generator[Progress, None, Path]:
    from desktop_app.core.operations.insights import write_report

    wishes = _wishes(settings, counting)
    return (yield from write_report(library, counted.findings, wishes, path, counted.typical))


def _write_tables(counted: Counted, settings: ReportSettings, path: Path) -> Generator[Progress, None, Path]:
    from desktop_app.core.insights.report_tables import tables
    from desktop_app.core.operations.insights_files import write_tables

    yield Progress("Writing tables")
    shown = [row.theme for row in counted.findings.board.rows if row.theme not in settings.left_out]
    return write_tables(tables(counted.findings, shown), path)[0]
