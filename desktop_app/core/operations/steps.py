"""Work that is done in steps, so that its lane can stop it or do something else in between."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias, TypeVar

from desktop_app.core.types import Progress

Result = TypeVar("Result")

Steps: TypeAlias = Generator[Progress, None, Result]
"""Every `yield` leaves things whole; the value is returned at the end."""


def through(steps: Steps[Result]) -> Result:
    """Do all steps at once."""
    try:
        while True:
            next(steps)
    except StopIteration as ended:
        result: Result = ended.value
        return result
