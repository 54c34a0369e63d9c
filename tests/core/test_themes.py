"""Themes of a library: grouping, the slider, edits by hand and their undoing, new runs, and what a kill leaves."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import answers, folders, labels, themes
from desktop_app.core.catalog.themes import GroupingId, Scope, ThemeId
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LabelFilter
from desktop_app.core.operations import labels as label_operations
from desktop_app.core.operations import themes as operations
from tests.core.libraries import opened
from tests.core.themes_made import SIX, add, drained, everything, grouped, odd, partition, refines, theme_with, themed


@pytest.mark.parametrize("method", ["kmeans", "density"])
def test_known_themes_are_found(tmp_path: Path, method: str) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        grouping = grouped(library, method=method)
        found = partition(library, grouping)
        for group in range(6):
            own = set(ids[12 * group : 12 * group + 12])
            assert sum(own == set(theme) for theme in found.values()) == 1
        odd = next(row for row in themes.rows(library.connection, grouping) if row.kind == "odd")
        assert found[odd.id] == set(ids[-2:])
        assert themes.get_grouping(library.connection, grouping).count == 6
        shown = operations.cards(library, grouping)
        assert [card.size for card in shown] == [12] * 6 + [2]
        assert [card.kind for card in shown] == ["auto"] * 6 + ["odd"]
        for card in shown[:6]:
            assert len(set(card.typical)) == 6
            assert set(card.typical) <= found[card.id]
            assert card.evenness_word in ("alike", "very alike")
        assert shown[6].evenness_word == ""


def test_the_slider_goes_over_every_number_and_finer_cuts_refine_coarser_ones(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, _):
        grouping = grouped(library)
        range_ = operations.levels(library, grouping)
        assert (range_.least, range_.now, range_.proposed) == (1, 6, 6)
        assert range_.most > 60
        cuts = {}
        for count in (1, 2, 5, 6, 7, 20, range_.most):
            written = operations.cut(library, grouping, count)
            assert written.grouping is not None
            assert written.grouping.count == count
            cuts[count] = partition(library, grouping)
        for coarse, fine in itertools.pairwise(sorted(cuts)):
            assert refines(cuts[fine], cuts[coarse])
        operations.cut(library, grouping, 6)
        assert partition(library, grouping) == cuts[6]  # the same themes, not only the same photos
        assert operations.cut(library, grouping, 10_000).grouping.count == range_.most
        assert operations.cut(library, grouping, -3).grouping.count == 1


def test_names_come_back_with_the_number_they_were_given_at(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        grouping = grouped(library)
        theme = theme_with(library, grouping, ids[0])
        operations.rename(library, theme, "  beach ")
        operations.propose_names(library, grouping, [(theme, "coast"), (theme_with(library, grouping, ids[20]), "cup")])
        operations.cut(library, grouping, 2)
        assert "beach" not in [card.name for card in operations.cards(library, grouping)]
        operations.cut(library, grouping, 6)
        names = {card.id: (card.name, card.proposed) for card in operations.cards(library, grouping)}
        assert names[theme] == ("beach", "coast")
        assert names[theme_with(library, grouping, ids[20])] == ("", "cup")
        operations.rename(library, theme, "")
        assert themes.get_row(library.connection, theme).name == ""


def test_every_edit_is_undone_and_done_again(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        grouping = grouped(library)
        own = [theme_with(library, grouping, ids[12 * group]) for group in range(6)]
        stages = [everything(library, grouping)]
        done = []
        for step in (
            lambda: operations.merge(library, grouping, own[:2], "both"),
            lambda: operations.split(library, own[2], 3),
            lambda: operations.rename(library, own[3], "cups"),
            lambda: operations.lock(library, own[3]),
            lambda: operations.move(library, ids[36:40], grouping, own[4]),
            lambda: operations.move(library, ids[-2:], grouping, None, "strays"),
            lambda: operations.move(library, [ids[50]], grouping, odd(library, grouping)),
            lambda: operations.cut(library, grouping, 12),
            lambda: operations.remove(library, own[4]),
            lambda: operations.lock(library, own[3], on=False),
            lambda: operations.cut(library, grouping, 3),
        ):
            done.append(step())
            assert done[-1].themes == (grouping,)
            partition(library, grouping)
            stages.append(everything(library, grouping))
        back = []
        for stage, step in zip(reversed(stages[:-1]), reversed(done), strict=True):
            back.append(operations.undo(library, step.before))
            assert everything(library, grouping) == stage
        for stage, step in zip(stages[1:], reversed(back), strict=True):
            operations.undo(library, step.before)
            assert everything(library, grouping) == stage


def test_what_a_person_put_together_stays_when_the_slider_moves(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        grouping = grouped(library)
        first, second, third = (theme_with(library, grouping, ids[12 * group]) for group in range(3))
        operations.rename(library, second, "kept")
        merged = operations.merge(library, grouping, [first, second])
        assert merged.grouping is not None
        assert merged.grouping.count == 5
        operations.lock(library, third)
        both, alone = set(ids[:24]), set(ids[24:36])
        for count in (1, 3, 8, 30, 5):
            operations.cut(library, grouping, count)
            found = partition(library, grouping)
            assert found[second] == both
            assert found[third] == alone
        assert themes.get_row(library.connection, second).name == "kept"
        operations.lock(library, second, on=False)
        operations.lock(library, third, on=False)
        operations.cut(library, grouping, 6)
        assert set(map(frozenset, [ids[:12], ids[12:24], ids[24:36]])) <= set(partition(library, grouping).values())


def test_a_split_theme_keeps_its_name_on_the_largest_part(tmp_path: Path) -> None:
    groups = [0] * 10 + [1] * 20 + [2] * 20
    with themed(tmp_path, groups) as (library, ids):
        grouping = grouped(library, count=1)
        theme = theme_with(library, grouping, ids[0])
        operations.rename(library, theme, "all of it")
        operations.split(library, theme, 3)
        found = partition(library, grouping)
        assert sorted(map(len, found.values()), reverse=True)[:3] == [20, 20, 10]
        assert len(found[theme]) == 20
        parents = {row.parent for row in themes.rows(library.connection, grouping) if row.id != theme}
        assert parents == {theme, None}  # of the odd ones out there is none
        moved = operations.move(library, ids[:4], grouping, None, "a few")
        own = theme_with(library, grouping, ids[0])
        operations.split(library, own)  # its one leaf has to be divided by its photos
        assert len([own for own in partition(library, grouping).values() if set(own) <= set(ids[:4])]) == 2
        assert moved.before is not None


def test_refusals_are_sentences(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        grouping = grouped(library)
        own = theme_with(library, grouping, ids[0])
        before = everything(library, grouping)
        with pytest.raises(UserError, match="at least two"):
            operations.merge(library, grouping, [own, own])
        with pytest.raises(UserError, match="no theme"):
            operations.merge(library, grouping, [own, odd(library, grouping)])
        with pytest.raises(UserError, match="no theme"):
            operations.split(library, odd(library, grouping))
        with pytest.raises(UserError, match="cannot be removed"):
            operations.remove(library, odd(library, grouping))
        with pytest.raises(UserError, match="no longer there"):
            operations.rename(library, ThemeId(999), "x")
        with pytest.raises(UserError, match="no longer there"):
            operations.cut(library, GroupingId(999), 3)
        with pytest.raises(UserError, match="no photos here"):
            drained(operations.group(library, Scope("search", text="nothing is called so")))
        assert everything(library, grouping) == before


def test_scopes_have_themes_of_their_own(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        whole = grouped(library)
        some = operations.selection(tuple(ids[12:36]))
        part = grouped(library, scope=some)
        assert set().union(*partition(library, part).values()) == set(ids[12:36])
        assert themes.of_scope(library.connection, some).id == part
        assert themes.of_scope(library.connection, operations.selection(tuple(reversed(ids[12:36])))).id == part
        assert themes.of_scope(library.connection, Scope()).id == whole
        made = operations.as_labels(library, whole, [theme_with(library, whole, ids[0])], name="kind").label_set
        answer = Scope("answer", label_set=made.id, answer=made.answers[0].id)
        assert operations.photos_in(library, answer).tolist() == ids[:12]
        assert [row.grouping for row in themes.themes_of(library.connection, ids[13])] == [part, whole]
        gone = operations.remove_grouping(library, part)
        assert themes.of_scope(library.connection, some) is None
        operations.undo(library, gone.before)
        assert themes.of_scope(library.connection, some).id == part


def test_themes_become_labels_and_that_is_undone_at_once(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        grouping = grouped(library)
        operations.rename(library, theme_with(library, grouping, ids[0]), "beach")
        made = operations.as_labels(library, grouping)
        assert made.label_set.name == "Themes"
        assert len(made.label_set.answers) == 6
        beach = next(answer for answer in made.label_set.answers if answer.name == "beach")
        table = labels.labels(library.connection, made.label_set.id)
        assert len(table.photos) == 72
        assert table.looked_at.all()
        wanted = LabelFilter(made.label_set.id, (beach.id,))
        from desktop_app.core.catalog import photos
        from desktop_app.core.types import Order

        assert sorted(photos.listed(library.connection, Order.NAME, labels=[wanted])) == ids[:12]
        undone = label_operations.undo(library, made.before)
        assert answers.all_sets(library.connection) == ()
        label_operations.undo(library, undone.before)
        assert len(labels.labels(library.connection, made.label_set.id).photos) == 72
        again = operations.as_labels(library, grouping, name="Themes")
        assert again.label_set.name == "Themes 2"
        more = operations.as_labels(
            library, grouping, [theme_with(library, grouping, ids[-1])], label_set=made.label_set.id
        )
        assert [answer.name for answer in more.label_set.answers][-1] == "Odd ones out"
        label_operations.undo(library, more.before)
        assert len(answers.get_set(library.connection, made.label_set.id).answers) == 6


def test_photos_that_are_away_are_not_shown_and_come_back(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        grouping = grouped(library)
        with library.database.transaction() as connection:
            connection.execute("UPDATE photos SET missing = 1 WHERE id < ?", (ids[12],))
        library.presence += 1
        shown = operations.cards(library, grouping)
        assert sum(card.size for card in shown) == len(ids) - 12
        assert not {photo for card in shown for photo in card.typical} & set(ids[:12])
        with library.database.transaction() as connection:
            connection.execute("UPDATE photos SET missing = 0")
            connection.execute("DELETE FROM photos WHERE id = ?", (ids[-1],))
        library.presence += 1
        assert sum(card.size for card in operations.cards(library, grouping)) == len(ids) - 1


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7])
def test_few_photos(tmp_path: Path, count: int) -> None:
    with themed(tmp_path, [0] * count) as (library, ids):
        grouping = grouped(library)
        assert set().union(*partition(library, grouping).values()) == set(ids)
        operations.cut(library, grouping, 2)
        partition(library, grouping)
        assert sum(card.size for card in operations.cards(library, grouping)) == count


def test_photos_that_cannot_be_compared_yet_are_odd_ones_out(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        with library.database.transaction() as connection:
            connection.execute("DELETE FROM features WHERE photo = ?", (ids[3],))
        library.presence += 1
        grouping = grouped(library)
        assert ids[3] in partition(library, grouping)[odd(library, grouping)]
        assert sum(card.size for card in operations.cards(library, grouping)) == len(ids)


def test_the_same_vectors_everywhere(tmp_path: Path) -> None:
    with themed(tmp_path, [0] * 30) as (library, _):
        library.store.truncate(0)
        block = {layer.name: np.ones((30, layer.dimension), np.float32) for layer in library.network.layers}
        library.store.append(block)
        library.store.flush()
        library.space.clear()
        library.main.publish()
        grouping = grouped(library)
        for count in (1, 4, 30):
            operations.cut(library, grouping, count)
            partition(library, grouping)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_person_does_every_photo_stays_in_one_theme_and_all_is_undone(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    with themed(tmp_path, SIX) as (library, ids):
        grouping = grouped(library)
        stages, done = [everything(library, grouping)], []
        while len(done) < 25:
            shown = [row for row in themes.rows(library.connection, grouping) if row.kind != "odd"]
            own = [shown[at].id for at in random.permutation(len(shown))[:3]]
            some = [ids[at] for at in random.permutation(len(ids))[: int(random.integers(1, 9))]]
            step = random.choice(["cut", "cut", "merge", "split", "move", "out", "new", "lock", "free", "remove"])
            try:
                if step == "cut":
                    made = operations.cut(library, grouping, int(random.integers(1, 40)))
                elif step == "merge":
                    made = operations.merge(library, grouping, own)
                elif step == "split":
                    made = operations.split(library, own[0], int(random.integers(2, 5)))
                elif step in ("move", "out", "new"):
                    to = {"move": own[0], "out": odd(library, grouping), "new": None}[step]
                    made = operations.move(library, some, grouping, to)
                elif step == "remove":
                    made = operations.remove(library, own[0])
                else:
                    made = operations.lock(library, own[0], step == "lock")
            except (UserError, IndexError):  # too few themes, too few photos: nothing has changed
                assert everything(library, grouping) == stages[-1]
                own = own or [odd(library, grouping)]
                made = operations.cut(library, grouping, 4)
            assert set().union(*partition(library, grouping).values()) == set(ids)
            done.append(made)
            stages.append(everything(library, grouping))
        coarse_and_fine = []
        for count in (2, 6, 25):
            done.append(operations.cut(library, grouping, count))
            coarse_and_fine.append(partition(library, grouping))
            stages.append(everything(library, grouping))
        assert refines(coarse_and_fine[1], coarse_and_fine[0])
        assert refines(coarse_and_fine[2], coarse_and_fine[1])
        again = drained(operations.group_and_keep(library))
        partition(library, again.grouping.id)
        operations.undo(library, again.before)
        for stage, step in zip(reversed(stages[:-1]), reversed(done), strict=True):
            operations.undo(library, step.before)
            assert everything(library, grouping) == stage


def test_what_a_person_gave_a_photo_goes_over_to_another_row_for_the_same_file(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        grouping = grouped(library)
        own = [theme_with(library, grouping, ids[12 * group]) for group in range(3)]
        operations.move(library, [ids[0]], grouping, own[2])
        with library.database.transaction() as connection:
            folders.bequeath(connection, ids[1], ids[0])  # put by hand against found
            folders.bequeath(connection, ids[13], ids[2])  # both found: its own
            folders.bequeath(connection, ids[0], ids[14])
        assert [theme_with(library, grouping, ids[at]) for at in (0, 1, 13)] == [own[2], own[2], own[1]]


def test_themes_are_found_where_the_index_space_is_gone_and_beside_a_process_that_writes(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, ids):
        whole = {frozenset(own.tolist()) for own in drained(operations.group(library)).groups()}
        with opened(tmp_path / "library", writable=False) as reader:
            assert {frozenset(own.tolist()) for own in drained(operations.group(reader)).groups()} == whole
            new = add(library, [2, 2], tmp_path / "in", seed=4)
            beside = drained(operations.group(reader, anew=True)).groups()
            assert sum(set(ids[24:36]) | set(new) == set(own.tolist()) for own in beside) == 1
        library.space.clear()
        library.main.publish()
        assert library.view is None
        again = drained(operations.group(library)).groups()
        assert sum(set(ids[24:36]) | set(new) == set(own.tolist()) for own in again) == 1
