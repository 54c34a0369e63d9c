"""Photos by words: what they show, what they are called, what was said of them, when and with what they were taken."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.core.library import Library
from desktop_app.core.searching import Words
from desktop_app.core.words.found import Completion, UnknownWord, WordMatches


class WordFinder:
    """Searches one library by words. Belongs to one thread; sees at its next call what was stored meanwhile.

    Args:
        library: the open library.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def close(self) -> None:
        """Let go of the vectors."""

    def warm_up(self) -> None:
        """Read all that a search reads, so that the first is as quick as the next."""

    def find(self, terms: Sequence[Words]) -> WordMatches:
        """Photos that fit all of the terms that are on, and none of the minus ones; best first."""
        raise NotImplementedError

    def complete(self, prefix: str, limit: int = 10) -> tuple[Completion, ...]:
        """What the last word of what is being typed may become, that finds photos here."""
        raise NotImplementedError

    def unknown(self, text: str) -> UnknownWord:
        """What to say of a word that finds nothing: words and folders that do."""
        raise NotImplementedError
