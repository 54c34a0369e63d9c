"""Which device is used, and what is said about it. A fake session stands for a card, which no test machine has."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets import device
from desktop_app.core.nets.manifest import bundled_networks
from desktop_app.core.nets.session import Engine, open_session

PRECISE, SMALL = bundled_networks(paths.models_dir())
CARD = "NVIDIA GeForce RTX 4060"


class Card:
    """Opens fake sessions like `open_session`, and remembers what was asked of them.

    Args:
        fits: the largest batch that the card's memory holds.
        works: whether a session on the card really runs there.
        error: raised by every run on the card, instead.
        opens: how many sessions the card opens before it refuses.
    """

    def __init__(self, *, fits: int = 64, works: bool = True, error: Exception | None = None, opens: int = 99) -> None:
        self.fits, self.works, self.error, self.opens = fits, works, error, opens
        self.opened: list[tuple[str, int]] = []
        self.runs: list[tuple[str, int, list[str]]] = []
        self.alive: set[str] = set()

    def __call__(self, network, kind, threads):
        if kind == "cuda":
            if self.opens == 0:
                raise RuntimeError("CUDA failure 2: out of memory")
            self.opens -= 1
        self.opened.append((kind, threads))
        return FakeSession(self, network, kind)


class FakeSession:
    def __init__(self, card: Card, network, kind: str) -> None:
        self.card, self.network, self.kind = card, network, kind

    def get_providers(self):
        on_card = self.kind == "cuda" and self.card.works
        return ["CUDAExecutionProvider", "CPUExecutionProvider"] if on_card else ["CPUExecutionProvider"]

    def run(self, names, feeds):
        (batch,) = feeds.values()
        self.card.runs.append((self.kind, len(batch), list(names)))
        if self.kind == "cuda":
            if self.card.error:
                raise self.card.error
            if len(batch) > self.card.fits:
                raise RuntimeError("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer")
        # the first pixel of each picture stands for its features, so that mixed-up rows show
        mark = batch[:, 0, 0, 0]
        return [np.repeat(mark[:, None], self.dimension(name), axis=1) for name in names]

    def dimension(self, name):
        return next((layer.dimension for layer in self.network.layers if layer.name == name), 49)


def engine(card: Card, wish="auto", network=PRECISE, name=CARD, missing=""):
    return Engine(network, wish, factory=card, card=lambda: name, missing=lambda: missing)


def batch(count: int):
    pictures = np.zeros((count, 3, 224, 224), np.float32)
    pictures[:, 0, 0, 0] = np.arange(count)
    return pictures


def test_a_card_that_works_is_used():
    card = Card()
    made = engine(card)
    assert made.device == device.DeviceReport("cuda", "", CARD)
    assert made.batches
    assert card.opened == [("cuda", 1)]
    assert [run[:2] for run in card.runs] == [("cuda", 1)]  # the warm-up
    assert made.run(batch(5))["logits"][:, 0].tolist() == [0, 1, 2, 3, 4]


def test_without_a_card_nothing_is_said_or_tried():
    card = Card()
    made = engine(card, name=None)
    assert made.device == device.DeviceReport("cpu")
    assert not made.batches
    assert card.opened == [("cpu", 1)]
    assert card.runs == []


def test_a_card_that_was_asked_for_and_is_not_there_is_said():
    assert engine(Card(), "cuda", name=None).device.reason == device.NO_CARD


def test_the_processor_is_used_where_it_was_asked_for():
    def never():
        raise AssertionError("nobody asked for a card")

    made = Engine(PRECISE, "cpu", factory=Card(), card=never, missing=never)
    assert made.device == device.DeviceReport("cpu")


def test_a_session_that_fell_back_to_the_processor_is_seen_through():
    card = Card(works=False)
    made = engine(card)
    assert made.device == device.DeviceReport(
        "cpu", "A graphics card is here but not used: it could not be started.", CARD
    )
    assert card.opened == [("cuda", 1), ("cpu", 1)]


def test_a_card_too_old_is_known_by_the_warm_up():
    made = engine(Card(error=RuntimeError("CUDA error 209: no kernel image is available for execution")))
    assert made.device.kind == "cpu"
    assert made.device.reason == f"A graphics card is here but not used: {device.TOO_OLD}."
    assert "no kernel image" in made.device.detail


def test_a_missing_driver_part_is_named_and_no_session_tried():
    card = Card()
    made = engine(card, missing="its driver part is missing (cuDNN 9)")
    assert made.device.reason == "A graphics card is here but not used: its driver part is missing (cuDNN 9)."
    assert card.opened == [("cpu", 1)]


def test_an_8_bit_network_stays_on_the_processor():
    assert engine(Card(), network=SMALL).device == device.DeviceReport(
        "cpu", "A graphics card is here but not used: this library was made on the processor.", CARD
    )


def test_a_card_without_memory_for_the_warm_up_is_left_alone():
    made = engine(Card(fits=0))
    assert made.device.kind == "cpu"
    assert made.device.reason == "A graphics card is here but not used: its memory is full."


def test_a_full_card_gets_half_the_batch_and_keeps_it():
    card = Card(fits=4)
    made = engine(card)
    card.runs.clear()
    assert made.run(batch(8))["embedding"][:, 0].tolist() == list(range(8))
    assert [run[1] for run in card.runs] == [8, 4, 4]
    card.runs.clear()
    assert made.run(batch(6))["embedding"][:, 0].tolist() == list(range(6))
    assert [run[1] for run in card.runs] == [4, 2]
    assert made.device.kind == "cuda"
    assert card.opened == [("cuda", 1), ("cuda", 1)]  # the full session was dropped


def test_a_card_that_fits_not_even_one_picture_hands_over_to_the_processor():
    card = Card()
    made = engine(card)
    card.fits = 0
    card.runs.clear()
    assert made.run(batch(4))["embedding"][:, 0].tolist() == [0, 1, 2, 3]
    assert [run[:2] for run in card.runs] == [("cuda", 4), ("cuda", 2), ("cuda", 1), ("cpu", 4)]
    assert made.device.kind == "cpu"
    assert made.device.reason == "A graphics card is here but not used: its memory is full."
    assert not made.batches
    card.runs.clear()
    made.run(batch(4))
    assert [run[:2] for run in card.runs] == [("cpu", 4)]


def test_a_card_that_cannot_be_opened_again_hands_over_too():
    card = Card(fits=4, opens=1)
    made = engine(card)
    assert made.run(batch(8))["embedding"][:, 0].tolist() == list(range(8))
    assert made.device.reason == "A graphics card is here but not used: its memory is full."


def test_a_card_that_breaks_down_hands_over():
    card = Card()
    made = engine(card)
    card.error = RuntimeError("CUDA failure 999: unknown error")
    assert made.run(batch(2))["embedding"][:, 0].tolist() == [0, 1]
    assert made.device.reason == "A graphics card is here but not used: it stopped working."
    assert "999" in made.device.detail


@pytest.mark.parametrize("wish", ["cpu", "cuda"])
def test_the_map_is_computed_only_when_asked_for(wish):
    card = Card()
    made = engine(card, wish)
    made.run(batch(1))
    assert PRECISE.map_output not in {name for run in card.runs for name in run[2]}
    assert made.run(batch(1), ["map"]).keys() == {"map"}
    assert card.runs[-1][2] == ["map"]


@pytest.mark.parametrize(
    ("pictures", "outputs"),
    [
        (np.zeros((0, 3, 224, 224), np.float32), None),
        (np.zeros((3, 224, 224), np.float32), None),
        (np.zeros((1, 3, 224, 225), np.float32), None),
        (np.zeros((1, 3, 224, 224)), None),
        (np.zeros((1, 3, 224, 224), np.float32), ["pool5"]),
    ],
    ids=["none", "no batch", "size", "dtype", "output"],
)
def test_a_wrong_call_is_our_fault_and_not_the_cards(pictures, outputs):
    made = engine(Card())
    with pytest.raises(ValueError, match=r"batch must be|has no output"):
        made.run(pictures, outputs)
    assert made.device.kind == "cuda"


def test_a_damaged_file_is_found_before_it_is_opened():
    card = Card()
    with pytest.raises(UserError, match="is damaged"):
        engine(card, network=dataclasses.replace(PRECISE, sha256="0" * 64))
    assert card.opened == []


def test_a_file_onnxruntime_cannot_read_is_a_sentence():
    def broken(network, kind, threads):
        raise RuntimeError("Unsupported model IR version: 99")

    with pytest.raises(UserError, match=r"cannot read efficientnet-lite0\.onnx") as caught:
        Engine(PRECISE, "cpu", factory=broken)
    assert "IR version" in caught.value.details


def test_several_threads_run_one_real_session_at_once():
    made = Engine(SMALL, "cpu")
    pictures = np.random.default_rng(0).uniform(-1, 1, (4, 1, 3, 224, 224)).astype(np.float32)
    alone = [made.run(p)["embedding"] for p in pictures]
    together: list = [None] * 4
    begin = threading.Barrier(4)

    def work(number: int) -> None:
        begin.wait()
        together[number] = made.run(pictures[number])["embedding"]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(np.stack(together), np.stack(alone))


def test_opening_for_the_card_prints_nothing_and_tells_the_truth(capfd):
    if device.missing_part() == device.CPU_ONLY:
        pytest.skip("this onnxruntime knows no graphics card")
    session = open_session(PRECISE, "cuda", 1)
    assert session.get_providers()[-1] == "CPUExecutionProvider"
    assert capfd.readouterr() == ("", "")


def test_a_linux_driver_tells_the_cards_name(tmp_path):
    (tmp_path / "0000:01:00.0").mkdir()
    information = tmp_path / "0000:01:00.0" / "information"
    information.write_text("Model: \t\t NVIDIA GeForce RTX 4060\nIRQ:   \t\t 120\n")
    assert device.card_from_proc(tmp_path) == "NVIDIA GeForce RTX 4060"
    information.write_text("")
    assert device.card_from_proc(tmp_path) == "NVIDIA graphics card"
    assert device.card_from_proc(tmp_path / "none") is None


def test_a_missing_part_is_looked_for_without_a_word(capfd):
    assert isinstance(device.missing_part(), str)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "Failed to allocate memory for requested buffer of size 1",
        "CUDA failure 2: out of memory",
        "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED",
        "CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED",
    ],
)
def test_out_of_memory_has_many_names(text):
    assert device.is_out_of_memory(RuntimeError(text))
    assert not device.is_out_of_memory(RuntimeError("Got invalid dimensions for input"))
