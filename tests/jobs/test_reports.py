from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.types import Changes, PhotoId, Progress
from desktop_app.jobs import merge_changes, merge_reports

ids = st.lists(st.integers(1, 6).map(PhotoId), max_size=4, unique=True).map(tuple)
changes = st.builds(
    Changes, added=ids, updated=ids, removed=ids, folders=st.booleans(), index=st.booleans(), labels=ids
)


def views(shown: set[int], change: Changes) -> set[int]:
    """A view that follows changes: what was added or updated is shown, what was removed is not."""
    return (shown | set(change.added) | set(change.updated)) - set(change.removed)


@given(st.lists(changes, max_size=8), st.frozensets(st.integers(1, 6)))
def test_one_merged_change_leads_to_the_same_view_as_all_of_them(several, shown):
    one_by_one = set(shown)
    for change in several:
        one_by_one = views(one_by_one, change)
    assert views(set(shown), merge_changes(several)) == one_by_one


@given(st.lists(changes, max_size=8))
def test_flags_and_ids_are_never_lost(several):
    merged = merge_changes(several)
    assert merged.folders == any(change.folders for change in several)
    assert merged.index == any(change.index for change in several)
    assert set(merged.labels) == {one for change in several for one in change.labels}
    assert bool(merged) == any(several)
    named = {photo for change in several for photo in (*change.added, *change.updated, *change.removed)}
    assert {*merged.added, *merged.updated, *merged.removed} == named
    for field in (merged.added, merged.updated, merged.removed, merged.labels):
        assert len(field) == len(set(field))


def test_the_latest_figures_win_and_the_changes_add_up():
    reports = [
        Progress("Adding photos", 1, 9, changes=Changes(added=(PhotoId(4),))),
        Progress("Adding photos", 2, 9),
        Progress("Adding photos", 3, 9, 12.0, Changes(added=(PhotoId(2),), folders=True)),
    ]
    assert merge_reports(reports) == Progress(
        "Adding photos", 3, 9, 12.0, Changes(added=(PhotoId(4), PhotoId(2)), folders=True)
    )
