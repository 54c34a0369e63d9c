"""Runs a network, on the graphics card where it really works and on the processor everywhere else."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.nets import device as devices
from desktop_app.core.nets.device import DeviceReport, Kind, detect_card
from desktop_app.core.nets.manifest import Network, verify
from desktop_app.core.nets.prepare import Tensor, prepare
from desktop_app.core.types import Pixels, Vectors

__all__ = ["DeviceReport", "Engine", "Session", "detect_card", "open_session"]

Wish = Literal["auto", "cpu", "cuda"]

CARD_BATCH = 32
"""Pictures of one run on a card: more take memory and are hardly faster."""


class Session(Protocol):
    """The part of onnxruntime's InferenceSession that the engine needs."""

    def run(self, output_names: Sequence[str], input_feed: dict[str, Any]) -> Sequence[Any]:
        """The named outputs, in that order."""

    def get_providers(self) -> Sequence[str]:
        """What the session really runs on, first choice first."""


Factory = Callable[[Network, Kind, int], Session]


def open_session(network: Network, kind: Kind, threads: int) -> Session:
    """An onnxruntime session of a network's file, for the processor (`threads` threads) or the card.

    Raises:
        UserError: onnxruntime cannot be loaded.
        Exception: whatever onnxruntime raises (it has no common type).
    """
    try:
        import onnxruntime
    except ImportError as error:
        message = "The part that compares photos (onnxruntime) cannot be loaded. Install Likeness anew"
        windows = ", and on Windows the Visual C++ runtime (aka.ms/vc14)" if os.name == "nt" else ""
        raise UserError(f"{message}{windows}.", str(error)) from error
    onnxruntime.set_default_logger_severity(4)  # nothing less keeps it from writing to the terminal
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # threads that spin while they wait would take the window's processor time
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    providers: list[Any] = ["CPUExecutionProvider"]
    if kind == "cuda":
        # an exhaustive search for the fastest convolution costs seconds, a doubling arena a whole card
        cuda = {"cudnn_conv_algo_search": "HEURISTIC", "arena_extend_strategy": "kSameAsRequested"}
        providers.insert(0, ("CUDAExecutionProvider", cuda))
    session: Session = onnxruntime.InferenceSession(
        os.fspath(network.path), options, providers=providers, enable_fallback=0
    )
    return session


def maps_file(network: Network) -> Network:
    """The network with its second file in the place of the first.

    Raises:
        ValueError: it has none.
    """
    if network.maps_path is None or not network.maps:
        raise ValueError(f"{network.name} has no file of maps")
    return dataclasses.replace(network, path=network.maps_path, sha256=network.maps_sha256)


class Engine:
    """A network that is ready to run. `run` may be called from several threads at once.

    A network that takes one picture at a time gets a batch picture by picture: `run` hides the difference.

    On the processor one single-threaded session serves all threads: each worker brings its own core. On the card calls
    are run one after the other. A card whose memory is full gets half the batch; at a batch of one, or after any other
    failure of the card, the processor takes over for good and `device` says so.

    Args:
        network: one of `registry.all_networks`.
        device: "auto" uses the card where a warm-up run proves that it works; "cuda" does too, and says why not where
            there is none; "cpu" never looks for one.
        threads: threads of one run on the processor.
        batch: most pictures of one run on the processor, where that was measured to be faster than a picture per
            worker (`bench.best_way`); 0 sets no limit, and then `batches` is False there.
        maps: runs the network's second file (`Network.maps_path`), whose outputs are feature maps, instead.
        factory: opens sessions; tests bring their own.
        card: names the card that is there, or None.
        missing: what the card lacks, see `device.missing_part`.

    Raises:
        UserError: the network's file is missing or damaged, or onnxruntime cannot be loaded or cannot read it.
        ValueError: `maps` is asked of a network without that file.
    """

    def __init__(
        self,
        network: Network,
        device: Wish = "auto",
        threads: int = 1,
        *,
        batch: int = 0,
        maps: bool = False,
        factory: Factory = open_session,
        card: Callable[[], str | None] = detect_card,
        missing: Callable[[], str] = devices.missing_part,
    ) -> None:
        self.network = network
        self._file = maps_file(network) if maps else network
        self._threads, self._factory = threads, factory
        self._batch = batch if network.batch_free else 0
        self._one_at_a_time = threading.Lock()
        self._largest = 0  # pictures in one run on the card; 0: no limit met yet
        self._shape = network.preparation.shape
        self._layers = list(network.maps.values()) if maps else [layer.name for layer in network.layers]
        self._outputs = {*self._layers, network.map_output} - {""}
        if self._file.sha256:
            verify(self._file)
        session, self._device = self._on_card(device, card, missing)
        self._session = session or self._on_processor(threads)

    @property
    def device(self) -> DeviceReport:
        """Where the network runs now, and why not on the card."""
        return self._device

    @property
    def batches(self) -> bool:
        """Whether one thread with batches is faster than a picture per worker: true on the card."""
        return self._device.kind == "cuda" or self._batch > 1

    @property
    def batch_size(self) -> int:
        """How many pictures one run should have, where `batches` is true: no more are put through at once."""
        if self._device.kind == "cuda":
            return min(self._largest or CARD_BATCH, CARD_BATCH) if self.network.batch_free else 1
        return max(1, self._batch)

    def prepare(self, pixels: Pixels) -> Tensor:
        """A picture as this network's input, see `nets.prepare.prepare`: float32 `Preparation.shape`."""
        return prepare(pixels, self.network)

    def warm_up(self) -> None:
        """One run on an empty picture: the first one takes longer, and nobody should wait for it at a search."""
        self.run(np.zeros((1, *self._shape), np.float32))

    def run(self, batch: Tensor, outputs: Sequence[str] | None = None) -> dict[str, Vectors]:
        """Runs the network once over a batch.

        Args:
            batch: float32 (n, *Preparation.shape) of `prepare`, n at least 1.
            outputs: names of layers, or of the map; by default every layer and never the map. With `maps` names of
                maps; by default all of `Network.maps`.

        Returns:
            Per name float32 (n, dimension), and (n, channels, h, w) for maps.

        Raises:
            ValueError: `batch` has another shape or dtype, or `outputs` names something the network has not.
        """
        names = self._layers
        if outputs is not None and (unknown := set(names := list(outputs)) - self._outputs):
            raise ValueError(f"{self.network.name} has no output {', '.join(sorted(unknown))}")
        if batch.dtype != np.float32 or batch.shape[1:] != self._shape or not len(batch):
            sides = ", ".join(map(str, self._shape))
            raise ValueError(f"batch must be float32 (n, {sides}), not {batch.dtype} {batch.shape}")
        if self._device.kind == "cpu":
            return self._on_cpu(batch, names)
        with self._one_at_a_time:
            while self._device.kind == "cuda":
                step = min(self._largest or len(batch), len(batch))
                try:
                    return self._in_steps(self._session, batch, names, step)
                except Exception as error:
                    self._give_way(step, error)
        return self._on_cpu(batch, names)

    def _on_cpu(self, batch: Tensor, names: list[str]) -> dict[str, Vectors]:
        if 0 < self._batch < len(batch):
            return self._in_steps(self._session, batch, names, self._batch)
        return self._run(self._session, batch, names)

    def _run(self, session: Session, batch: Tensor, names: list[str]) -> dict[str, Vectors]:
        if len(batch) > 1 and not self.network.batch_free:
            return self._in_steps(session, batch, names, 1)
        values = session.run(names, {self.network.input_name: batch})
        return {name: np.asarray(value, np.float32) for name, value in zip(names, values, strict=True)}

    def _in_steps(self, session: Session, batch: Tensor, names: list[str], step: int) -> dict[str, Vectors]:
        chunks = [self._run(session, batch[i : i + step], names) for i in range(0, len(batch), step)]
        if len(chunks) == 1:
            return chunks[0]
        return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in names}

    def _on_processor(self, threads: int) -> Session:
        try:
            return self._factory(self._file, "cpu", threads)
        except UserError:
            raise
        except Exception as error:
            # the file is the right one (its sha256 was checked), so onnxruntime is the wrong one
            again = "Remove the network and add it again." if self.network.own else "Install Likeness anew."
            message = f"This version of onnxruntime cannot read {self._file.path.name}. {again}"
            raise UserError(message, str(error)) from error

    def _on_card(
        self, device: Wish, card: Callable[[], str | None], missing: Callable[[], str]
    ) -> tuple[Session | None, DeviceReport]:
        """A session that has proved itself on the card, or None and why not."""
        if device == "cpu":
            return None, DeviceReport("cpu")
        name = card()
        if name is None:
            return None, DeviceReport("cpu", devices.NO_CARD if device == "cuda" else "")
        lacks = missing()
        if not lacks and self.network.precision == "int8":
            lacks = devices.MADE_FOR_CPU  # 8-bit graphs are slower on the card than on the processor
        if lacks:
            return None, DeviceReport("cpu", devices.NOT_USED.format(lacks), name)
        try:
            session = self._factory(self._file, "cuda", self._threads)
            self._run(session, np.zeros((1, *self._shape), np.float32), self._layers)
            # only now is the list true: before, it names what was asked for
            if session.get_providers()[0] == "CUDAExecutionProvider":
                return session, DeviceReport("cuda", "", name)
        except Exception as error:
            return None, DeviceReport(
                "cpu", devices.NOT_USED.format(devices.why(error, devices.NO_START)), f"{name}: {error}"
            )
        return None, DeviceReport("cpu", devices.NOT_USED.format(devices.NO_START), name)

    def _give_way(self, step: int, error: Exception) -> None:
        """After a failed run of `step` pictures: half of them in a new session if memory was short, else the CPU."""
        del self._session  # frees the card's memory before anything else asks for it
        if step > 1 and devices.is_out_of_memory(error):
            self._largest = step // 2
            with contextlib.suppress(Exception):
                self._session = self._factory(self._file, "cuda", self._threads)
                if self._session.get_providers()[0] == "CUDAExecutionProvider":
                    return
        # one thread brings the batches, so the session takes all cores
        self._session = self._on_processor(os.cpu_count() or 1)
        self._device = DeviceReport("cpu", devices.NOT_USED.format(devices.why(error, devices.STOPPED)), str(error))
