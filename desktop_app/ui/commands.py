"""Every command of the window: its words, its keys, its place in the menus. Settings and help read this table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoStack
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from desktop_app.core import wording
from desktop_app.ui.duplicates import keys as duplicates_keys

_MAC = sys.platform == "darwin"
_LONG = 60  # letters of what Undo would take back


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        key: its name in code.
        words: its name on screen.
        keys: shortcuts, the first shown. Listed by hand: Qt's standard keys for Back hold a bare Backspace.
        menu: the menu it stands in, "" for none.
        group: commands of one group exclude each other.
        bare: the key that does the same where photos are; it is theirs and never a shortcut of the window.
    """

    key: str
    words: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    group: str = ""
    bare: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("add_folder", "Add folder…", ("Ctrl+O",), "File"),
    Command("rescan", "Look for new photos", ("Ctrl+R",) if _MAC else ("F5",), "File"),
    Command("", "", (), "File"),
    Command("new_library", "New library…", ("Ctrl+N",), "File"),
    Command("open_library", "Open library…", ("Ctrl+Shift+O",), "File"),
    Command("samples", "Open the sample photos", (), "File"),
    Command("", "", (), "File"),
    Command("close", "Close window", ("Ctrl+W",), "File"),
    Command("quit", "Quit", ("Ctrl+Q",), "File"),
    Command("undo", "Undo", ("Ctrl+Z",), "Edit"),
    Command("redo", "Redo", ("Ctrl+Shift+Z",) if _MAC else ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit"),
    Command("recently_trashed", "Recently trashed…", (), "Edit"),
    Command("", "", (), "Edit"),
    Command("search", "Search", ("Ctrl+F",), "Edit"),
    Command("colours", "Find by colour…", (), "Edit"),
    Command("save_search", "Save search…", ("Ctrl+S",), "Edit"),
    Command("paste", "Find alike what is on the clipboard", ("Ctrl+V",), "Edit"),
    Command("", "", (), "Edit"),
    Command("select_all", "Select all", ("Ctrl+A",), "Edit"),
    Command("select_none", "Select none", ("Ctrl+Shift+A",), "Edit"),
    Command("", "", (), "Edit"),
    Command("settings", "Settings…", ("Ctrl+,",), "Edit"),
    Command("photos", "Photos", ("Ctrl+1",), "View"),
    Command("map", "Map", ("Ctrl+2",), "View"),
    Command("themes", "Themes", ("Ctrl+3",), "View"),
    Command("label", "Label", ("Ctrl+4",), "View"),
    Command("duplicates", "Duplicates", ("Ctrl+5",), "View"),
    Command("insights", "Insights", ("Ctrl+6",), "View"),
    Command("back", "Back", ("Ctrl+[",) if _MAC else ("Alt+Left",), "View"),
    Command("forward", "Forward", ("Ctrl+]",) if _MAC else ("Alt+Right",), "View"),
    Command("", "", (), "View"),
    Command("filters", "Filters…", ("Ctrl+Shift+F",), "View"),
    Command("on_this_day", "On this day", (), "View"),
    Command("go_to_month", "Go to month…", ("Ctrl+Shift+M",), "View"),
    Command("", "", (), "View"),
    Command("larger", "Larger", ("Ctrl++", "Ctrl+="), "View"),
    Command("smaller", "Smaller", ("Ctrl+-",), "View"),
    Command("fit", "Usual size", ("Ctrl+0",), "View"),
    Command("", "", (), "View"),
    Command("left_list", "Left list", ("Ctrl+B",), "View"),
    Command("right_panel", "Right panel", ("Ctrl+I",), "View"),
    Command("channels", "What a layer sees…", (), "View"),
    Command("", "", (), "View"),
    Command("full_screen", "Full screen", ("Meta+Ctrl+F",) if _MAC else ("F11",), "View"),
    Command("", "", (), "View"),
    Command("scheme_system", "Look of the system", (), "View", "scheme"),
    Command("scheme_light", "Light", (), "View", "scheme"),
    Command("scheme_dark", "Dark", (), "View", "scheme"),
    Command("open_photo", "Open", (), "Photo", bare="Enter"),
    Command("find_alike", "Find alike", (), "Photo", bare="S"),
    Command("more_like", "More like this", (), "Photo", bare="+"),
    Command("less_like", "Less like this", (), "Photo", bare="-"),
    Command("part", "Search by a part of it…", (), "Photo", bare="B"),
    Command("why_alike", "Why alike", (), "Photo", bare="W"),
    Command("ways", "Ways to compare…", (), "Photo"),
    Command("segments", "What is where…", (), "Photo"),
    Command("journey", "Way between two photos…", (), "Photo"),
    Command("", "", (), "Photo"),
    Command("label_photos", "Label…", (), "Photo", bare="L"),
    Command("", "", (), "Photo"),
    Command("copy_files", "Copy", ("Ctrl+C",), "Photo"),
    Command("copy_paths", "Copy paths", ("Ctrl+Shift+C",), "Photo"),
    Command("show_file", "Show in file manager", ("Ctrl+Shift+R",), "Photo"),
    Command("", "", (), "Photo"),
    Command("copy_to_folder", "Copy to a folder…", (), "Photo"),
    Command("contact_sheet", "Contact sheet…", (), "Photo", bare="Ctrl+E"),
    Command("", "", (), "Photo"),
    Command("trash", "Move to trash", (), "Photo", bare="Ctrl+Backspace" if _MAC else "Delete"),
    Command("keys", "Keys", ("F1",), "Help"),
    Command("show_log", "Show the log", (), "Help"),
    Command("about", "About Likeness", (), "Help"),
    Command("next_area", "Next area", ("F6",)),
    Command("previous_area", "Previous area", ("Shift+F6",)),
)

PHOTO_KEYS: tuple[tuple[str, str], ...] = (
    ("Arrows · Home · End · Page", "Move; Shift extends, Ctrl moves without selecting"),
    ("Enter · Space", "Open the photo"),
    ("S", "Find alike in the grid"),
    ("+ · -", "More like this, less like this"),
    ("B", "Search by a part of the photo: draw a box"),
    ("W · F3", "Why the photo is alike: with what is looked for, or the other of two that are selected"),
    ("L, then the answer's key", "Label the selection"),
    ("Ctrl+Backspace" if _MAC else "Delete", "Move to the trash; undo brings them back"),
    ("Ctrl+E", "Contact sheet of the selection, or of all that is shown"),
    ("Shift+F10 · Menu key", "What can be done with the photo"),
)
VIEWER_KEYS: tuple[tuple[str, str], ...] = (
    ("Left · Right", "Previous, next photo"),
    ("Z", "Fit or 100 %"),
    ("Ctrl++ · Ctrl+- · Ctrl+0", "Larger, smaller, fit"),
    ("I", "Details"),
    ("+ · -", "More like this, less like this"),
    ("B", "Draw a box to search by"),
    ("O", "Outline the place that was found, or not"),
    ("Ctrl+Backspace" if _MAC else "Delete", "Move to the trash, and on with the next"),
    ("S", "Find alike"),
    ("W · F3", "Why it is alike"),
    ("L, then the answer's key", "Label the photo"),
    ("Esc · Space · Enter", "Back"),
)
MAP_KEYS: tuple[tuple[str, str], ...] = (
    ("Arrows · drag", "Move; with Shift farther"),
    ("Wheel · Page up · Page down", "Come closer, go away; also Ctrl++ and Ctrl+-"),
    ("Home · Ctrl+0", "Show all"),
    ("Ctrl and an arrow", "To the next photo that way; with Shift it joins the selection"),
    ("O · Shift and drag", "Pick photos with a lasso; by keys arrows, Space for a corner, Enter closes it"),
    ("Enter · Space", "Open the photo"),
    ("S · + · -", "Let what is alike stand out; more like the selection, less like it"),
    ("Ctrl+Backspace" if _MAC else "Delete", "Move the selection to the trash"),
    ("L, then the answer's key", "Label the selection"),
    ("Ctrl+E", "Save the map as a picture"),
)
THEME_KEYS: tuple[tuple[str, str], ...] = (
    ("Enter", "See all photos of the theme in the grid"),
    ("Space", "See them below the cards, to be dragged onto others; again to return"),
    ("M", "Merge the chosen themes"),
    ("P", "Split in parts"),
    ("K", "Lock: the slider and grouping again leave it as it is"),
    ("F2", "Rename"),
    ("L, then the answer's key", "Label all its photos"),
    ("Delete", "Remove: its photos become odd ones out"),
)
LABEL_KEYS: tuple[tuple[str, str], ...] = (
    ("1-9, chosen letters", "Give the answer and go on"),
    ("0", "None of these"),
    ("Enter", "Accept the guess; on the board, all that are not marked as wrong"),
    ("Right · Left or Backspace", "Leave for later, go back; answers are kept"),
    ("Space", "Look closer"),
    ("Ctrl+G", "Photo or board of equal guesses"),
    ("Ctrl+Enter", "Take sure guesses"),
)
INSIGHTS_KEYS: tuple[tuple[str, str], ...] = (
    ("Up · Down", "Theme before, theme after"),
    ("Enter", "The theme's pictures"),
    ("T", "Chart or table"),
    ("Ctrl+C", "Copy the chart as a picture, or the table"),
    ("Ctrl+E", "Export the report"),
)


class Entry(QAction):
    """A menu's entry for a command: it shows the key in force, also one that is the photo areas' own.

    Such a key is shown and never taken: in a text "S" stays a letter.

    Args:
        action: the command's.
        bare: the key of the photo areas; shown while the command has no other.
        parent: the menu.
    """

    def __init__(self, action: QAction, bare: str, parent: QObject) -> None:
        super().__init__(action.text(), parent)
        self._action, self._bare = action, bare
        # of a widget, and no widget has it: the key itself never comes here
        self.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.setShortcutVisibleInContextMenu(True)
        self.triggered.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        own = self._action.shortcut()
        self.setText(self._action.text())
        self.setEnabled(self._action.isEnabled())
        self.setShortcut(own if not own.isEmpty() else QKeySequence(self._bare))


class Commands(QObject):
    """The window's actions, made from the table.

    Args:
        window: what owns them and takes their shortcuts.
        handlers: what each command does, by its key.
    """

    def __init__(self, window: QWidget, handlers: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self._bare = {command.key: command.bare for command in COMMANDS if command.bare}
        groups: dict[str, QActionGroup] = {}
        for command in COMMANDS:
            if not command.key:
                continue
            action = QAction(command.words, self)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            if command.group:
                action.setCheckable(True)
                group = groups.setdefault(command.group, QActionGroup(self))
                group.addAction(action)
            handler = handlers[command.key]
            action.triggered.connect(lambda _checked=False, run=handler: run())
            window.addAction(action)
            self._actions[command.key] = action

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def entry(self, key: str, menu: QMenu) -> Entry:
        """A command's entry for a menu, which shows its key."""
        return Entry(self._actions[key], self._bare.get(key, ""), menu)

    def set_keys(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Put keys in force, by command."""
        for name, own in keys.items():
            if name in self._actions:
                self._actions[name].setShortcuts([QKeySequence(key) for key in own])

    def follow(self, steps: QUndoStack) -> None:
        """Let Undo and Redo say what they would take back or do again, and be grey where there is nothing."""
        for key, can, text in (
            ("undo", steps.canUndoChanged, steps.undoTextChanged),
            ("redo", steps.canRedoChanged, steps.redoTextChanged),
        ):
            can.connect(self._actions[key].setEnabled)
            text.connect(self._name_undo if key == "undo" else self._name_redo)
            self._actions[key].setEnabled(False)

    @Slot(str)
    def _name_undo(self, step: str) -> None:
        self._actions["undo"].setText(_step_words("Undo", step))

    @Slot(str)
    def _name_redo(self, step: str) -> None:
        self._actions["redo"].setText(_step_words("Redo", step))

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Put the commands into a menu bar; returns its menus by name."""
        menus: dict[str, QMenu] = {}
        for command in COMMANDS:
            if not command.menu:
                continue
            menu = menus.get(command.menu) or bar.addMenu(command.menu)
            menus[command.menu] = menu
            if command.key:
                menu.addAction(self.entry(command.key, menu) if command.bare else self._actions[command.key])
            else:
                menu.addSeparator()
        return menus


def _step_words(verb: str, step: str) -> str:
    """A menu's entry for a step; what is an ampersand there is none that marks a letter."""
    return f"{verb} {wording.shorten_middle(step, _LONG)}".strip().replace("&", "&&")


def key_table(keys: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """(where, key, what it does) for the help; `keys` are those in force, by command."""
    rows = [("Everywhere", " · ".join(keys[c.key]), c.words.rstrip("…")) for c in COMMANDS if keys.get(c.key)]
    rows += [("Photos", keys, words) for keys, words in PHOTO_KEYS]
    rows += [("Map", keys, words) for keys, words in MAP_KEYS]
    rows += [("Themes", keys, words) for keys, words in THEME_KEYS]
    rows += [("Label", keys, words) for keys, words in LABEL_KEYS]
    rows += [("Duplicates", keys, words) for keys, words in duplicates_keys.LINES]
    rows += [("Insights", keys, words) for keys, words in INSIGHTS_KEYS]
    rows += [("Viewer", keys, words) for keys, words in VIEWER_KEYS]
    return rows
