"""The words of insights, as its parts use them; they live in `core/posts.py`, where the catalogue knows them too."""

from __future__ import annotations

from desktop_app.core.posts import (
    INTERACTIONS,
    METRICS,
    POST_TYPES,
    WEEK,
    Account,
    Coverage,
    How,
    Match,
    MatchLine,
    Offset,
    Outcome,
    Post,
    PostId,
    PostPicture,
    PostType,
    Role,
    Why,
    coverage,
)

__all__ = [
    "INTERACTIONS",
    "METRICS",
    "POST_TYPES",
    "WEEK",
    "Account",
    "Coverage",
    "How",
    "Match",
    "MatchLine",
    "Offset",
    "Outcome",
    "Post",
    "PostId",
    "PostPicture",
    "PostType",
    "Role",
    "Why",
    "coverage",
]
