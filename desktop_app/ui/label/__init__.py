"""The Label page: say what to tell apart, label a few, let the rest be guessed, and know how far to trust it."""

from __future__ import annotations
