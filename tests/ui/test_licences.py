"""What About says of the parts that come with the program."""

from __future__ import annotations

from desktop_app.core import paths
from desktop_app.ui.help_actions import licences


def test_every_notice_is_there() -> None:
    shown = licences()
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in shown
    assert "EfficientNet-Lite0" in shown
    assert (paths.resources_dir() / "words" / "LICENCE-wordnet.txt").read_text("utf-8") in shown
    assert (paths.sample_photos() / "ATTRIBUTION.md").read_text("utf-8") in shown
