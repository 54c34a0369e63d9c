"""What people look for that photos show no name of, and what may be in such photos instead."""

from __future__ import annotations

import functools
import tomllib

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.words import forms

RELATED = "related.toml"


def related(word: str) -> tuple[str, ...]:
    """Things that may be in photos of something else: "candle" for "birthday"; none where nobody thought of it.

    Raises:
        UserError: the words of the program are missing.
    """
    known = _related()
    found = (known[form] for form in forms.singulars(" ".join(word.lower().split()), {}) if form in known)
    return next(found, ())


@functools.cache
def _related() -> dict[str, tuple[str, ...]]:
    try:
        table = tomllib.loads((paths.resources_dir() / "words" / RELATED).read_text("utf-8"))
        return {
            word: tuple(others)
            for group in table["related"]
            for word, others in ((word, group["things"]) for word in group["words"])
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError("A part of Likeness is missing. Install it again.", f"resources/words: {error}") from error
