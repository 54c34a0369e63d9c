"""From pairs to sets, and from sets to what is kept: laws that hold whatever the photos are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.duplicates.compare import Verdict
from desktop_app.core.duplicates.gather import Answer, Gathered, Look, gather
from desktop_app.core.duplicates.judge import Laid
from desktop_app.core.duplicates.keep import PROTECTED, Merits, choose, lies_in
from desktop_app.core.duplicates.scenes import bursts, in_a_row
from desktop_app.core.duplicates.sets import KeepRules, Place, Prefer
from desktop_app.core.types import FolderId

FOLDER = FolderId(1)


def gathered(
    near: Mapping[int, Sequence[int]], copies: set[frozenset[int]], apart: set[frozenset[int]] = frozenset()
) -> tuple[Gathered, list[Look]]:
    """What comes of pairs worth a look where `copies` are those that are copies; and which looks were taken."""
    asked: list[Look] = []

    def compare(looks: Sequence[Look]) -> dict[Look, Answer]:
        asked.extend(looks)
        return {
            look: Answer(Verdict.COPY, Laid(), 0.99)
            if frozenset((look.one, look.other)) in copies
            else Answer(Verdict.OTHER)
            for look in looks
        }

    pairs = {photo: [(other, 0, 0.9) for other in others] for photo, others in near.items()}
    steps = gather(pairs, 100, compare, lambda one, other: frozenset((one, other)) in apart)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value, asked


def pair(one: int, other: int) -> frozenset[int]:
    return frozenset((one, other))


def test_copies_of_one_photo_are_one_set_with_a_look_each() -> None:
    near = {photo: list(range(photo)) for photo in range(1, 60)}
    found, asked = gathered(near, {pair(one, other) for one in range(60) for other in range(one)})
    assert found.sets() == {0: list(range(60))} or sorted(found.sets()[0]) == list(range(60))
    # within one batch the first photos of sets are not known yet: a look more for each
    assert len(asked) < 3 * 60


def test_no_chain_leads_from_one_to_another() -> None:
    """Frames that change little by little: each is like the next, the last unlike the first."""
    near = {photo: [photo - 1] for photo in range(1, 10)}
    found, _ = gathered(near, {pair(photo, photo - 1) for photo in range(1, 10)})
    for first, photos in found.sets().items():
        assert len(photos) <= 3, (first, photos)


def test_two_parts_of_one_picture_belong_to_it() -> None:
    near = {1: [0], 2: [0, 1]}
    found, _ = gathered(near, {pair(0, 1), pair(0, 2)})
    assert sorted(found.sets()[0]) == [0, 1, 2]


def test_what_a_person_parted_stays_parted() -> None:
    near = {1: [0], 2: [0, 1]}
    everything = {pair(0, 1), pair(0, 2), pair(1, 2)}
    found, _ = gathered(near, everything, {pair(1, 2)})
    assert found.sets() == {0: [0, 1]} or sorted(found.sets()[0]) == [0, 1]
    found, _ = gathered(near, everything, {pair(0, 1), pair(1, 2), pair(0, 2)})
    assert found.sets() == {}


@given(st.data())
def test_every_photo_is_in_one_set_and_lies_over_its_first(data: st.DataObject) -> None:
    group = data.draw(st.lists(st.integers(0, 4), min_size=2, max_size=24))
    size = len(group)
    copies = {pair(one, other) for one in range(size) for other in range(one) if group[one] == group[other]}
    near = {
        photo: data.draw(st.lists(st.integers(0, photo - 1), unique=True, min_size=min(photo, 3), max_size=photo))
        for photo in range(1, size)
    }
    found, _ = gathered(near, copies)
    seen = [photo for photos in found.sets().values() for photo in photos]
    assert len(seen) == len(set(seen))
    for first, photos in found.sets().items():
        assert {group[photo] for photo in photos} == {group[first]}
    # told again, the same comes out
    assert gathered(near, copies)[0].first == found.first


# --- other shots of one scene ------------------------------------------------------------------------------------


def test_shots_in_a_row_are_a_burst() -> None:
    begin = datetime(2021, 6, 1, 10)
    seconds = [0, 1, 3, 60, 61, 500]
    shots = [(begin + timedelta(seconds=second), "Box 1") for second in seconds]
    shots += [(begin + timedelta(seconds=2), "Box 2"), (None, "Box 1")]
    pairs = in_a_row(shots, range(len(shots)))
    assert pairs == [(0, 1), (1, 2), (3, 4)]
    groups = bursts([(one, other, 0.9) for one, other in pairs], [], lambda one, other: False)
    assert [photos for photos, _ in groups] == [(0, 1, 2), (3, 4)]


def test_scenes_make_no_chains() -> None:
    chain = [(photo, photo + 1, 0.8) for photo in range(6)]
    groups = bursts([], chain, lambda one, other: False)
    assert all(len(photos) <= 3 for photos, _ in groups)


def test_a_word_parts_a_burst() -> None:
    rows = [(0, 1, 0.9), (1, 2, 0.8)]
    assert bursts(rows, [], lambda one, other: {one, other} == {1, 2}) == [((0, 1), 0.9)]


# --- what to keep --------------------------------------------------------------------------------------------------

MERITS = st.builds(
    Merits,
    folder=st.sampled_from([FolderId(1), FolderId(2)]),
    path=st.sampled_from(["a/1.jpg", "a/1 (2).jpg", "b/x.png", "c/IMG_1 copy.jpg"]),
    pixels=st.integers(1, 4),
    bytes=st.integers(1, 4),
    format=st.sampled_from(["JPEG", "RAW", "PNG", "odd"]),
    modified=st.floats(0, 5),
    labels=st.integers(0, 2),
    facts=st.sampled_from([(), ("a date",), ("a date", "a place")]),
    is_whole=st.booleans(),
    kept_because=st.sampled_from(["", "", "in a zip file", PROTECTED]),
)
RULES = st.builds(
    KeepRules,
    folders=st.lists(st.builds(Place, st.just(FOLDER), st.sampled_from(["", "a", "b"])), max_size=2).map(tuple),
    prefer=st.lists(st.sampled_from(Prefer), unique=True).map(tuple),
)


@given(st.lists(MERITS, min_size=2, max_size=6), RULES, st.randoms(use_true_random=False))
def test_the_order_of_photos_does_not_matter(photos: list[Merits], rules: KeepRules, random) -> None:
    kept = photos[choose(photos, rules)[0]]
    shuffled = list(photos)
    random.shuffle(shuffled)
    assert shuffled[choose(shuffled, rules)[0]] == kept or _equal(shuffled, kept, rules)


def _equal(photos: list[Merits], kept: Merits, rules: KeepRules) -> bool:
    """Two photos that no rule and no path tells apart."""
    best = photos[choose(photos, rules)[0]]
    return (best.path, best.folder) == (kept.path, kept.folder)


def test_the_first_rule_that_tells_them_apart_decides() -> None:
    large = Merits(FOLDER, "a/large.jpg", 400, 10, "JPEG", facts=())
    dated = Merits(FOLDER, "b/dated.jpg", 100, 40, "JPEG", facts=("a date", "a place"))
    assert choose([dated, large], KeepRules()) == (1, "largest")
    assert choose([large, dated], KeepRules(prefer=(Prefer.METADATA,))) == (1, "has a date and a place")
    assert choose([large, dated], KeepRules(folders=(Place(FOLDER, "b"),))) == (1, "in the preferred folder")
    labelled = Merits(FOLDER, "c.jpg", 1, 1, "JPEG", labels=1)
    assert choose([large, labelled], KeepRules()) == (1, "labelled")


def test_several_reasons_are_told() -> None:
    best = Merits(FOLDER, "a.jpg", 400, 10, "JPEG", facts=("a date",))
    small = Merits(FOLDER, "b.jpg", 100, 10, "JPEG", facts=("a date",))
    bare = Merits(FOLDER, "c.jpg", 400, 10, "JPEG")
    assert choose([small, best, bare], KeepRules()) == (1, "largest, has a date")


def test_a_copy_s_name_is_known() -> None:
    names = ["IMG_1 (1).jpg", "IMG_1 copy.jpg", "IMG_1 - Kopie.jpg", "IMG_100.jpg"]
    photos = [Merits(FOLDER, name, 1, 1, "JPEG") for name in names]
    assert choose(photos, KeepRules()) == (3, "plainest name")


def test_what_is_protected_is_what_is_kept() -> None:
    large = Merits(FOLDER, "large.jpg", 400, 10, "JPEG")
    guarded = Merits(FOLDER, "safe/small.jpg", 100, 10, "JPEG", kept_because=PROTECTED)
    assert choose([large, guarded], KeepRules()) == (1, PROTECTED)


def test_a_folder_is_not_one_whose_name_begins_alike() -> None:
    assert lies_in(FOLDER, "2019/beach/a.jpg", Place(FOLDER, "2019"))
    assert not lies_in(FOLDER, "2019 b/a.jpg", Place(FOLDER, "2019"))
    assert lies_in(FOLDER, "a.jpg", Place(FOLDER))
    assert not lies_in(FolderId(2), "a.jpg", Place(FOLDER))
