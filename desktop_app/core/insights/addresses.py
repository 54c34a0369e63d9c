"""What the address of a post tells: its shortcode, and whether it is a reel or a story."""

from __future__ import annotations

import re

from desktop_app.core.posts import PostType

_SHORTCODE = re.compile(r"instagram\.com/(?:[\w.]+/)?(p|reel|reels|tv)/([A-Za-z0-9_-]{5,64})(?![A-Za-z0-9_-])", re.I)
_STORY = re.compile(r"instagram\.com/stories/", re.I)


def shortcode_of(address: str) -> str:
    """The shortcode in a post's address; "" where there is none."""
    found = _SHORTCODE.search(address)
    return found.group(2) if found else ""


def type_of(address: str) -> PostType | None:
    """What kind of post it is: "reel" or "story" where the address says so; a plain address says nothing."""
    if _STORY.search(address):
        return "story"
    found = _SHORTCODE.search(address)
    return "reel" if found and found.group(1).lower().startswith("reel") else None
