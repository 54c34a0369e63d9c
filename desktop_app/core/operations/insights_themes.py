"""The themes that insights count by: those of the library, found anew where pictures of posts are in none."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from desktop_app.core.catalog import insights as store
from desktop_app.core.catalog import themes as kept
from desktop_app.core.catalog.themes import Grouping, Scope
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.grouping import ALL, group_and_keep
from desktop_app.core.operations.theme_cards import Card, cards
from desktop_app.core.operations.theme_names import theme_names
from desktop_app.core.operations.themes import propose_names
from desktop_app.core.types import PhotoId, Progress

ODD_NAME = "Odd ones out"


@dataclass(frozen=True, slots=True)
class Themed:
    """Themes as statistics take them.

    Attributes:
        grouping: which grouping they are of.
        themes: theme of each photo; a theme is known by its lineage, so that what is said of it outlasts a new run.
        names: theme to name, as a person called it, else as proposed; in the order of the Themes page.
        typical: the photos that stand for each.
    """

    grouping: Grouping
    themes: Mapping[PhotoId, int]
    names: Mapping[int, str]
    typical: Mapping[int, tuple[PhotoId, ...]]


def themes_of(library: Library, grouping: Grouping) -> Themed:
    """The themes of a grouping. Only reads.

    Raises:
        UserError: the grouping is gone.
    """
    connection = library.connection
    shown = cards(library, grouping.id)
    lineage = {int(card.id): card.lineage for card in shown}
    of_leaf = {
        leaf: lineage[int(theme)]
        for leaf, theme in kept.leaf_themes(connection, grouping.id).items()
        if int(theme) in lineage
    }
    members = kept.members(connection, grouping.id)
    return Themed(
        grouping,
        {
            PhotoId(photo): of_leaf[leaf]
            for photo, leaf in zip(members.photos.tolist(), members.leaves.tolist(), strict=True)
            if leaf in of_leaf
        },
        {card.lineage: shown_name(card, place) for place, card in enumerate(shown, 1)},
        {card.lineage: card.typical for card in shown},
    )


def shown_name(card: Card, place: int) -> str:
    """How a theme reads where no name can be left out."""
    return card.name or card.proposed or (ODD_NAME if card.kind == "odd" else f"Theme {place}")


def post_themes(library: Library, scope: Scope = ALL) -> Generator[Progress, None, Themed]:
    """Themes that hold every picture of a post: the kept ones, else found now; names and edits are carried on.

    Args:
        library: open for writing.
        scope: what is grouped; by default the whole library, all accounts together.

    Raises:
        UserError: there are no photos that can be compared.
    """
    wanted = {picture.photo for picture in store.pictures(library.connection)}
    grouping = kept.of_scope(library.connection, scope)
    held = set() if grouping is None else set(kept.members(library.connection, grouping.id).photos.tolist())
    if grouping is None or not wanted <= held:
        written = yield from group_and_keep(library, scope)
        grouping = written.grouping
        assert grouping is not None  # keep says which it wrote
        yield from name_themes(library, grouping)
    return themes_of(library, grouping)


def name_themes(library: Library, grouping: Grouping) -> Generator[Progress, None, None]:
    """Propose names for the themes of a grouping, from what photos show, captions of their posts and folders."""
    connection = library.connection
    shown = [card for card in cards(library, grouping.id) if card.kind != "odd"]
    texts = {post.id: post.caption for post in store.posts(connection) if post.caption}
    captions = {int(one.photo): texts[one.post] for one in store.pictures(connection) if one.post in texts}
    groups = [[int(photo) for photo in kept.photos_of(connection, card.id)] for card in shown]
    taken = [card.name for card in shown if card.name]
    try:
        proposed = yield from theme_names(library, groups, taken=taken, captions=captions)
    except UserError:  # the words of the program are missing: themes are numbered
        return
    propose_names(library, grouping.id, [(card.id, one.name) for card, one in zip(shown, proposed, strict=True)])
