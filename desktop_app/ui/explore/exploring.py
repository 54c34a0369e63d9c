"""Looking into how photos are compared: which window answers which wish."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from desktop_app.ui.comparing import Comparing
from desktop_app.ui.desk import Desk
from desktop_app.ui.explore.asking_channels import AskingChannels
from desktop_app.ui.explore.asking_colours import AskingColours
from desktop_app.ui.explore.asking_segments import AskingSegments
from desktop_app.ui.explore.asking_ways import AskingWays
from desktop_app.ui.explore.asking_why import AskingWhy
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.viewing import Viewing


class Exploring(QObject):
    """Why alike, ways side by side, what a layer sees, colours: by menu, key or from the bar above the results."""

    def __init__(self, desk: Desk, thumbnails: Thumbnails, comparing: Comparing, viewing: Viewing) -> None:
        super().__init__(desk.window)
        self._desk, self._viewing = desk, viewing
        self.why = AskingWhy(desk)
        self.ways = AskingWays(desk, thumbnails, comparing)
        self.channels = AskingChannels(desk)
        self.colours = AskingColours(desk, comparing)
        self.segments = AskingSegments(desk)
        desk.page.bar.moreWaysAsked.connect(self.show_ways_of_search)

    @Slot()
    def show_why(self) -> None:
        """Why alike: the two selected photos, or what is looked for and the photo at hand."""
        desk = self._desk
        chosen = desk.areas.chosen()
        sought = desk.page.view.query.wanted
        current = self._viewing.current_photo() if self._viewing.is_open else desk.areas.current()
        if not self._viewing.is_open and len(chosen) == 2:
            self.why.ask(chosen[0], chosen[1])
        elif not sought or current is None:
            desk.status.show_message("Select two photos, or look for one first: then it shows why they are alike.")
        elif len(sought) > 1:
            desk.status.show_message(
                "Several photos are looked for at once. Select two photos to see why they are alike."
            )
        elif sought[0].photo is not None:
            if sought[0].photo == current:
                desk.status.show_message("This is the photo that is looked for. Choose one of the results.")
            else:
                self.why.ask(sought[0].photo, current)
        elif sought[0].pixels is not None:
            self.why.ask(sought[0].pixels, current, sought[0].name)

    @Slot()
    def show_ways(self) -> None:
        """The photo at hand compared in every way."""
        photo = self._viewing.current_photo() if self._viewing.is_open else self._desk.areas.current()
        if photo is None:
            self._desk.status.show_message("Select a photo first: it is then compared in every way.")
        else:
            self.ways.ask(photo)

    @Slot()
    def show_ways_of_search(self) -> None:
        """What is looked for compared in every way."""
        sought = next(iter(self._desk.page.view.query.wanted), None)
        if sought is not None and sought.photo is not None:
            self.ways.ask(sought.photo)
        elif sought is not None and sought.pixels is not None:
            self.ways.ask(sought.pixels)
        else:
            self.show_ways()

    @Slot()
    def show_segments(self) -> None:
        """What is where in the photo at hand."""
        photo = self._viewing.current_photo() if self._viewing.is_open else self._desk.areas.current()
        if photo is None:
            self._desk.status.show_message("Select a photo first.")
        else:
            self.segments.ask(photo)

    @Slot()
    def show_channels(self) -> None:
        """What the layers of the network see."""
        self.channels.ask()

    @Slot()
    def show_colours(self) -> None:
        """Find pictures in some colours."""
        self.colours.ask()
