"""What the program remembers between runs, on this machine: one JSON file, replaced atomically."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_app.core import paths


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` so that a reader, or a kill at any instant, sees the old file or the new one, whole.

    Raises:
        OSError: the folder cannot be made or written, or the disk is full; the old file is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


_LARGEST = 1e15


@dataclass(frozen=True, slots=True)
class Settings:
    """Remembered choices. Unknown keys of a newer version are kept when the file is written back."""

    library: str = ""  # path of the library that was open last
    libraries: tuple[str, ...] = ()  # paths of the libraries there are
    scheme: str = "system"  # "system", "light" or "dark"
    thumbnail_size: int = 168  # wanted cell width, device-independent pixels
    order: str = "date"
    threshold: float = -1.0  # the closer/looser slider: least likeness shown; -1 shows all
    device: str = "auto"
    limit_megapixels: float = 200.0
    geometry: str = ""  # the window's place, base64 as Qt gives it
    state: str = ""
    left_list: bool = True
    right_panel: bool = True
    less_motion: bool = False
    watch_folders: bool = True  # new, changed and deleted photos appear by themselves
    first_run_told: bool = False
    dismissed: tuple[str, ...] = ()  # banners the user has put away
    keys: tuple[str, ...] = ()  # "command=key key": commands whose keys are not the usual ones
    contact_sheet: str = ""  # how the last one looked, JSON
    copies_folder: str = ""  # where photos were copied to last
    copy_companions: bool = True  # with what belongs to them
    unknown: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> Settings:
        """The settings on disk; the defaults where there are none or the file is damaged."""
        try:
            raw = json.loads((path or _file()).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return cls()
        if not isinstance(raw, dict):
            return cls()
        known: dict[str, Any] = {}
        defaults = cls()
        for entry in dataclasses.fields(cls):
            if entry.name == "unknown" or entry.name not in raw:
                continue
            value, default = raw.pop(entry.name), getattr(defaults, entry.name)
            if isinstance(default, tuple) and isinstance(value, list):
                known[entry.name] = tuple(str(item) for item in value)
            elif isinstance(default, float) and type(value) in (int, float):
                if abs(value) < _LARGEST:  # not for NaN either
                    known[entry.name] = float(value)
            elif type(value) is type(default):
                known[entry.name] = value
        return cls(**known, unknown=raw)

    def save(self, path: Path | None = None) -> None:
        """Write the settings.

        Raises:
            OSError: the folder cannot be written.
        """
        values = dataclasses.asdict(self)
        unknown = values.pop("unknown")
        text = json.dumps({**unknown, **values}, indent=1, ensure_ascii=True)
        write_atomically(path or _file(), text.encode("ascii"))

    def library_to_open(self) -> Path:
        """The library of last time if it is still there, else the usual one."""
        if self.library and (Path(self.library) / paths.CATALOGUE).is_file():
            return Path(self.library)
        return paths.default_library()

    def changed(self, **changes: Any) -> Settings:
        """The same settings with some values replaced."""
        return dataclasses.replace(self, **changes)


def _file() -> Path:
    return paths.config_dir() / "settings.json"
