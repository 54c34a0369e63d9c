"""Grouping again: what is carried on, what a stop, a kill and edits meanwhile leave, what undo brings back."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import themes
from desktop_app.core.catalog.themes import GroupingId, Scope, ThemeId
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations import themes as operations
from tests.core.libraries import opened
from tests.core.themes_made import SIX, add, drained, everything, grouped, odd, partition, theme_with, themed

ROOT = Path(__file__).resolve().parents[2]


def test_run_again_on_the_same_photos_gives_the_same(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, _):
        one = grouped(library)
        first = partition(library, one)
        lineages = {row.lineage for row in themes.rows(library.connection, one)}
        two = grouped(library)
        assert two != one
        assert set(partition(library, two).values()) == set(first.values())
        assert {row.lineage for row in themes.rows(library.connection, two)} == lineages
        assert [now.id for now in themes.all_groupings(library.connection)] == [two]


def test_a_new_run_after_new_photos_keeps_names_locks_and_moves(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        one = grouped(library)
        own = [theme_with(library, one, ids[12 * group]) for group in range(6)]
        operations.rename(library, own[0], "beach")
        operations.merge(library, one, [own[1], own[2]], "mugs")
        operations.lock(library, own[3])
        operations.move(library, [ids[60]], one, own[4])  # of the sixth group, into the fifth
        strays = operations.move(library, [ids[1], ids[61]], one, None, "strays")
        assert strays.grouping is not None
        operations.move(library, [ids[2]], one, odd(library, one))
        lineage = {row.id: row.lineage for row in themes.rows(library.connection, one)}
        new = add(library, [0, 0, 1, 3, 3, 5, *[7] * 14], tmp_path / "in", seed=5)
        written = drained(operations.group_and_keep(library))
        two = written.grouping.id
        found = partition(library, two)
        assert len(ids) + len(new) == sum(map(len, found.values()))
        by_lineage = {row.lineage: row for row in themes.rows(library.connection, two)}

        def now(theme: ThemeId) -> frozenset[int]:
            return found[by_lineage[lineage[theme]].id]

        assert by_lineage[lineage[own[0]]].name == "beach"
        assert now(own[0]) >= {ids[0], *ids[3:12], *new[:2]}
        mugs = next(row for row in by_lineage.values() if row.name == "mugs")
        assert found[mugs.id] >= set(ids[12:36])
        assert by_lineage[lineage[own[3]]].locked
        assert now(own[3]) >= set(ids[36:48])
        assert ids[60] in now(own[4])
        assert found[next(row.id for row in by_lineage.values() if row.name == "strays")] == {ids[1], ids[61]}
        assert ids[2] in found[odd(library, two)]
        assert set(new[6:]) in [set(theme) for theme in found.values()]  # a theme that was not there before
        operations.undo(library, written.before)
        assert [now.id for now in themes.all_groupings(library.connection)] == [one]
        third = grouped(library)  # and once more from there: the same edits are carried on again
        assert set(partition(library, third).values()) == set(found.values())


def test_names_given_at_other_numbers_are_carried_on_too(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        one = grouped(library)
        operations.cut(library, one, 2)
        operations.rename(library, theme_with(library, one, ids[0]), "broad")
        operations.cut(library, one, 6)
        operations.cut(library, one, themes.get_grouping(library.connection, one).proposed)
        add(library, [0, 1, 2], tmp_path / "in", seed=8)
        two = grouped(library)
        assert "broad" not in [row.name for row in themes.rows(library.connection, two)]
        operations.cut(library, two, 2)
        assert "broad" in [row.name for row in themes.rows(library.connection, two)]


def test_a_theme_that_was_edited_and_is_found_no_more_is_kept_as_it_was(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        one = grouped(library)
        named, given, plain = (theme_with(library, one, ids[12 * group]) for group in (0, 1, 2))
        operations.rename(library, named, "beach")
        operations.move(library, [ids[40]], one, given)
        lineage = {row.id: row.lineage for row in themes.rows(library.connection, one)}
        two = grouped(library, count=1)  # all in one: neither is found again
        now = {row.lineage: row for row in themes.rows(library.connection, two)}
        found = partition(library, two)
        assert found[now[lineage[named]].id] == set(ids[:12])
        assert found[now[lineage[given]].id] == {*ids[12:24], ids[40]}
        assert now[lineage[named]].name == "beach"
        assert lineage[plain] not in now
        assert sorted(map(len, found.values())) == [2, 12, 13, 47]
        operations.cut(library, two, 30)
        assert partition(library, two)[now[lineage[named]].id] == set(ids[:12])


def test_a_number_that_a_person_chose_stays(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, _):
        one = grouped(library)
        operations.cut(library, one, 4)
        again = themes.get_grouping(library.connection, grouped(library))
        assert (again.count, again.proposed) == (4, 6)
        asked = themes.get_grouping(library.connection, grouped(library, count=9))
        assert asked.count == 9


def test_who_merges_has_not_chosen_a_number(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        one = grouped(library)
        own = [theme_with(library, one, ids[12 * group]) for group in range(2)]
        merged = operations.merge(library, one, own)
        assert (merged.grouping.count, merged.grouping.proposed) == (5, 5)
        add(library, [7] * 14 + [8] * 14, tmp_path / "in", seed=3)
        again = themes.get_grouping(library.connection, grouped(library))
        assert (again.count, again.proposed) == (7, 7)  # the two new ones too
        undone = operations.undo(library, merged.before).grouping
        assert (undone.count, undone.proposed) == (6, 6)


def test_edits_made_while_the_new_run_is_written_are_carried_on(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        one = grouped(library)
        found = drained(operations.group(library))
        writing = operations.keep(library, found)
        next(writing)
        operations.rename(library, theme_with(library, one, ids[0]), "in between")
        two = drained(writing).grouping.id
        assert themes.get_row(library.connection, theme_with(library, two, ids[0])).name == "in between"
        assert library.connection.execute("SELECT count(*) FROM groupings WHERE ready = 0").fetchone() == (0,)


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_run_that_is_stopped_leaves_the_last_grouping(tmp_path: Path, steps: int) -> None:
    with themed(tmp_path, SIX) as (library, _):
        one = grouped(library)
        before = everything(library, one)
        computing = operations.group(library)
        for _ in range(steps):
            next(computing)
        computing.close()
        writing = operations.keep(library, drained(operations.group(library)))
        next(writing)
        writing.close()
        assert [now.id for now in themes.all_groupings(library.connection)] == [one]
        assert everything(library, one) == before
        assert library.connection.execute("SELECT count(DISTINCT grouping) FROM leaf_photos").fetchone() == (1,)


def test_what_a_kill_left_behind_goes_at_the_next_start(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        one = grouped(library)
        before = everything(library, one)
        with library.database.transaction() as connection:  # as far as a killed run came
            half = themes.begin(connection, "", Scope(), "kmeans", 3, 3, b"")
            themes.put_members(connection, half, [(ids[0], 0, 0)])
    with opened(tmp_path / "library") as library:
        assert [now.id for now in themes.all_groupings(library.connection)] == [one]
        assert everything(library, one) == before
        assert library.connection.execute("SELECT count(DISTINCT grouping) FROM leaf_photos").fetchone() == (1,)


def test_only_some_earlier_groupings_are_kept(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, _):
        made = [drained(operations.group_and_keep(library)) for _ in range(9)]
        found = library.connection.execute("SELECT id FROM groupings ORDER BY id").fetchall()
        assert [row[0] for row in found] == [int(one.grouping.id) for one in made[-7:]]
        for step in reversed(made[-5:]):
            operations.undo(library, step.before)
        assert [now.id for now in themes.all_groupings(library.connection)] == [made[-6].grouping.id]
        with pytest.raises(UserError, match="no longer there"):
            operations.undo(library, made[0].before)
        assert [now.id for now in themes.all_groupings(library.connection)] == [made[-6].grouping.id]


EDITING = """
import sys
from pathlib import Path
from desktop_app.core.catalog import themes
from desktop_app.core.library import Library
from desktop_app.core.operations import themes as operations
from tests.core.libraries import opened
from tests.core.themes_made import drained
with opened(Path(sys.argv[1])) as library:
    for at in range(10**6):
        if at % 7 == 6:
            now = drained(operations.group_and_keep(library)).grouping.id
        else:
            now = themes.all_groupings(library.connection)[0].id
            theme = themes.rows(library.connection, now)[0].id
            operations.rename(library, theme, f"name {at}")
        print(at, flush=True)
"""


def test_killed_while_themes_are_edited_and_grouped_at_most_the_last_change_is_lost(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, _):
        grouped(library)
    words = [sys.executable, "-c", EDITING, str(tmp_path / "library")]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = 0
        while said < 20:
            said = int(process.stdout.readline())
        process.kill()
        rest = process.stdout.read().split("\n")  # a last line may be cut off
        said = max([said, *(int(line) for line in rest[:-1])])
    last = said - 1 if said % 7 == 6 else said
    with opened(tmp_path / "library") as library:
        (now,) = themes.all_groupings(library.connection)
        partition(library, now.id)
        names = {row.name for row in themes.rows(library.connection, now.id)}
        assert names & {f"name {last}", f"name {last + 1}"}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_edited_a_new_run_keeps_it(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    with themed(tmp_path, SIX) as (library, ids):
        grouping, names = grouped(library), 0
        for turn in range(3):
            for _ in range(12):
                shown = [row for row in themes.rows(library.connection, grouping) if row.kind != "odd"]
                own = [shown[at].id for at in random.permutation(len(shown))[:3]]
                some = [ids[at] for at in random.permutation(len(ids))[: int(random.integers(1, 9))]]
                step = random.choice(["cut", "merge", "split", "move", "out", "new", "lock", "rename", "rename"])
                try:
                    if step == "cut":
                        operations.cut(library, grouping, int(random.integers(2, 20)))
                    elif step == "merge":
                        operations.merge(library, grouping, own)
                    elif step == "split":
                        operations.split(library, own[0])
                    elif step == "lock":
                        operations.lock(library, own[0])
                    elif step == "rename":
                        names += 1
                        operations.rename(library, own[0], f"name {names}")
                    else:
                        to = {"move": own[0], "out": odd(library, grouping), "new": None}[step]
                        operations.move(library, some, grouping, to)
                except UserError:  # too few themes or photos for it
                    continue
            before = look(library, grouping)
            ids += add(library, random.integers(-1, 8, 10).tolist(), tmp_path / "in", seed=seed + 10 * turn)
            grouping = drained(operations.group_and_keep(library)).grouping.id
            after = look(library, grouping)
            assert {name for name, _ in before.named} <= {name for name, _ in after.named}
            assert dict(before.named).items() <= dict(after.named).items()  # on the same lineage
            assert before.hand.items() <= after.hand.items()
            for lineage, own in before.locked.items():
                assert own <= after.locked[lineage]


@dataclass(frozen=True)
class Look:
    """What a person did to the themes that are shown and have photos."""

    named: frozenset[tuple[str, int]]  # name and lineage
    hand: dict[int, int]  # lineage of the theme that each photo was put into
    locked: dict[int, frozenset[int]]  # photos by lineage


def look(library: Library, grouping: GroupingId) -> Look:
    members = themes.members(library.connection, grouping)
    by_hand = set(members.photos[members.hand].tolist())
    found = partition(library, grouping)
    rows = [row for row in themes.rows(library.connection, grouping) if row.id in found]
    return Look(
        frozenset((row.name, row.lineage or 0) for row in rows if row.name),
        {photo: row.lineage or 0 for row in rows for photo in found[row.id] & by_hand},
        {row.lineage or 0: found[row.id] for row in rows if row.locked},
    )
