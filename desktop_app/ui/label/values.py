"""What the widgets of the Label page show: small frozen values, and the words made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_app.core import wording
from desktop_app.core.labelling import Answer, AnswerId, LabelSet

PRESELECT_FROM = 0.60
"""A guess less sure than this is shown but not taken by Enter."""
BOARD_SIZE = 40
"""Photos on a board of equal guesses."""
FEW = 5
"""Labels each answer needs before an accuracy is stated."""
NONE_KEY = "0"
_DIGITS = "123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Guess:
    """What the classifier takes a photo for.

    Attributes:
        answer: the most likely answer.
        sure: its probability, 0 to 1.
        unlike: whether the photo is unlike anything labelled; then it is "not sure" whatever `sure` says.
    """

    answer: AnswerId
    sure: float
    unlike: bool = False

    @property
    def is_preselected(self) -> bool:
        """Whether Enter takes it."""
        return self.sure >= PRESELECT_FROM and not self.unlike


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the classifier is, as far as it is known.

    Attributes:
        right: share of right answers, 0 to 1; None while there are too few labels to say.
        low, high: the range it is likely in.
        tested: how many labels it was tested on.
        is_spot_check: whether it comes from random photos that were answered without seeing the guess.
        advice: what would help most, and why; "" where nothing is known.
        words: the sentence, where it is said already.
    """

    right: float | None = None
    low: float = 0.0
    high: float = 1.0
    tested: int = 0
    is_spot_check: bool = False
    advice: str = ""
    words: str = ""


def free_keys(taken: Iterable[str]) -> list[str]:
    """Keys that answers may have and nobody has: digits first, then letters."""
    used = {key.lower() for key in taken}
    return [key for key in _DIGITS + _LETTERS if key not in used]


def parse_answers(words: str) -> list[str]:
    """The answers written one per line: trimmed, without empty lines and repetitions."""
    lines = (" ".join(line.split()) for line in words.splitlines())
    seen: dict[str, str] = {}
    for line in lines:
        if line:
            seen.setdefault(line.casefold(), line)
    return list(seen.values())


def answer_of_key(label_set: LabelSet, key: str) -> Answer | None:
    """The answer whose key was pressed."""
    return next((answer for answer in label_set.answers if answer.key and answer.key.lower() == key.lower()), None)


def percent(share: float) -> str:
    """`87 %`; what is not all is never called 100 %."""
    return f"{min(round(100 * share), 99) if share < 1 else 100} %"


def in_hundred(share: float) -> int:
    """Times in 100, whole."""
    return round(100 * share)


def quality_words(quality: Quality, counts: Sequence[tuple[str, int]]) -> str:
    """The meter's sentence.

    Args:
        quality: what is known.
        counts: name of each answer with how many looked-at labels it has.
    """
    if quality.words:
        return quality.words
    if quality.right is not None:
        tested = "random photos" if quality.is_spot_check else "labels"
        return (
            f"Right about {in_hundred(quality.right)} times in 100 (likely {in_hundred(quality.low)}"
            f"\N{EN DASH}{in_hundred(quality.high)}), tested on {wording.number(quality.tested)} {tested}."
        )
    given = [count for _, count in counts if count]
    if len(counts) == 1:
        return f"Nothing is guessed from one answer alone. Add what “{counts[0][0]}” is to be told from."
    if len(given) == 1:
        return "Too few labels to say: only one answer has been given so far."
    short = [(name, count) for name, count in counts if count < FEW]
    if short:
        name, count = min(short, key=lambda item: item[1])
        return f"Too few labels to say: give each answer at least {FEW}. “{name}” has {wording.number(count)}."
    return "Not tested yet."


def to_do(advice: str) -> str:
    """Of an advice's sentences the ones that say what to do, for where there is little room."""
    sentences = [one.strip() for one in advice.replace(". ", ".\n").splitlines() if one.strip()]
    at = next((at for at, one in enumerate(sentences) if one.startswith(("Label ", "Look ", "Try "))), 0)
    return " ".join(sentences[at : at + 2])
