"""Tails of the normal and of Student's distribution. SciPy is loaded when it is first needed: windows start without."""

from __future__ import annotations


def normal_beyond(x: float) -> float:
    """The share of a normal distribution above x."""
    from scipy import stats

    return float(stats.norm.sf(x))


def normal_at(share: float) -> float:
    """The value below which this share of a normal distribution lies."""
    from scipy import stats

    return float(stats.norm.ppf(share))


def student_beyond(x: float, freedom: float) -> float:
    """The share of Student's distribution with so many degrees of freedom above x."""
    from scipy import stats

    return float(stats.t.sf(x, freedom))


def student_at(share: float, freedom: float) -> float:
    """The value below which this share of Student's distribution lies."""
    from scipy import stats

    return float(stats.t.ppf(share, freedom))
