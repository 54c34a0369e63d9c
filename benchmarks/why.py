"""How long "why alike" takes: from two photos on the disk to the overlay over both, with the bundled network.

    python benchmarks/why.py [FOLDER]      # photos of one's own; else 12-megapixel JPEGs are made

The first pair reads and runs two photos; the next pairs of the same photo read one, as when a person walks through
the results; a pair seen before reads none. Each is measured over fresh photos, files in memory.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import common
from made_photos import make_large

from desktop_app.core.explain.cam import over_photo
from desktop_app.core.library import Library
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.why import Why, WhyAlike

PHOTOS = 24
TARGET = 150.0
SHOWN = 1_000  # pixels of a side of the viewer's picture


def timed(explain: WhyAlike, first: int, second: int) -> tuple[Why, float, float]:
    """What is found, milliseconds on the clock and of processor time."""
    began, used = time.perf_counter(), time.thread_time()
    found = explain.pair(first, second)
    for strengths, box in zip(found.special.strengths(), found.boxes, strict=True):
        over_photo(strengths, SHOWN, SHOWN, box.in_pixels(SHOWN, SHOWN))
    return found, 1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - used)


def run(folder: Path, place: Path) -> bool:
    with Library(place, device="cpu") as library:
        for _ in ingest(library, [folder]):
            pass
        ids = [row[0] for row in library.connection.execute("SELECT photo FROM features ORDER BY photo")][:PHOTOS]
        print(f"{len(ids)} photos, {library.network.title}")
        good = True
        for layer in ("", "stage4", "stage1", "logits"):
            explain = WhyAlike(library, layer)
            opened, first, _ = timed(explain, ids[0], ids[1])
            both = [timed(explain, one, two)[1:] for one, two in zip(ids[2::2], ids[3::2], strict=False)]
            fresh, used = ([one[kind] for one in both] for kind in (0, 1))
            walking = WhyAlike(library, layer)
            timed(walking, ids[0], ids[1])
            steps = [timed(walking, ids[0], two)[1] for two in ids[2:]]
            again = [timed(walking, ids[0], ids[-1])[1] for _ in range(10)]
            name = explain.layer
            print(f"{name}: places {opened.plain.first.shape}, {opened.how}; the very first pair {first:.0f} ms")
            common.median_and_worst(f"  {name}: a pair of photos not seen before", fresh)
            common.median_and_worst("    its processor time", used)
            common.median_and_worst(f"  {name}: the next result of the same photo", steps)
            common.median_and_worst(f"  {name}: the same pair again", again)
            off = max(
                abs(float(side.sum()) - opened.plain.cosine) for side in (opened.plain.first, opened.plain.second)
            )
            print(f"  {name}: the places' sum is off the cosine by {off:.1e}")
            good &= common.verdict(f"{name}: overlay of a pair", statistics.median(fresh), TARGET, "ms")
        return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    options = parser.parse_args()
    with common.temporary_folder() as temporary, common.Load() as load:
        folder = options.folder
        if folder is None:
            folder = temporary / "photos"
            make_large(folder, PHOTOS)
        good = run(folder, temporary / "library")
    print(f"measured{load.remark()}")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
