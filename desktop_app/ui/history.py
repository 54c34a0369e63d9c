"""The way back and forward through views, like a browser's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from desktop_app.core.types import Order
from desktop_app.ui.browsing import View
from desktop_app.ui.grid import Place


@dataclass(slots=True)
class Step:
    """One place on the way: a view and where one was in it."""

    view: View
    place: Place | None = None


@dataclass(slots=True)
class History:
    """Back and forward, like a browser's."""

    steps: list[Step] = field(default_factory=lambda: [Step(View())])
    at: int = 0

    @property
    def now(self) -> Step:
        """Where one is."""
        return self.steps[self.at]

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step before."""
        return self.at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a step after."""
        return self.at + 1 < len(self.steps)

    def go(self, view: View, leaving: Place | None) -> None:
        """Go on to another view; what was ahead is forgotten."""
        self.now.place = leaving
        del self.steps[self.at + 1 :]
        self.steps.append(Step(view))
        del self.steps[:-100]
        self.at = len(self.steps) - 1

    def move(self, by: int, leaving: Place | None) -> Step | None:
        """Go back (-1) or forward (1); None where there is no such step."""
        if not 0 <= self.at + by < len(self.steps):
            return None
        self.now.place = leaving
        self.at += by
        return self.now

    def last(self, is_it: Callable[[View], bool]) -> Step | None:
        """The latest step before this one whose view is such a one."""
        return next((one for one in reversed(self.steps[: self.at]) if is_it(one.view)), None)

    @property
    def plain_order(self) -> Order:
        """The order of the last view without a search."""
        for step in reversed(self.steps[: self.at + 1]):
            if not step.view.is_search and step.view.order is not Order.LIKENESS:
                return step.view.order
        return Order.DATE

    def amend(self, view: View) -> None:
        """The same step, told differently: another order."""
        self.now.view = view
