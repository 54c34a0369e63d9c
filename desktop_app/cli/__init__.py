"""The command line: a second front end on the core that never imports Qt.

Progress goes to stderr; `--json` prints one ASCII-safe JSON object on stdout. Exit status: 0 done, 1 an error of the
world in one line, 2 bad usage, 130 interrupted (what is done is kept).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from desktop_app.cli import doctor, index, networks, similar
from desktop_app.cli.arguments import make_parser
from desktop_app.core.errors import UserError

_COMMANDS = {
    "index": index.run,
    "similar": similar.run,
    "networks": networks.run,
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
        arguments = make_parser().parse_args(list(argv))
    except SystemExit as ended:  # argparse has printed what is wrong, or the help
        return int(ended.code or 0)
    try:
        return _COMMANDS[arguments.command](arguments)
    except UserError as error:
        print(f"likeness: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("likeness: stopped; what is done is kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
