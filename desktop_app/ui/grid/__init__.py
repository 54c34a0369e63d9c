"""The photo grid: a view laid out by arithmetic, a model of ids, a delegate, and a source of thumbnails."""

from __future__ import annotations

from desktop_app.ui.grid.delegate import PhotoDelegate
from desktop_app.ui.grid.facts import AnswerBadge, PhotoFacts, Role
from desktop_app.ui.grid.hover import FIND_ALIKE, HoverAction
from desktop_app.ui.grid.layout import Layout
from desktop_app.ui.grid.model import GridModel
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.grid.view import PhotoGrid, Place

__all__ = [
    "FIND_ALIKE",
    "AnswerBadge",
    "GridModel",
    "HoverAction",
    "Layout",
    "PhotoDelegate",
    "PhotoFacts",
    "PhotoGrid",
    "Place",
    "Role",
    "Thumbnails",
]
