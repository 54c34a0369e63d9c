"""`likeness predict`: the answers that a trained label set gives to pictures, from the library or from anywhere."""

from __future__ import annotations

import csv
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.cli.pictures import absolute, refuse_folder
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.wording import count, printable

_HEADER = ("path", "label", "probability", "sure")


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: no such label set, it was not trained, a picture is missing or unreadable, or the CSV cannot be
            written.
    """
    # scikit-learn takes a second to load: only who predicts waits for it
    from desktop_app.core.images.decode import single_threaded
    from desktop_app.core.operations.evidence import named_set
    from desktop_app.core.operations.predict import predict_all, predict_pictures

    single_threaded()
    with Library(library_folder(arguments), writable=False) as library:
        wanted = named_set(library, arguments.set)
        if wanted.kind == "tags":
            return _tags(library, wanted.id, arguments)
        if arguments.all:
            operation = predict_all(library, wanted.id)
        else:
            operation = predict_pictures(library, wanted.id, _images(arguments))
        predictions = run_aloud(operation, after=1.0)
    rows: list[dict[str, Any]] = [
        {
            "path": str(one.path),
            "label": one.label,
            "probability": round(one.probability, 6),
            "sure": one.sure,
        }
        for one in predictions
    ]
    if arguments.csv is not None:
        _write(Path(os.path.abspath(arguments.csv)), rows)
    if arguments.json:
        print_json({"predictions": rows})
    elif arguments.csv is not None:
        print(f"{count(len(rows), 'prediction')} in {printable(str(arguments.csv))}", file=sys.stderr)
    else:
        for row in rows:
            unsure = "" if row["sure"] else "  not sure"
            print_text(f"{row['probability']:.3f}  {printable(row['label'])}  {printable(row['path'])}{unsure}")
    return 0


def _images(arguments: Namespace) -> list[Path]:
    images = [absolute(image) for image in arguments.images]
    for image in images:
        refuse_folder(image)
    return images


def _tags(library: Library, set_id: LabelSetId, arguments: Namespace) -> int:
    """Several answers a picture: in a CSV one row for each tag it is given, and one without a label for none."""
    from desktop_app.core.learn.unknown import SURE
    from desktop_app.core.operations.tags import predict_all_tags, predict_picture_tags

    if arguments.all:
        operation = predict_all_tags(library, set_id)
    else:
        operation = predict_picture_tags(library, set_id, _images(arguments))
    found = run_aloud(operation, after=1.0)
    if arguments.csv is not None:
        rows: list[dict[str, Any]] = []
        for one in found:
            for name in one.labels:
                share = one.probabilities[name]
                rows.append({"path": one.path, "label": name, "probability": round(share, 6), "sure": share >= SURE})
            if not one.labels:
                rows.append({"path": one.path, "label": "", "probability": "", "sure": False})
        _write(Path(os.path.abspath(arguments.csv)), rows)
    if arguments.json:
        print_json(
            {
                "predictions": [
                    {
                        "path": str(one.path),
                        "labels": list(one.labels),
                        "probabilities": {name: round(share, 6) for name, share in one.probabilities.items()},
                    }
                    for one in found
                ]
            }
        )
    elif arguments.csv is not None:
        print(f"{count(len(found), 'prediction')} in {printable(str(arguments.csv))}", file=sys.stderr)
    else:
        for one in found:
            tags = ", ".join(f"{printable(name)} {one.probabilities[name]:.3f}" for name in one.labels)
            print_text(f"{printable(str(one.path))}  {tags or 'no tag'}")
    return 0


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """A CSV with the columns path, label, probability, sure; UTF-8; an old file stays whole until the new one is."""
    temporary = path.with_name(path.name + ".part")
    try:
        with temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(_HEADER)
            writer.writerows([row["path"], row["label"], row["probability"], _word(row["sure"])] for row in rows)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"The file cannot be written: {path}.", str(error)) from error


def _word(sure: bool) -> str:
    return "yes" if sure else "no"
