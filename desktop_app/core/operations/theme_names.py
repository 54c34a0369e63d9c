"""Names for themes: what is known of the photos of each group, and the names that separate them.

What is known of groups adds up, so the names of every level of a hierarchy come from one reading of the vectors: read
the finest groups with `group_facts`, add them up, `propose` for each level.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features, photo_captions, photo_folders
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.types import Progress, Vectors
from desktop_app.core.words.captions import words_of
from desktop_app.core.words.evidence import GroupFacts, total
from desktop_app.core.words.naming import Proposal, propose
from desktop_app.core.words.wordnet import WordNet, wordnet

_CHUNK = 1024
_TEXT = "Finding names for themes"

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of groups of photos, and of all other photos of the library.

    Attributes:
        groups: in the order they were asked for.
        rest: photos that are in none of them.
    """

    groups: tuple[GroupFacts, ...]
    rest: GroupFacts

    def merged(self, level: Sequence[Sequence[int]]) -> Known:
        """The same of wider groups, each given by the places of those it is made of."""
        inside = {place for places in level for place in places}
        left = (facts for place, facts in enumerate(self.groups) if place not in inside)
        groups = tuple(total(self.groups[place] for place in places) for places in level)
        return Known(groups, total([self.rest, *left]))


def theme_names(
    library: Library,
    groups: Sequence[Iterable[int]],
    *,
    taken: Collection[str] = (),
    captions: Mapping[int, str] | None = None,
    folders: bool = True,
) -> Generator[Progress, None, tuple[Proposal, ...]]:
    """Propose a name for each group of photos; only reads, and may run on any thread of its own.

    Args:
        library: the open library.
        groups: ids of photos; a photo in several counts in the first.
        taken: names in use (edited, locked), which are not proposed.
        captions: by photo; None takes those of the posts that photos were matched with.
        folders: whether names of folders may be used.

    Yields:
        Progress at least every 100 ms.

    Returns:
        A proposal for each group, without a name where nothing speaks for one; none twice.

    Raises:
        UserError: the words of the program are missing.
    """
    known = yield from group_facts(library, groups, captions=captions, folders=folders)
    return propose(known.groups, known.rest, taken=taken)


def group_facts(
    library: Library,
    groups: Sequence[Iterable[int]],
    *,
    captions: Mapping[int, str] | None = None,
    folders: bool = True,
) -> Generator[Progress, None, Known]:
    """What names can be made of; arguments as those of `theme_names`."""
    group_of: dict[int, int] = {}
    for number, ids in enumerate(groups):
        for photo in ids:
            group_of.setdefault(int(photo), number)
    count = len(groups)
    yield Progress(_TEXT)
    in_folders = [Counter[str]() for _ in range(count + 1)]
    sizes = Counter[int]()
    for done, (photo, names) in enumerate(photo_folders.folder_names(library.connection)):
        number = group_of.get(photo, count)
        sizes[number] += 1
        if folders:
            in_folders[number].update(names)
        if done % (4 * _CHUNK) == 0:
            yield Progress(_TEXT)
    seen, things = yield from _things(library, group_of, count)
    held = photo_captions.captions(library.connection) if captions is None else captions
    yield Progress(_TEXT)
    told, texts = _texts(held, group_of, count)
    found = [
        GroupFacts(sizes[number], int(seen[number]), things[number], in_folders[number], told[number], texts[number])
        for number in range(count + 1)
    ]
    return Known(tuple(found[:count]), found[count])


def _texts(
    captions: Mapping[int, str], group_of: Mapping[int, int], count: int
) -> tuple[Counter[int], list[Counter[str]]]:
    """How many photos of each group have a caption, and how many have each word."""
    told, texts = Counter[int](), [Counter[str]() for _ in range(count + 1)]
    words: dict[str, frozenset[str]] = {}  # the pictures of a post share its caption
    for photo, caption in captions.items():
        if not caption.strip():
            continue
        if caption not in words:
            words[caption] = words_of(caption)
        number = group_of.get(photo, count)
        told[number] += 1
        texts[number].update(words[caption])
    return told, texts


def _things(
    library: Library, group_of: Mapping[int, int], count: int
) -> Generator[Progress, None, tuple[Numbers, Vectors]]:
    """Photos that were seen, int64 (groups + 1,), and sums of class probabilities, float32 (groups + 1, 1000)."""
    words, network = wordnet(), library.network
    columns = class_columns(network, words)
    seen, sums = np.zeros(count + 1, np.int64), np.zeros((count + 1, len(words.classes)), np.float32)
    if columns is None:
        return seen, sums
    store = library.reading_store()
    try:
        positions, photos = features.positions(library.connection, network.key)
        inside = positions < store.rows
        positions, photos = positions[inside], photos[inside]
        yield Progress(_TEXT, 0, len(positions))
        numbers = np.array([group_of.get(photo, count) for photo in photos.tolist()], np.int64)
        yield Progress(_TEXT, 0, len(positions))
        for start in range(0, len(positions), _CHUNK):
            part = slice(start, start + _CHUNK)
            _add(seen, sums, numbers[part], _seen(store, network, positions[part], columns))
            yield Progress(_TEXT, min(start + _CHUNK, len(positions)), len(positions))
    finally:
        store.close()
    return seen, sums


def _seen(store: VectorStore, network: Network, positions: Numbers, columns: Numbers) -> Vectors:
    """Class probabilities, float32 (n, 1000) in the order of `WordNet.classes`."""
    values = store.read(network.class_output, positions)
    values -= values.max(axis=1, keepdims=True)
    np.exp(values, out=values)
    values /= values.sum(axis=1, keepdims=True)
    if np.array_equal(columns, np.arange(values.shape[1])):
        return values
    known = columns >= 0
    made = np.zeros((len(values), len(wordnet().classes)), np.float32)
    np.add.at(made.T, columns[known], values.T[known])
    return made


def _add(seen: Numbers, sums: Vectors, numbers: Numbers, values: Vectors) -> None:
    """Add each photo's row to its group's, as one product: three times as fast as sorting them by group."""
    count = len(numbers)
    from scipy.sparse import csr_matrix  # windows start without it

    belongs = csr_matrix((np.ones(count, np.float32), (numbers, np.arange(count))), shape=(len(seen), count))
    sums += belongs @ values
    seen += np.bincount(numbers, minlength=len(seen))


def class_columns(network: Network, words: WordNet) -> Numbers | None:
    """Which class of `WordNet.classes` each class of a network is, -1 for none: int64 (classes,).

    None where the network scores no classes or names fewer than half of them as ImageNet does, by identifier.
    """
    if not network.class_output or network.classes is None:
        return None
    try:
        lines = network.classes.read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return None
    columns = np.full(network.layer(network.class_output).dimension, -1, np.int64)
    for place, line in enumerate(lines[: len(columns)]):
        identifier = line.partition("\t")[0]
        index = words.class_index(identifier) if identifier in words else None
        columns[place] = -1 if index is None else index
    return columns if (columns >= 0).mean() >= 0.5 else None
