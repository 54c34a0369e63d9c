"""The four cases of transfer learning, from what was measured."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.learn.advisor import REFERENCE, Familiarity, advise, familiarity, gain_of_twice
from desktop_app.core.learn.intervals import CurvePoint

NAMES = ("stage1", "stage2", "stage3", "stage4", "stage5", "embedding", "logits")
PHOTO_LIKE = Familiarity(12.0, 0.43, 70.0, 372)
SIGN_LIKE = Familiarity(85.0, 0.13, 135.0, 600)
BETWEEN = Familiarity(40.0, 0.17, 190.0, 60)
RISING = (CurvePoint(40, 0.60), CurvePoint(80, 0.72), CurvePoint(160, 0.80))
FLAT = (CurvePoint(100, 0.905), CurvePoint(200, 0.91), CurvePoint(400, 0.912))
FEW, MANY = {"hat": 7, "shirt": 12}, {"hat": 180, "shirt": 220}


@pytest.mark.parametrize(
    ("counts", "curve", "seen", "case"),
    [
        (FEW, RISING, PHOTO_LIKE, 1),
        (MANY, FLAT, PHOTO_LIKE, 2),
        (FEW, RISING, SIGN_LIKE, 3),
        (MANY, FLAT, SIGN_LIKE, 4),
        ({"hat": 60, "shirt": 60}, RISING, PHOTO_LIKE, 1),  # many, but the curve still rises
        ({"hat": 300, "shirt": 300}, RISING, PHOTO_LIKE, 2),
        ({"hat": 8, "shirt": 8}, FLAT, PHOTO_LIKE, 1),  # flat, but of too few to be believed
        (FEW, (), None, 1),  # nothing measured yet
        ({"hat": 500}, (), None, 1),  # one answer only
        ({}, (), None, 1),
    ],
)
def test_the_case(counts, curve, seen, case):
    advice = advise(counts, curve, seen=seen)
    assert advice.case == case
    assert ("unlike" in advice.sentence) == (case in (3, 4))
    first = "Plenty" if case in (2, 4) else "More labels still help" if 60 in counts.values() else "Few"
    assert advice.sentence.startswith(first)
    assert [one.name for one in advice.evidence] == ["labels", "curve", "familiarity", "layers"]


def layers(*accuracies):
    return dict(zip(NAMES, accuracies, strict=True))


def test_where_the_class_layer_cannot_decide_the_layers_do():
    late = layers(0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.8)
    early = layers(0.4, 0.5, 0.7, 0.82, 0.8, 0.8, 0.7)
    assert advise(FEW, RISING, late, BETWEEN).case == 1
    assert advise(FEW, RISING, early, BETWEEN).case == 3
    assert advise(FEW, RISING, early, None).case == 3  # a network without a class layer
    assert advise(FEW, RISING, early, PHOTO_LIKE).case == 1
    assert any("stage4" in words for words in advise(FEW, RISING, early, PHOTO_LIKE).follows)


def test_what_follows_names_the_answer_with_fewest_labels():
    first = advise(FEW, RISING, seen=PHOTO_LIKE).follows[0]
    assert first.startswith("Label more, first of all “hat”: it has 7. Twice as many would bring about ")


def test_it_warns_where_more_labels_will_not_help():
    flat = (CurvePoint(200, 0.615), CurvePoint(400, 0.62))
    advice = advise(MANY, flat, seen=SIGN_LIKE, interval=(0.58, 0.66))
    assert "62 times in 100" in advice.warning
    assert any("recognition" in words for words in advice.follows)
    assert advise(MANY, FLAT, seen=SIGN_LIKE, interval=(0.88, 0.94)).warning == ""
    rising = (CurvePoint(50, 0.4), CurvePoint(100, 0.52))
    assert advise({"a": 50, "b": 50}, rising, seen=SIGN_LIKE, interval=(0.4, 0.6)).warning == ""


def test_it_warns_where_always_saying_one_answer_would_be_as_good():
    curve = (CurvePoint(60, 0.7), CurvePoint(120, 0.7))
    advice = advise({"good": 90, "dent": 30}, curve, seen=PHOTO_LIKE)
    assert "always saying “good”" in advice.warning
    assert advise({"good": 9, "dent": 3}, curve, seen=PHOTO_LIKE).warning == ""  # too early to say


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 500)),
    st.lists(st.tuples(st.integers(0, 1000), st.floats(0, 1)), max_size=5),
    st.none() | st.lists(st.floats(0, 1), min_size=0, max_size=7),
    st.none() | st.sampled_from([PHOTO_LIKE, SIGN_LIKE, BETWEEN]),
    st.none() | st.just((0.2, 0.4)),
)
def test_anything_may_be_missing_or_nought(counts, points, accuracies, seen, interval):
    curve = [CurvePoint(labels, accuracy) for labels, accuracy in sorted(points)]
    measured = None if accuracies is None else dict(zip(NAMES, accuracies, strict=False))
    advice = advise(counts, curve, measured, seen, interval)
    for words in (advice.sentence, *advice.follows, *(one.words for one in advice.evidence), advice.warning):
        assert "nan" not in words
        assert words == "" or words.endswith(".")


# --- the curve ---------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.floats(0.05, 0.9), st.floats(0, 1))
def test_twice_the_labels_on_a_power_law(error, power):
    curve = [CurvePoint(n, 1 - error * (n / 20) ** -power) for n in (20, 40, 80)]
    last = error * 4**-power
    if last > 2e-3:
        assert gain_of_twice(curve) == pytest.approx(last - error * 8**-power, abs=1e-6)


def test_a_falling_curve_promises_nothing():
    assert gain_of_twice([CurvePoint(20, 0.8), CurvePoint(40, 0.7)]) == 0
    assert gain_of_twice([CurvePoint(20, 0.8)]) is None
    assert gain_of_twice([]) is None


# --- the class layer ---------------------------------------------------------------------------------------------


def test_how_well_photos_are_known():
    sure = np.full((50, 1000), -20, np.float32)
    sure[np.arange(50), np.arange(50) % 10] = 20
    found = familiarity(sure)
    assert found.hesitation == pytest.approx(1, abs=1e-3)
    assert found.sure == 1
    assert found.spread == pytest.approx(10, rel=1e-3)
    blank = familiarity(np.zeros((50, 1000), np.float32))
    assert (blank.hesitation, blank.spread) == pytest.approx((1000, 1000))
    assert blank.sure == 0


def test_probabilities_are_taken_as_they_are():
    random = np.random.default_rng(0)
    logits = random.standard_normal((40, 30)) * 3
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    one, other = familiarity(logits.astype(np.float32)), familiarity(shares.astype(np.float32))
    assert one.hesitation == pytest.approx(other.hesitation, rel=1e-4)


def test_too_few_photos_or_no_class_layer():
    assert familiarity(np.zeros((4, 1000), np.float32)) is None
    assert familiarity(np.zeros((40, 0), np.float32)) is None
    assert familiarity(np.full((40, 10), np.nan, np.float32)) is None
    assert familiarity(np.zeros((5_000, 10), np.float32)).photos == 2_000


def test_the_reference_is_like_itself():
    assert advise(FEW, RISING, seen=REFERENCE).case == 1
