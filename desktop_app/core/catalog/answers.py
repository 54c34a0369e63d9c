"""Label sets and their answers: names, keys, and their order.

Names are unique whatever their case or Unicode form; keys are unique within a set. Both are checked here and not by
the file, so that undo may exchange two of them.
"""

from __future__ import annotations

import sqlite3
import string
import time
import unicodedata
from collections.abc import Iterable, Sequence, Set

from desktop_app.core.errors import UserError
from desktop_app.core.labelling import Answer, AnswerId, Kind, LabelSet, LabelSetId

KEYS = "123456789" + string.ascii_lowercase
"""Keys in the order in which new answers get them; 0 is always "none of these"."""

REMOVED_FOR = 30 * 24 * 3600.0
"""Seconds a removed label set can be brought back."""


def clean_name(name: str) -> str:
    """A name as it is kept: one line, composed, without spaces around it.

    Raises:
        UserError: nothing is left.
    """
    # file names may hold bytes that are no text: kept out of the catalogue, which holds UTF-8
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = unicodedata.normalize("NFC", " ".join(text.replace("\0", " ").split()))
    if not text:
        raise UserError("A name needs at least one letter.")
    return text


def folded(name: str) -> str:
    """What two names that count as the same have in common."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


# --- sets ----------------------------------------------------------------------------------------------------


def create_set(
    connection: sqlite3.Connection, name: str, kind: Kind = "classes", answers: Iterable[str] = ()
) -> LabelSet:
    """Make a label set whose answers get keys at once; a name that is there twice becomes one answer.

    Raises:
        UserError: another set has this name, or a name is empty.
    """
    name = clean_name(name)
    _refuse_set(connection, name)
    cursor = connection.execute("INSERT INTO label_sets (name, kind) VALUES (?, ?)", (name, kind))
    made = LabelSetId(cursor.lastrowid or 0)
    unique: dict[str, str] = {}
    for answer in answers:
        unique.setdefault(folded(clean_name(answer)), clean_name(answer))
    keys = _keys_for(list(unique.values()), set())
    for place, (text, key) in enumerate(keys.items()):
        connection.execute(
            "INSERT INTO answers (label_set, name, key, place) VALUES (?,?,?,?)", (made, text, key, place)
        )
    return get_set(connection, made)


def all_sets(connection: sqlite3.Connection) -> tuple[LabelSet, ...]:
    """Every label set that was not removed, oldest first."""
    rows = connection.execute("SELECT id FROM label_sets WHERE removed IS NULL ORDER BY id").fetchall()
    return tuple(get_set(connection, LabelSetId(row[0])) for row in rows)


def find_set(connection: sqlite3.Connection, name: str) -> LabelSet | None:
    """The set of this name in any case, unless it was removed."""
    rows = connection.execute("SELECT id, name FROM label_sets WHERE removed IS NULL ORDER BY id").fetchall()
    wanted = folded(clean_name(name))
    found = next((row[0] for row in rows if folded(row[1]) == wanted), None)
    return None if found is None else get_set(connection, LabelSetId(found))


def get_set(connection: sqlite3.Connection, id_: LabelSetId) -> LabelSet:
    """The set of this id, also when it was removed.

    Raises:
        UserError: it is gone for good.
    """
    row = connection.execute("SELECT name, kind FROM label_sets WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise UserError("This label set is no longer there.")
    answers = connection.execute(
        "SELECT id, name, key FROM answers WHERE label_set = ? AND removed = 0 ORDER BY place, id", (id_,)
    )
    return LabelSet(id_, row[0], row[1], tuple(Answer(AnswerId(a), n, k, at) for at, (a, n, k) in enumerate(answers)))


def is_removed(connection: sqlite3.Connection, id_: LabelSetId) -> bool:
    """Whether a set is out of sight."""
    row = connection.execute("SELECT removed IS NOT NULL FROM label_sets WHERE id = ?", (id_,)).fetchone()
    return row is None or bool(row[0])


def rename_set(connection: sqlite3.Connection, id_: LabelSetId, name: str) -> None:
    """Give a set another name.

    Raises:
        UserError: another set has it, or it is empty.
    """
    name = clean_name(name)
    _refuse_set(connection, name, but=id_)
    connection.execute("UPDATE label_sets SET name = ? WHERE id = ?", (name, id_))


def remove_set(connection: sqlite3.Connection, id_: LabelSetId) -> None:
    """Take a set out of sight; its labels stay for `REMOVED_FOR` seconds."""
    connection.execute("UPDATE label_sets SET removed = ? WHERE id = ?", (time.time(), id_))


def restore_set(connection: sqlite3.Connection, id_: LabelSetId) -> None:
    """Bring a removed set back; where its name was taken meanwhile, a number is put behind it."""
    name = get_set(connection, id_).name
    connection.execute(
        "UPDATE label_sets SET removed = NULL, name = ? WHERE id = ?", (_free(connection, name, id_), id_)
    )


def all_ids(connection: sqlite3.Connection) -> frozenset[LabelSetId]:
    """The ids of all sets, also of those that were removed and can be brought back."""
    return frozenset(LabelSetId(row[0]) for row in connection.execute("SELECT id FROM label_sets"))


def purge_sets(connection: sqlite3.Connection, now: float) -> None:
    """Forget sets that were removed long ago, with their labels."""
    connection.execute("DELETE FROM label_sets WHERE removed < ?", (now - REMOVED_FOR,))


def _refuse_set(connection: sqlite3.Connection, name: str, but: LabelSetId | None = None) -> None:
    taken = find_set(connection, name)
    if taken is not None and taken.id != but:
        raise UserError(f"There is already a label set “{taken.name}”.")


def _free(connection: sqlite3.Connection, name: str, but: LabelSetId) -> str:
    wish, number = name, 1
    while (taken := find_set(connection, wish)) is not None and taken.id != but:
        number += 1
        wish = f"{name} {number}"
    return wish


# --- answers -------------------------------------------------------------------------------------------------


def need_answer(defined: LabelSet, answer: AnswerId) -> Answer:
    """An answer of a set.

    Raises:
        UserError: it was removed or merged meanwhile.
    """
    found = defined.answer(answer)
    if found is None:
        raise UserError(f"This answer is no longer in “{defined.name}”.")
    return found


def free_key(defined: LabelSet) -> str:
    """The first key that no answer has; "" when all are given."""
    taken = {answer.key for answer in defined.answers}
    return next((key for key in KEYS if key not in taken), "")


def _keys_for(names: Sequence[str], taken: Set[str]) -> dict[str, str]:
    """A key for each new answer: a digit gives itself, the others the first that are free, in their order."""
    own = {name for name in names if name in KEYS[:9] and name not in taken and len(name) == 1}
    free = (key for key in KEYS if key not in taken and key not in own)
    return {name: name if name in own else next(free, "") for name in names}


def add_answer(connection: sqlite3.Connection, label_set: LabelSetId, name: str, key: str | None = None) -> Answer:
    """Add an answer at the end. A `key` of None gives it the first free one, "" none.

    Raises:
        UserError: another answer has the name or the key.
    """
    defined = get_set(connection, label_set)
    name = clean_name(name)
    _refuse_name(defined, name)
    key = free_key(defined) if key is None else _usable_key(defined, key)
    made = _insert_answer(connection, label_set, name, key, _next_place(connection, label_set))
    return Answer(made, name, key, len(defined.answers))


def need_answers(connection: sqlite3.Connection, label_set: LabelSetId, names: Iterable[str]) -> dict[str, AnswerId]:
    """The answers of these names by `folded` name; those that are lacking are added in the order of first mention.

    Raises:
        UserError: a name is empty.
    """
    defined = get_set(connection, label_set)
    found = {folded(answer.name): answer.id for answer in defined.answers}
    lacking: dict[str, str] = {}
    for name in dict.fromkeys(names):
        if folded(clean_name(name)) not in found:
            lacking.setdefault(folded(clean_name(name)), clean_name(name))
    keys = _keys_for(list(lacking.values()), {answer.key for answer in defined.answers})
    for place, (text, key) in enumerate(keys.items(), _next_place(connection, label_set)):
        found[folded(text)] = _insert_answer(connection, label_set, text, key, place)
    return found


def find_answer(defined: LabelSet, name: str) -> Answer | None:
    """The answer of this name in any case."""
    wanted = folded(clean_name(name))
    return next((answer for answer in defined.answers if folded(answer.name) == wanted), None)


def rename_answer(connection: sqlite3.Connection, label_set: LabelSetId, answer: AnswerId, name: str) -> None:
    """Give an answer another name.

    Raises:
        UserError: another answer has it (the two can be merged), or it is empty.
    """
    defined = get_set(connection, label_set)
    need_answer(defined, answer)
    name = clean_name(name)
    _refuse_name(defined, name, but=answer)
    connection.execute("UPDATE answers SET name = ? WHERE id = ?", (name, answer))


def set_key(connection: sqlite3.Connection, label_set: LabelSetId, answer: AnswerId, key: str) -> None:
    """Give an answer another key, or none with "".

    Raises:
        UserError: another answer has it, or it cannot be one.
    """
    defined = get_set(connection, label_set)
    need_answer(defined, answer)
    connection.execute("UPDATE answers SET key = ? WHERE id = ?", (_usable_key(defined, key, but=answer), answer))


def place_answer(connection: sqlite3.Connection, label_set: LabelSetId, answer: AnswerId, place: int) -> None:
    """Put an answer at another place, from 0; the others move over."""
    defined = get_set(connection, label_set)
    need_answer(defined, answer)
    order = [one.id for one in defined.answers if one.id != answer]
    order.insert(max(0, place), answer)
    connection.executemany("UPDATE answers SET place = ? WHERE id = ?", enumerate(order))


def define(connection: sqlite3.Connection, wanted: LabelSet, removed: bool) -> None:
    """Make a set's name, sight and answers what they were; answers it did not have go. Labels are left alone."""
    before = is_removed(connection, wanted.id)
    name = wanted.name if removed else _free(connection, wanted.name, wanted.id)
    connection.execute("UPDATE label_sets SET name = ? WHERE id = ?", (name, wanted.id))
    if removed != before:
        connection.execute(
            "UPDATE label_sets SET removed = ? WHERE id = ?", (time.time() if removed else None, wanted.id)
        )
    connection.execute("UPDATE answers SET removed = 1 WHERE label_set = ?", (wanted.id,))
    connection.executemany(
        "UPDATE answers SET name = ?, key = ?, place = ?, removed = 0 WHERE id = ?",
        ((answer.name, answer.key, answer.place, answer.id) for answer in wanted.answers),
    )


def _next_place(connection: sqlite3.Connection, label_set: LabelSetId) -> int:
    row = connection.execute(
        "SELECT ifnull(max(place), -1) + 1 FROM answers WHERE label_set = ?", (label_set,)
    ).fetchone()
    return int(row[0])


def _insert_answer(connection: sqlite3.Connection, label_set: LabelSetId, name: str, key: str, place: int) -> AnswerId:
    cursor = connection.execute(
        "INSERT INTO answers (label_set, name, key, place) VALUES (?, ?, ?, ?)", (label_set, name, key, place)
    )
    return AnswerId(cursor.lastrowid or 0)


def _refuse_name(defined: LabelSet, name: str, but: AnswerId | None = None) -> None:
    taken = find_answer(defined, name)
    if taken is not None and taken.id != but:
        raise UserError(f"“{defined.name}” already has an answer “{taken.name}”.")


def _usable_key(defined: LabelSet, key: str, but: AnswerId | None = None) -> str:
    key = unicodedata.normalize("NFC", key.strip()).lower()
    if not key:
        return ""
    if key == "0":
        raise UserError("0 is “none of these”. Choose another key.")
    if len(key) != 1 or not (key in KEYS or key.isalpha()):
        raise UserError("A key is one digit or one letter.")
    taken = next((answer for answer in defined.answers if answer.key == key and answer.id != but), None)
    if taken is not None:
        raise UserError(f"“{taken.name}” has the key {key.upper()} already.")
    return key
