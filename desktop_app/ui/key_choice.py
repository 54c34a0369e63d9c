"""The person's own keys: which command has which, and what a wish for another would clash with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtGui import QKeySequence

from desktop_app.ui.commands import COMMANDS

Keys = dict[str, tuple[str, ...]]
"""The keys of every command, by its key in code; an empty tuple where it has none."""

_FIXED = {
    "Esc": "one step out",
    "Tab": "next control",
    "Shift+Tab": "previous control",
    "Space": "look closer",
    "Return": "open or accept",
    "Enter": "open or accept",
}


def usual() -> Keys:
    """The keys as they come."""
    return {command.key: command.keys for command in COMMANDS if command.key}


def read(lines: Iterable[str]) -> Keys:
    """The keys in force: the usual ones, and over them the remembered lines "command=key key"."""
    keys = usual()
    for line in lines:
        name, _, words = line.partition("=")
        if name in keys:
            keys[name] = tuple(word for word in words.split(" ") if word and portable(word))
    return keys


def write(keys: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What of `keys` differs from the usual ones, as lines to remember."""
    return tuple(f"{name}={' '.join(own)}" for name, own in keys.items() if own != usual().get(name))


def portable(keys: str) -> str:
    """A key as it is written on every system, "Ctrl+Shift+K"; "" for what is none."""
    sequence = QKeySequence(keys, QKeySequence.SequenceFormat.PortableText)
    return sequence.toString(QKeySequence.SequenceFormat.PortableText) if sequence.count() == 1 else ""


def refusal(keys: Mapping[str, tuple[str, ...]], command: str, wish: str) -> str:
    """Why `command` cannot have the key `wish`; "" where it can.

    Bare letters and digits stay free: they belong to the photo areas and, on the Label page, to the answers.
    """
    wish = portable(wish)
    if not wish:
        return "This key cannot be used."
    if wish in _FIXED:
        return f"{wish} always means: {_FIXED[wish]}."
    if len(wish) == 1 or (wish.startswith("Shift+") and len(wish) == len("Shift+") + 1):
        return "Single letters and digits belong to the photos and to your answers. Add Ctrl or Alt."
    if "Ctrl+Alt+" in wish:
        return "Ctrl and Alt together type letters on many keyboards. Choose another."
    for other, own in keys.items():
        if other != command and wish in {portable(key) for key in own}:
            words = next(one.words for one in COMMANDS if one.key == other).rstrip("…")
            return f"{wish} is taken by “{words}”."
    return ""
