"""What the map is coloured by: what there is to choose from, and the values of what was chosen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot

from desktop_app.core.operations.map import PhotoMap
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.map.colouring import Colouring
from desktop_app.ui.map.colours_asked import ANSWERS, THEME, Provider, colouring, offers
from desktop_app.ui.map.page import PHOTOS, MapPage


class ChoosingColours(QObject):
    """Colours the photos of the map, with a legend.

    Attributes:
        key: what is chosen, PHOTOS for the photos as they are.
        values: of the photos; None until they are there, and for PHOTOS.
    """

    def __init__(self, desk: Desk, page: MapPage) -> None:
        super().__init__(desk.window)
        self._desk, self._page = desk, page
        self.key = PHOTOS
        self.values: Colouring | None = None
        self._map: PhotoMap | None = None
        self._providers: dict[str, tuple[str, Provider]] = {}
        self._offering = Latest(desk.session.query, self)
        self._offering.answered.connect(self._offer)
        self._offering.failed.connect(desk.report)
        self._asking = Latest(desk.session.query, self)
        self._asking.answered.connect(self._take)
        self._asking.failed.connect(desk.report)
        desk.theme.changed.connect(self.show)
        page.colourChosen.connect(self.choose)

    def add(self, key: str, words: str, provider: Provider) -> None:
        """Let the map be coloured by something else, such as a metric of posts."""
        self._providers[key] = (words, provider)
        if self._map is not None:
            self.ask_offers()

    def ask_offers(self) -> None:
        """Look what there is to choose from."""
        library = self._desk.session.library
        if library is not None:
            self._offering.ask(lambda: offers(library), name="map colours")

    @Slot(object)
    def _offer(self, found: list[tuple[str, str]]) -> None:
        entries = [(PHOTOS, "Nothing"), *found, *((key, words) for key, (words, _) in self._providers.items())]
        if self.key not in {key for key, _ in entries}:
            self.choose(PHOTOS)
        self._page.set_colourings(entries, self.key)
        if self.key == THEME:
            self._ask()

    @Slot(str)
    def choose(self, key: str) -> None:
        """Colour the photos by something; PHOTOS shows them as they are."""
        self.key, self.values = key, None
        self._page.set_colour(key)
        if key == PHOTOS:
            self._asking.drop()
            self.show()
        else:
            self._ask()

    def show_map(self, made: PhotoMap) -> None:
        """Other photos are on the map, or the same ones at other places."""
        if self._map is None or len(self._map.photos) != len(made.photos) or (self._map.photos != made.photos).any():
            self.values = None
        self._map = made
        self._ask()

    def labels_changed(self) -> None:
        """Labels or label sets differ."""
        self.ask_offers()
        if self.key.startswith(ANSWERS):
            self._ask()

    def _ask(self) -> None:
        library, made, key = self._desk.session.library, self._map, self.key
        if library is None or made is None or key == PHOTOS:
            return
        provider = self._providers[key][1] if key in self._providers else partial(colouring, key=key)
        self._asking.ask(lambda: (made, provider(library, made.photos)), name="map colours")

    @Slot(object)
    def _take(self, found: tuple[PhotoMap, Colouring | None]) -> None:
        made, values = found
        if made is self._map:
            self.values = values
            self.show()

    @Slot()
    def show(self) -> None:
        """Put the colours and the legend on the page."""
        canvas, palette = self._page.canvas, self._desk.theme.answers
        if self.values is None or self._map is None or len(canvas.scene.photos) != len(self._map.photos):
            canvas.set_colours(None)
            self._page.legend.show_lines("", ())
            return
        canvas.set_colours(self.values.colours(palette))
        self._page.legend.show_lines(self.values.name, self.values.legend(palette))
        self._page.place_legend()
