"""What the person says about a report: its head, own words, order, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.core.insights.board import ThemeRow


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person says about the report.

    Attributes:
        title: its head; a plain one where it is "".
        client: whom it is for.
        period: in words; "" writes the first and the last day of the posts that count.
        logo: JPEG or PNG; b"" for none.
        comments: own words to a theme.
        order: themes in the person's order; those not named follow by the cautious end of their range.
        left_out: themes that are not in it.
        competitors_pictures: False leaves out every picture of a competitor.
        made: when, seconds since 1970; None writes no date.
    """

    title: str = ""
    client: str = ""
    period: str = ""
    logo: bytes = b""
    comments: Mapping[int, str] = field(default_factory=dict)
    order: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    competitors_pictures: bool = True
    made: float | None = None


def ordered(rows: Sequence[ThemeRow], wishes: Wishes) -> tuple[ThemeRow, ...]:
    """The themes of the report in its order."""
    place = {theme: at for at, theme in enumerate(wishes.order)}
    kept = [row for row in rows if row.theme not in wishes.left_out]
    return tuple(sorted(kept, key=lambda row: place.get(row.theme, len(place))))
