"""What the photos of a library can be compared by: what is there, what is made the default, what is forgotten."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from desktop_app.core.catalog import features, photos, ways
from desktop_app.core.catalog.ways import Way
from desktop_app.core.descriptors import COLOUR, COLOUR_KEY, EMBEDDING, HISTOGRAM, Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.classifier_files import learnt_with
from desktop_app.core.operations.describe import describe, sweep
from desktop_app.core.operations.finish import finish
from desktop_app.core.operations.ways import COLOURS, title_of
from desktop_app.core.types import Changes, Progress
from desktop_app.core.wording import count


@dataclass(frozen=True, slots=True)
class DescriptorState:
    """One way to compare the photos of a library.

    Attributes:
        name: "NETWORK:LAYER" or "colour".
        title: what it is called on screen, as `ways.title_of` says.
        network: the network's name, "" for the colours.
        network_title: for people, "" for the colours.
        sees: what the layer responds to, in plain words; "" where nobody knows.
        computed: photos that have vectors of it.
        total: photos of the library.
        ready: whether switching to it is quick: the vectors and the index space are there, for the photos computed.
        is_default: whether it is what photos are compared by unless another is asked for.
        here: whether the network is still on this computer; what is computed stays searchable by photos of the library
            only while it is.
        own: whether the user added the network.
    """

    name: str
    title: str
    network: str
    network_title: str
    sees: str
    computed: int
    total: int
    ready: bool
    is_default: bool
    here: bool = True
    own: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What a library would lose with a network.

    Attributes:
        photos: that have vectors of it, which would have to be computed again.
        is_default: whether the library compares by it.
        classifiers: names of the label sets whose classifiers were learnt with it.
    """

    photos: int
    is_default: bool
    classifiers: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.photos or self.is_default or self.classifiers)

    def sentence(self, library: str) -> str:
        """What a library goes without when the network is removed from this computer; "" where that is nothing."""
        if not self:
            return ""
        said = (
            f"“{library}” keeps what was computed of {count(self.photos, 'photo')}, and uses it when it is added again."
        )
        if self.is_default:
            said += " Until then its photos are compared by another network."
        if self.classifiers:
            names = ", ".join(f"“{name}”" for name in self.classifiers)
            said += f" Classifiers that rest until then: {names}."
        return said


@dataclass(slots=True)
class MadeDefault:
    """What came of another default.

    Attributes:
        learn_again: names of the label sets whose classifiers were learnt with another network; they answer again
            after they were learnt again, or when that network is the default again. Labels stay as they are.
    """

    descriptor: Descriptor
    learn_again: tuple[str, ...] = ()


def descriptors(library: Library) -> tuple[DescriptorState, ...]:
    """Every way to compare by, the library's own network first, the colours after it, then the others.

    100,000 photos take some 100 ms: not for the GUI thread.
    """
    connection = library.connection
    counts, total, default = features.counts(connection), photos.count_present(connection), library.default
    known = {way.key: way for way in ways.all_ways(connection) if not way.going}
    library.engines.look_again()
    networks = sorted(library.networks(), key=lambda network: network.key != library.network.key)
    found: list[DescriptorState] = []
    for place, network in enumerate(networks):
        way = known.pop(network.key, None)
        for layer in network.layers:
            name = Descriptor(network.name, layer.name)
            found.append(
                DescriptorState(
                    str(name),
                    title_of(library, name),
                    network.name,
                    network.title,
                    layer.sees,
                    counts.get(network.key, 0),
                    total,
                    way is not None and layer.name in way.layers and network.key in counts,
                    name == default,
                    own=network.own,
                )
            )
        if not place:
            found.append(_colour(library, known.pop(COLOUR_KEY, None), counts.get(COLOUR_KEY, 0), total))
    for way in known.values():  # their networks are no longer here
        computed = counts.get(way.key, 0)
        for lost in way.layers or (EMBEDDING,):
            text = str(Descriptor(way.name, lost))
            found.append(
                DescriptorState(text, way.title, way.name, way.title, "", computed, total, False, False, here=False)
            )
    return tuple(found)


def _colour(library: Library, way: Way | None, computed: int, total: int) -> DescriptorState:
    ready = way is not None and HISTOGRAM in way.layers and computed > 0
    sees = "which colours are where"
    return DescriptorState(COLOUR, COLOURS, "", "", sees, computed, total, ready, library.default.is_colour)


def uses(library: Library, network: str) -> Use:
    """What the library would lose if a network were forgotten, or removed from this computer.

    Args:
        library: the open library.
        network: its name, or "colour".
    """
    key = _key(library, network)
    if key is None:
        return Use(0, False, ())
    classifiers = tuple(name for name, learnt in learnt_with(library).items() if learnt == key)
    return Use(features.counts(library.connection).get(key, 0), key == library.network.key, classifiers)


def forget(library: Library, network: str) -> Changes:
    """Remove what a network said of the library's photos. Labels stay; classifiers that rest on it no longer answer.

    Args:
        library: open for writing.
        network: its name, also of one that is no longer on this computer, or "colour".

    Raises:
        UserError: the library compares by it, nothing is known of it, or the library cannot be written.
    """
    key = _key(library, network)
    if key is None:
        raise UserError(f"Nothing in this library was compared by “{network}”.")
    if key == library.network.key:
        raise UserError(
            f"The photos of this library are compared by “{library.network.title}”. Choose another way first."
        )
    with library.database.transaction() as connection:
        known = next((way for way in ways.all_ways(connection) if way.key == key), Way(key, network, network))
        ways.put(connection, replace(known, going=True))  # a kill from here on is made good at the next adding
        features.forget_network(connection, key)
    if not library.default.is_colour or key == COLOUR_KEY:
        library.set_default(Descriptor(library.network.name, MAIN_LAYER))
    library.presence += 1
    sweep(library)
    return Changes(index=True)


def make_default(library: Library, descriptor: Descriptor | str) -> Generator[Progress, None, MadeDefault]:
    """Compare the library's photos by this from now on, after whatever is missing was computed.

    A layer of another network makes that the library's network: labels are learnt on it, duplicates and the map
    go by its embedding. Nothing that others computed is lost.

    Raises:
        UserError: there is no such network or layer, it has no embedding, or the disk is full.
    """
    wanted = library.descriptor(descriptor) if isinstance(descriptor, str) else descriptor
    if not wanted.is_colour and MAIN_LAYER not in {one.name for one in library.find_network(wanted.network).layers}:
        raise UserError(f"“{wanted.network}” cannot be what a library compares by: it has no embedding.")
    steps = [wanted]
    if not wanted.is_colour and wanted.layer != MAIN_LAYER:
        steps.insert(0, Descriptor(wanted.network, MAIN_LAYER))
    for step in steps:
        yield from describe(library, step)
    library.set_default(wanted)
    yield Progress("Putting photos in order", changes=Changes(index=True))
    yield from finish(library)
    others = [name for name, key in learnt_with(library).items() if key != library.network.key]
    return MadeDefault(wanted, tuple(others))


def _key(library: Library, network: str) -> str | None:
    """By what the vectors of a network are known, also when its file is gone; None where there is neither."""
    if network in (COLOUR, ""):
        return COLOUR_KEY
    ways_of = [way.key for way in ways.all_ways(library.connection) if network in (way.name, way.key)]
    return ways_of[0] if ways_of else next((one.key for one in library.networks() if one.name == network), None)
