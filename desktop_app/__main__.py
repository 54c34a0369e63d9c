"""`likeness`: with a command word the command line, else the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    from desktop_app import cli

    if cli.is_command(words):
        return cli.main(words)
    from desktop_app.app import run

    return run(words)


if __name__ == "__main__":
    sys.exit(main())
