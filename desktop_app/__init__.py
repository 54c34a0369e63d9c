"""Likeness: find the photos that look alike, on your own computer."""

__version__ = "0.1.0"
