"""What reading one source gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop_app.core.posts import Post, Why


@dataclass(frozen=True, slots=True)
class Reading:
    """The posts of one source, and what else it said.

    Attributes:
        posts: as the source lists them: some name pictures (`Post.files`), some have numbers, some both. The same post
            may be listed twice, once with each.
        zoned: whether their times are UTC; otherwise they are a wall clock's, and matching works out its zone.
        account: whose posts these are where the source says so for all of them; "".
        remarks: sentences about what could not be read.
        others: files that are pictures of no post, and why they are none.
        described: what a file shows, in words, where the source says so (accessibility captions).
    """

    posts: tuple[Post, ...] = ()
    zoned: bool = True
    account: str = ""
    remarks: tuple[str, ...] = ()
    others: Mapping[str, Why] = field(default_factory=dict)
    described: Mapping[str, str] = field(default_factory=dict)
