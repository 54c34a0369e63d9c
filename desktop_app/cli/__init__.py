"""The command line: a second front end on the core that never imports Qt.

Progress goes to stderr; `--json` prints one ASCII-safe JSON object on stdout. Exit status: 0 done, 1 an error of the
world in one line, 2 bad usage, 130 interrupted (what is done is kept).
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence

from desktop_app.cli import (
    clusters,
    doctor,
    duplicates,
    export,
    index,
    insights,
    journey,
    label,
    map,
    networks,
    predict,
    similar,
    train,
    words,
)
from desktop_app.cli.arguments import make_parser, without_words
from desktop_app.cli.output import library_folder
from desktop_app.core import paths
from desktop_app.core.catalog.database import explain
from desktop_app.core.errors import UserError
from desktop_app.core.wording import printable

_COMMANDS = {
    "index": index.run,
    "similar": similar.run,
    "journey": journey.run,
    "words": words.run,
    "label": label.run,
    "train": train.run,
    "predict": predict.run,
    "export": export.run,
    "clusters": clusters.run,
    "map": map.run,
    "insights": insights.run,
    "networks": networks.run,
    "duplicates": duplicates.run,
    "doctor": doctor.run,
}


def is_command(words: Sequence[str]) -> bool:
    """Whether these words are for the command line and not for the window."""
    options_with_value = {"--library"}
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in options_with_value:
            skip = True
        elif word in ("-h", "--help", "--version"):
            return True
        elif not word.startswith("-"):
            return word in _COMMANDS
    return False


def main(argv: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    try:
        arguments = make_parser().parse_args(without_words(argv))
    except SystemExit as ended:  # argparse has printed what is wrong, or the help
        return int(ended.code or 0)
    try:
        status = _COMMANDS[arguments.command](arguments)
        sys.stdout.flush()  # a reader that has gone is noticed here and not at the interpreter's end
        return status
    except UserError as error:
        return _say(error)
    except sqlite3.Error as error:
        explained = explain(error, library_folder(arguments) / paths.CATALOGUE)
        if not isinstance(explained, UserError):
            raise
        return _say(explained)
    except KeyboardInterrupt:
        print("likeness: stopped; what is done is kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # whoever read our output has enough; the interpreter would complain when it flushes once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _say(error: UserError) -> int:
    print(f"likeness: {printable(str(error))}", file=sys.stderr)
    return 1
