"""`likeness`: with a command word the command line, else the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    # Photos are read by one worker per core: OpenBLAS's own threads would only wait for one another among them.
    # It looks when numpy is imported, which nothing has done yet.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from desktop_app import cli

    if cli.is_command(words):
        return cli.main(words)
    from desktop_app.app import run

    return run(words)


if __name__ == "__main__":
    sys.exit(main())
