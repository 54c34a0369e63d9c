"""Writes models/imagenet-classes.txt: the 1000 ImageNet classes in index order, identifier and name.

The identifiers come from the wheel of timm (`timm/data/_info/imagenet_synsets.txt`), the names from WordNet 3.0
(`data.noun` of Debian's package wordnet-base): an identifier is the letter n and a place in that file.

    python -m tools.export_classes imagenet_synsets.txt data.noun
"""

from __future__ import annotations

import argparse
from pathlib import Path


def synset_names(nouns: bytes, place: int) -> list[str]:
    """The words of the noun synset that begins at byte `place` of WordNet's data.noun.

    A line is "offset file_number type word_count(hex) word lexical_id word lexical_id ...".
    """
    fields = nouns[place : nouns.index(b"\n", place)].decode("ascii").split(" ")
    if int(fields[0]) != place or fields[2] != "n":
        raise ValueError(f"no noun begins at {place}")
    return [word.replace("_", " ") for word in fields[4 : 4 + 2 * int(fields[3], 16) : 2]]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("synsets", type=Path, help="imagenet_synsets.txt of timm")
    parser.add_argument("nouns", type=Path, help="data.noun of WordNet 3.0")
    options = parser.parse_args()
    nouns = options.nouns.read_bytes()
    identifiers = options.synsets.read_text("ascii").split()
    lines = [f"{name}\t{', '.join(synset_names(nouns, int(name[1:])))}\n" for name in identifiers]
    target = Path(__file__).parents[1] / "models" / "imagenet-classes.txt"
    target.write_text("".join(lines), "utf-8", newline="\n")
    print(f"{len(lines)} classes")


if __name__ == "__main__":
    main()
