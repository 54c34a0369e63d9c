"""Step 2, Match: one sentence first, then the rest by reason with a button that puts it right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.ui.insights.values import MatchView, PostLine, Reason, ZoneRow
from desktop_app.ui.panels.layouts import take_out
from desktop_app.ui.panels.parts import Choice, ElidedLabel, PixmapSource, ScrollColumn, button, listen, text
from desktop_app.ui.theme import Theme

_SHOWN = 40
_THUMB = 56


class ReasonRow(QWidget):
    """So many are without the other, and why.

    Signals:
        fixAsked(str): of the reason's key.
    """

    fixAsked = Signal(str)

    def __init__(self, theme: Theme, reason: Reason, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = text(f"{reason.count:,}")
        self.count.setFont(theme.font(1.15, semi_bold=True))
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.count.setMinimumWidth(56)
        self.words = text(reason.words, wrap=True)
        self.fix = button(reason.fix)
        self.fix.setAccessibleName(f"{reason.fix}: {reason.count} {reason.words}")
        self.fix.setVisible(bool(reason.fix))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.count)
        row.addWidget(self.words, 1)
        row.addWidget(self.fix)
        self.fix.clicked.connect(lambda: self.fixAsked.emit(reason.key))


class ZoneWidget(QWidget):
    """A table's time zone: found, shown, changeable.

    Signals:
        zoneChosen(str, float): the source and its hours from UTC.
    """

    zoneChosen = Signal(str, float)

    def __init__(self, zone: ZoneRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = text(zone.sentence, wrap=True)
        self.hours = QDoubleSpinBox()
        self.hours.setRange(-12, 14)
        self.hours.setSingleStep(0.5)
        self.hours.setDecimals(2)
        self.hours.setValue(zone.hours)
        self.hours.setSuffix(" h from UTC")
        self.hours.setAccessibleName(f"Hours of {zone.name} from UTC")
        self.change = button("Change…", quiet=True)
        self.set_ = button("Use")
        self.hours.hide()
        self.set_.hide()
        self.change.setVisible(zone.changeable)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.hours)
        row.addWidget(self.set_)
        row.addWidget(self.change)
        self.change.clicked.connect(self._open)
        self.set_.clicked.connect(lambda: self.zoneChosen.emit(zone.source, self.hours.value()))

    @Slot()
    def _open(self) -> None:
        self.hours.show()
        self.set_.show()
        self.change.hide()
        self.hours.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hours.selectAll()


class LineWidget(QFrame):
    """One post, or one picture, that can be put right.

    Signals:
        pickAsked(int), leaveAsked(int): of the line. photoChosen(int, int): the line and one of its candidates.
    """

    pickAsked = Signal(int)
    leaveAsked = Signal(int)
    photoChosen = Signal(int, int)

    def __init__(self, line: PostLine, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._thumbnails = thumbnails
        self._pictures: list[tuple[QLabel | QWidget, int]] = []
        self.candidates: list[QWidget] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        for photo in line.photos[:4]:
            made = button("")
            made.setProperty("quiet", True)
            made.setFixedSize(_THUMB + 8, _THUMB + 8)
            made.setIconSize(QSize(_THUMB, _THUMB))
            made.setStyleSheet("padding: 0;")
            made.setToolTip("This picture belongs to it")
            made.setAccessibleName("This picture belongs to it")
            made.clicked.connect(lambda _=False, one=photo: self.photoChosen.emit(line.key, one))
            row.addWidget(made)
            self.candidates.append(made)
            self._pictures.append((made, photo))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(text(line.title, wrap=True))
        if line.caption:
            words.addWidget(ElidedLabel(line.caption, Qt.TextElideMode.ElideRight, "quiet"))
        if line.detail:
            words.addWidget(text(line.detail, "small", wrap=True))
        words.addStretch(1)
        row.addLayout(words, 1)
        self.pick = button("Pick a picture…")
        self.leave = button("Leave it", quiet=True, tip="It stays without, and is not asked about again")
        self.pick.setVisible(line.can_pick)
        self.leave.setVisible(line.can_leave)
        row.addWidget(self.pick)
        row.addWidget(self.leave)
        self.pick.clicked.connect(lambda: self.pickAsked.emit(line.key))
        self.leave.clicked.connect(lambda: self.leaveAsked.emit(line.key))
        self.setAccessibleName(f"{line.title}. {line.caption}")
        listen(thumbnails, self._draw)
        self._draw()

    @Slot()
    def _draw(self, *_: object) -> None:
        for widget, photo in self._pictures:
            found = self._thumbnails.pixmap(photo, _THUMB)
            if found is not None:
                widget.setIcon(found)  # type: ignore[union-attr]


class MatchStep(QWidget):
    """The sentence, the reasons, the zones, and the lines of the reason that is open.

    Signals:
        fixAsked(str): show the lines of a reason. zoneChosen(str, float): a source's hours from UTC.
        pickAsked(int), leaveAsked(int): of a line. photoChosen(int, int): a line and its picture.
        coverChosen(bool): whether a carousel's numbers belong to its first picture only.
        saveAsked(): the report of all lines as a file. againAsked(): match anew. onAsked(): to the themes.
    """

    fixAsked = Signal(str)
    zoneChosen = Signal(str, float)
    pickAsked = Signal(int)
    leaveAsked = Signal(int)
    photoChosen = Signal(int, int)
    coverChosen = Signal(bool)
    saveAsked = Signal()
    onAsked = Signal()

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self.reasons: dict[str, ReasonRow] = {}
        self.zones: list[ZoneWidget] = []
        self.lines: dict[int, LineWidget] = {}
        self.sentence = text("", wrap=True)
        self.sentence.setFont(theme.font(1.5, semi_bold=True))
        self.open_title = text("", "section")
        self.more = text("", "quiet", wrap=True)
        self.cover = Choice(theme)
        self.cover.addItem("each of its pictures in equal parts", False)
        self.cover.addItem("its first picture", True)
        self.cover.setAccessibleName("The numbers of a carousel belong to")
        self.save = button("Save list…", quiet=True, tip="Every post and picture with what became of it, as a table")
        self.go_on = button("Continue", default=True)
        self._scroll = ScrollColumn()
        self._reasons, self._zones, self._lines = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for one in (self._reasons, self._zones, self._lines):
            one.setSpacing(8)
        carousel = QHBoxLayout()
        carousel.setSpacing(8)
        carousel.addWidget(text("The numbers of a carousel belong to"))
        carousel.addWidget(self.cover)
        carousel.addStretch(1)
        column = QVBoxLayout(self._scroll.content)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.sentence)
        column.addLayout(self._reasons)
        column.addSpacing(4)
        column.addLayout(self._zones)
        column.addLayout(carousel)
        column.addSpacing(8)
        column.addWidget(self.open_title)
        column.addLayout(self._lines)
        column.addWidget(self.more)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 8, 24, 12)
        foot.setSpacing(8)
        foot.addWidget(self.save)
        foot.addStretch(1)
        foot.addWidget(self.go_on)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(foot)
        self.cover.activated.connect(lambda: self.coverChosen.emit(bool(self.cover.currentData())))
        self.save.clicked.connect(self.saveAsked)
        self.go_on.clicked.connect(self.onAsked)
        self.show_lines("", ())

    def show_match(self, view: MatchView) -> None:
        """Show what belongs together and what does not."""
        self.sentence.setText(view.sentence)
        focus = self.window().focusWidget()
        lost = any(old.isAncestorOf(focus) for old in (*self.reasons.values(), *self.zones)) if focus else False
        take_out(self._reasons, *self.reasons.values())
        take_out(self._zones, *self.zones)
        self.reasons, self.zones = {}, []
        for reason in view.reasons:
            made = self.reasons[reason.key] = ReasonRow(self._theme, reason)
            made.fixAsked.connect(self.fixAsked)
            self._reasons.addWidget(made)
        for zone in view.zones:
            shown = ZoneWidget(zone)
            shown.zoneChosen.connect(self.zoneChosen)
            self.zones.append(shown)
            self._zones.addWidget(shown)
        self.cover.setCurrentIndex(1 if view.cover_only else 0)
        self.save.setEnabled(bool(view.posts))
        self.go_on.setEnabled(bool(view.matched))
        if lost and self.isVisible():  # the keyboard stays on the step, not in the next field of the window
            self.focus_first()

    def show_lines(self, title: str, lines: Sequence[PostLine]) -> None:
        """Show the lines of one reason; "" for none."""
        take_out(self._lines, *self.lines.values())
        self.lines = {}
        for line in lines[:_SHOWN]:
            made = self.lines[line.key] = LineWidget(line, self._thumbnails)
            for name in ("pickAsked", "leaveAsked", "photoChosen"):
                getattr(made, name).connect(getattr(self, name))
            self._lines.addWidget(made)
        self.open_title.setText(title)
        self.open_title.setVisible(bool(title))
        rest = len(lines) - _SHOWN
        self.more.setText(f"{rest:,} more follow when these are settled; “Save list…” has all of them.")
        self.more.setVisible(rest > 0)

    def focus_first(self) -> None:
        """Give the keyboard to what is to be done next."""
        first = next(iter(self.reasons.values()), None)
        target = first.fix if first is not None and first.fix.isVisibleTo(self) else self.go_on
        target.setFocus(Qt.FocusReason.OtherFocusReason)
