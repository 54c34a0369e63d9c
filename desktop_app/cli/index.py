"""`likeness index`: add folders to a library and bring it level with the disk."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.core.catalog import skipped
from desktop_app.core.images.decode import single_threaded
from desktop_app.core.library import Library
from desktop_app.core.operations.describe import describe
from desktop_app.core.operations.ingest import ingest, stop
from desktop_app.core.wording import count, printable


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: a folder is missing, or the library cannot be opened or written.
    """
    single_threaded()
    roots = [Path(os.path.abspath(folder)) for folder in arguments.folders]
    folder = library_folder(arguments)
    with Library(folder, network=arguments.network, device=arguments.device) as library:
        wanted = [library.descriptor(name) for name in arguments.descriptor]  # before hours of work
        options = {"workers": arguments.workers, "limit_megapixels": arguments.limit_megapixels}
        try:
            result = run_aloud(ingest(library, roots, **options))
            described = [run_aloud(describe(library, one, **options)) for one in wanted]
        except KeyboardInterrupt:
            stop(library)
            raise
        places = {place for root in roots for place in (root, Path(os.path.realpath(root)))}
        left_out = [
            entry
            for entry in skipped.listed(library.connection)
            if any(entry.path.is_relative_to(place) for place in places)
        ]
        device = library.engine.device
        answer: dict[str, object] = {
            "photos": result.photos,
            "added": result.added,
            "unchanged": result.unchanged,
            "removed": result.removed,
            "skipped": [{"path": str(entry.path), "reason": entry.reason.value} for entry in left_out],
            "seconds": round(result.seconds, 3),
            "photos_per_second": round(result.photos_per_second, 1),
            "network": library.network.name,
            "device": device.kind,
        }
        if described:
            answer["descriptors"] = [
                {"name": str(one.descriptor), "photos": one.photos, "computed": one.computed} for one in described
            ]
        remarks = [library.remark, *result.remarks]
    for name in result.away:
        print(f"“{name}” is not connected. Its photos stay in the library and come back with it.", file=sys.stderr)
    for remark in remarks:
        if remark:
            print(f"likeness: {printable(remark)}", file=sys.stderr)
    if arguments.json:
        print_json(answer)
        return 0
    print_text(
        f"{count(result.photos, 'photo')} ready ({result.added:,} added, {result.updated:,} updated, "
        f"{result.unchanged:,} unchanged, {result.removed:,} gone) in {result.seconds:.1f} s, "
        f"{result.photos_per_second:.0f} photos/s "
        f"with {library.network.name} on the {'graphics card' if device.kind == 'cuda' else 'processor'}"
    )
    for one in described:
        print_text(f"{count(one.photos, 'photo')} comparable by {one.descriptor} ({one.computed:,} computed)")
    for entry in left_out:
        print_text(f"not shown: {printable(str(entry.path))}: {entry.reason.sentence}")
    return 0
