"""`likeness export`: a trained label set as a file that runs anywhere, or features and labels for a notebook."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.wording import count, printable

_FEATURES = (".npz", ".csv", ".parquet")


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: no such label set, it was not trained, or the file cannot be written.
    """
    out = Path(os.path.abspath(arguments.out))
    with Library(library_folder(arguments), writable=False, device="cpu") as library:
        if out.suffix.lower() in _FEATURES:
            return _features(library, out, arguments)
        if out.suffix.lower() != ".onnx":
            raise UserError(
                f"“{out.name}” has no known ending: .onnx for a classifier, {', '.join(_FEATURES)} for features."
            )
        return _classifier(library, out, arguments)


def _classifier(library: Library, out: Path, arguments: Namespace) -> int:
    # scikit-learn takes a second to load: only who exports waits for it
    from desktop_app.core.operations.classifier import kept
    from desktop_app.core.operations.evidence import named_set
    from desktop_app.core.operations.hand_over_set import hand_over_set

    if not arguments.set:
        raise UserError("Name the label set whose classifier is to be exported: --set NAME.")
    classifier = kept(library, named_set(library, arguments.set).id)
    done = run_aloud(hand_over_set(library, classifier, out, most=arguments.check))
    agreement = done.agreement
    if arguments.json:
        print_json(
            {
                "path": str(done.path),
                "checked": agreement.checked,
                "same_label": round(agreement.same_label, 6),
                "median_difference": agreement.median_difference,
                "largest_difference": agreement.largest_difference,
            }
        )
        return 0
    print_text(f"{printable(str(done.path))}: {agreement.sentence}")
    print_text(f"Beside it: {printable(done.sheet.name)} and {printable(done.script.name)}")
    return 0


def _features(library: Library, out: Path, arguments: Namespace) -> int:
    from desktop_app.core.operations.evidence import named_set
    from desktop_app.core.operations.vectors_out import export_vectors

    label_set = named_set(library, arguments.set) if arguments.set else None
    done = run_aloud(export_vectors(library, out, label_set, arguments.layer or ("embedding",)))
    if arguments.json:
        print_json({"path": str(done.path), "photos": done.photos, "layers": list(done.layers)})
    else:
        print_text(f"{printable(str(done.path))}: {count(done.photos, 'photo')}, {' + '.join(done.layers)}")
    return 0
