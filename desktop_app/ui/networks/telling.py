"""What is known of networks as the cards say it."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.core import wording
from desktop_app.core.operations.descriptors import DescriptorState
from desktop_app.core.operations.get_network import Available
from desktop_app.core.operations.networks import NetworkState
from desktop_app.core.types import Progress
from desktop_app.ui.networks.values import Getting, NetworkCard, OfferCard, Use
from desktop_app.ui.panels.details import Detail


def network_card(state: NetworkState, known: Iterable[DescriptorState], *, busy: bool = False) -> NetworkCard:
    """A network that is here, and what it is to the library; `busy` while photos are being got ready for it."""
    own = [one for one in known if one.network == state.name]
    use = Use.NONE
    if any(one.is_default for one in own):
        use = Use.DEFAULT
    elif any(one.ready for one in own):
        use = Use.ALSO
    return NetworkCard(
        state.name,
        state.title,
        state.good_at,
        state.bytes,
        state.licence,
        state.photos_per_second,
        "on the graphics card" if state.device == "cuda" else "on the processor",
        use,
        state.own,
        () if state.trouble else _details(state, own),
        state.trouble,
        _part(own) if use is Use.NONE else "",
        busy,
    )


def _part(own: list[DescriptorState]) -> str:
    """How many photos are ready where getting them ready was stopped half-way."""
    if not own or not own[0].computed:
        return ""
    return f"{wording.number(own[0].computed)} of {wording.count(own[0].total, 'photo')} ready"


def _details(state: NetworkState, own: list[DescriptorState]) -> tuple[Detail, ...]:
    rows = [
        Detail("Name", state.name),
        Detail("Input", state.input),
        Detail("Layers", " · ".join(f"{layer.name} {layer.dimension}" for layer in state.layers)),
        Detail("Numbers", state.precision),
        Detail("From", state.origin or "not stated"),
    ]
    if own and own[0].computed:
        rows.append(Detail("In this library", f"{wording.count(own[0].computed, 'photo')} of {own[0].total:,}"))
    return tuple(rows)


def offer_card(one: Available, running: Progress | None, trouble: str) -> OfferCard:
    """A network that can be downloaded, and how far it is."""
    offer = one.offer
    state, part, left = Getting.NO, one.arrived / offer.bytes, ""
    if running is not None:
        state = Getting.RUNS
        part = running.done / running.total if running.total else part
        left = wording.time_left(running.seconds_left)
    elif trouble:
        state = Getting.FAILED
    elif one.arrived:
        state = Getting.STOPPED
    return OfferCard(
        offer.name,
        offer.title,
        offer.good_at,
        offer.year,
        offer.bytes,
        offer.licence,
        offer.accuracy,
        state,
        part,
        left,
        trouble,
    )
