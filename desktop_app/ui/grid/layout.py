"""Where each photo of a grid lies: arithmetic only, so that 100,000 photos cost as much as ten."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect

SMALLEST, LARGEST, USUAL = 96, 320, 168
SIZES = (96, 120, 144, 168, 200, 240, 280, 320)
"""Wanted cell widths that the keys step through, device-independent pixels."""
BADGES_FROM = 120
"""Below this wanted size gaps are narrow and badges are left out."""


class Layout:
    """The places of `count` square photos in lines of equal length, filling the width.

    Coordinates are device-independent pixels from the top left of the content. Immutable by agreement.

    Args:
        count: how many photos.
        width: of the content, without a scroll bar.
        wanted: how wide a cell should be at least; as many columns as fit share the width evenly.
        starts: first rows of sections, ascending, the first 0; each begins a line below a heading.
        heading: height of a heading.

    Attributes:
        columns: photos in a line.
        side: of a photo.
        gap: between photos and around them.
        height: of the content.
    """

    def __init__(self, count: int, width: int, wanted: int, starts: Sequence[int] = (), heading: int = 0) -> None:
        self.count = count
        self.gap = 8 if wanted >= BADGES_FROM else 4
        self._inner = max(width - self.gap, self.gap + 1)
        self.columns = max(1, self._inner // wanted)
        self.side = max(1, self._inner // self.columns - self.gap)
        self.pitch = self.side + self.gap
        self._heading = heading if starts else 0
        self._starts = [start for start in starts if start < count] or [0]
        self._lines: list[int] = []  # first line of each section
        self._tops: list[int] = []  # top of the first line of each section
        line, top = 0, self.gap
        for start, end in zip(self._starts, [*self._starts[1:], count], strict=True):
            top += self._heading
            self._lines.append(line)
            self._tops.append(top)
            lines = -(-(end - start) // self.columns)
            line += lines
            top += lines * self.pitch
        self.lines = line
        self.height = top if count else 0

    def rect(self, row: int) -> QRect:
        """The photo's square, without the gap around it."""
        line, column = self.place(row)
        return QRect(self._left(column), self.top(line), self.side, self.side)

    def start_of(self, row: int) -> int:
        """What has to stand at the upper edge so that a row's line is whole on screen with its heading."""
        line = self.place(row)[0]
        section = bisect_right(self._lines, line) - 1
        top = self.top(line) - self._heading
        return max(0, top if self._heading and line == self._lines[section] else top - self.gap) if line else 0

    def sticky_at(self, offset: int) -> tuple[int, int] | None:
        """The section whose heading stays at the upper edge while its photos scroll away below it.

        Args:
            offset: pixels of the content above the edge.

        Returns:
            Its number and the top of its heading below the edge, 0 or less where the next one pushes it out; None
            where the heading is at its own place.
        """
        if not self._heading or not self.count:
            return None
        section = bisect_right(self._tops, offset + self._heading) - 1
        if section < 0 or self._tops[section] - self._heading >= offset:
            return None
        end = self._tops[section + 1] - 2 * self._heading if section + 1 < len(self._tops) else offset
        return section, min(0, end - offset)

    def place(self, row: int) -> tuple[int, int]:
        """Line and column of a row."""
        section = bisect_right(self._starts, row) - 1
        line, column = divmod(row - self._starts[section], self.columns)
        return self._lines[section] + line, column

    def top(self, line: int) -> int:
        """The top of a line's photos."""
        section = bisect_right(self._lines, line) - 1
        return self._tops[section] + (line - self._lines[section]) * self.pitch

    def line_rows(self, line: int) -> range:
        """The rows of a line."""
        section = bisect_right(self._lines, line) - 1
        start = self._starts[section] + (line - self._lines[section]) * self.columns
        end = self._starts[section + 1] if section + 1 < len(self._starts) else self.count
        return range(start, min(start + self.columns, end))

    def row_at(self, point: QPoint) -> int:
        """The row whose cell, a photo with half the gap around it, holds `point`, or -1."""
        line = self._line_at(point.y())
        if not 0 <= line < self.lines:
            return -1
        if not 0 <= point.y() - self.top(line) + self.gap // 2 < self.pitch:  # on a heading
            return -1
        x = point.x() - self.gap // 2
        if not 0 <= x < self._inner:
            return -1
        column = min(x * self.columns // self._inner, self.columns - 1)
        rows = self.line_rows(line)
        return rows[column] if column < len(rows) else -1

    def rows_between(self, top: int, bottom: int) -> range:
        """The rows of all lines that `top <= y < bottom` touches, with the gap around them; always one range."""
        if not self.count:
            return range(0)
        first = max(0, self._line_at(top))
        last = min(max(0, self._line_at(bottom - 1)), self.lines - 1)
        if first >= self.lines or bottom <= top:
            return range(0)
        return range(self.line_rows(first).start, self.line_rows(last).stop)

    def columns_between(self, left: int, right: int) -> range:
        """The columns whose cells `left <= x < right` touches."""
        first = (left - self.gap // 2) * self.columns // self._inner
        last = (right - 1 - self.gap // 2) * self.columns // self._inner
        return range(max(0, first), min(self.columns, last + 1))

    def headings_between(self, top: int, bottom: int) -> list[tuple[int, QRect]]:
        """Number and rectangle of each section heading that `top <= y < bottom` touches."""
        if not self._heading or not self.count:
            return []
        first = max(0, bisect_right(self._tops, top) - 1)
        found = []
        for section in range(first, len(self._tops)):
            rect = QRect(self.gap, self._tops[section] - self._heading, self._inner - self.gap, self._heading)
            if rect.top() >= bottom:
                break
            if rect.bottom() >= top:
                found.append((section, rect))
        return found

    def vertical(self, row: int, lines: int) -> int:
        """The row `lines` further down (up if negative) in the same column, or the nearest there is."""
        line, column = self.place(row)
        if not 0 <= line + lines < self.lines and abs(lines) == 1:
            return row
        rows = self.line_rows(min(max(line + lines, 0), self.lines - 1))
        return rows[min(column, len(rows) - 1)]

    def paged(self, row: int, pixels: int) -> int:
        """The row at most so many pixels further down (up if negative) in the same column, but in another line."""
        line, column = self.place(row)
        middle = self.top(line) + self.side // 2
        aim = min(max(self._line_at(middle + pixels), 0), self.lines - 1)
        if pixels > 0:
            while aim > line + 1 and self.top(aim) + self.side // 2 > middle + pixels:
                aim -= 1
            aim = max(aim, min(line + 1, self.lines - 1))
        else:
            while aim < line - 1 and self.top(aim) + self.side // 2 < middle + pixels:
                aim += 1
            aim = min(aim, max(line - 1, 0))
        rows = self.line_rows(aim)
        return rows[min(column, len(rows) - 1)]

    def _left(self, column: int) -> int:
        return self.gap + column * self._inner // self.columns

    def _line_at(self, y: int) -> int:
        """The line that `y` falls on, the gap above and below shared; a heading belongs to the line above it."""
        y += self.gap // 2
        section = max(0, bisect_right(self._tops, y) - 1)
        line = self._lines[section] + (y - self._tops[section]) // self.pitch
        end = self._lines[section + 1] if section + 1 < len(self._lines) else self.lines
        return min(line, end - 1) if section + 1 < len(self._lines) else line
