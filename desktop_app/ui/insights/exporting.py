"""Sending the report: asks for its head and where to, and writes PDF, HTML, XLSX or CSV."""

from __future__ import annotations

import html
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
from desktop_app.ui.insights.paper import Chart, Paper, ThemePart
from desktop_app.ui.insights.report_dialog import ReportDialog
from desktop_app.ui.insights.reporting import Reporting
from desktop_app.ui.insights.telling import Counted, theme_views
from desktop_app.ui.insights.values import BoardView, Counting, RatioRow, ReportSettings, local, period

_FILTERS = {
    "pdf": ("Report.pdf", "PDF (*.pdf)"),
    "html": ("Report.html", "Web page (*.html)"),
    "tables": ("Report.xlsx", "Spreadsheet (*.xlsx);;Tables (*.csv)"),
}
_PLAIN_TITLE = "Themes and how they did"
_FEW_SHOWN = 4
_SURE = ("Clear", "Likely")


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


def make_paper(
    counted: Counted,
    view: BoardView,
    settings: ReportSettings,
    counting: Counting,
    order: list[int],
    thumbnails: dict[int, QImage],
) -> Paper:
    """What is printed, from what the window shows."""
    views = theme_views(counted, view, settings)
    kept = [key for key in order if key in views and views[key].in_report]
    rows = {row.key: row for row in view.rows}
    parts = []
    for key in kept:
        one = views[key]
        if one.row.ratio is None and not one.comment:
            continue  # too few to say: its row in the chart says so
        typical = counted.typical.get(key, ())
        photos = tuple(int(p) for p in typical if counting.competitors_pictures or p not in counted.theirs)
        more = " ".join(part for part in (one.typical, one.hours) if part)
        said = one.row.sentence(view.what).removeprefix(f"{one.row.name}: ")
        sentence = f"Posts in this theme earned {said}" if one.row.figure else said
        parts.append(ThemePart(one.row.name, sentence, more, one.comment, photos, one.best, one.worst))
    inside = set(kept)
    charts = (
        _board_chart([rows[key] for key in kept], view.what),
        Chart("Quarters", view.quarters_words, _kept(view.quarters, inside), view.what),
        Chart("Hours", "Counted apart from the themes and from the weekday.", view.hours, view.what, "Hour"),
        Chart("Weekdays", "Counted apart from the themes and from the hour.", view.weekdays, view.what, "Weekday"),
        Chart(
            "You and competitors",
            "Each against its own account's usual: a dot is yours, a diamond is theirs.",
            _kept(view.compared, inside),
            view.compared_what,
        ),
    )
    months = tuple(row for row in view.months if row.key in inside and any(p.ratio is not None for p in row.months))
    moving = " ".join(row.sentence for row in months if row.sentence)
    today = local(time.time())
    return Paper(
        settings.title or _PLAIN_TITLE,
        settings.client,
        settings.period,
        QImage(settings.logo) if settings.logo else QImage(),
        _summary(view, [rows[key] for key in kept]),
        tuple(chart for chart in charts if chart.rows),
        tuple(parts),
        months,
        moving or "No theme rises or falls by more than chance explains.",
        view.what,
        _methods(counted),
        f"Made on {today.day} {today:%B %Y}.",
        thumbnails,
    )


def _board_chart(rows: list[RatioRow], what: str) -> Chart:
    """The board; where many themes have too few posts, they are told in one line instead of a page each."""
    few = [row for row in rows if row.ratio is None]
    if len(few) <= _FEW_SHOWN:
        return Chart("Themes", "", tuple(rows), what)
    posts = sum(row.posts for row in few)
    words = f"{len(few)} more themes with {posts:,} posts between them are too small to say anything about."
    return Chart("Themes", words, tuple(row for row in rows if row.ratio is not None), what)


def _kept(rows: tuple[RatioRow, ...], inside: set[int]) -> tuple[RatioRow, ...]:
    return tuple(row for row in rows if row.key in inside)


def _summary(view: BoardView, rows: list[RatioRow]) -> tuple[str, ...]:
    """What was found, first; what it rests on, after it."""
    found = []
    for more, word in ((True, "more"), (False, "fewer" if view.what != "reach" else "less")):
        names = [f"“{row.name}”" for row in rows if row.verdict in _SURE and ((row.ratio or 1) > 1) == more]
        if names:
            listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
            found.append(f"Posts in {listed} earned {word} {view.what} than usual.")
    first = " ".join(found) or "No theme differs from the usual by more than chance explains."
    left = f" Not counted: {view.left_out}." if view.left_out else ""
    return first, f"{view.summary}{left}"


def _methods(counted: Counted) -> tuple[str, ...]:
    """The words of the web page's note, without their markup."""
    from desktop_app.core.insights.report_parts import methods_part

    parts = re.findall(r"<p>(.*?)</p>", methods_part(counted.findings), re.DOTALL)
    return tuple(html.unescape(re.sub(r"<[^>]+>", "", part)) for part in parts)


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
