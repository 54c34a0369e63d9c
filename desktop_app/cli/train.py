"""`likeness train`: learn to tell the answers of a label set apart from the photos that a person labelled."""

from __future__ import annotations

from argparse import Namespace

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.wording import count, printable


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: there is no such label set, too few labels to learn from, or the library cannot be written.
    """
    # scikit-learn takes a second to load: only who trains waits for it
    from desktop_app.core.operations.evidence import named_set
    from desktop_app.core.operations.train import train_set

    with Library(library_folder(arguments)) as library:
        wanted = named_set(library, arguments.set)
        if wanted.kind == "tags":
            return _tags(library, wanted.id, arguments)
        result = run_aloud(train_set(library, wanted.id, head=arguments.head, layer=arguments.layer), after=1.0)
    if arguments.json:
        print_json(
            {
                "head": result.head,
                "layer": result.layer,
                "classes": list(result.classes),
                "examples": result.examples,
                "accuracy": None if result.accuracy is None else round(result.accuracy, 4),
                "interval": [round(result.interval[0], 4), round(result.interval[1], 4)],
                "layers": [
                    {"name": one.name, "accuracy": round(one.accuracy, 4), "deviation": round(one.deviation, 4)}
                    for one in result.layers
                ],
                "advice": result.advice,
                "seconds": round(result.seconds, 3),
            }
        )
        return 0
    print_text(
        f"Learnt {count(len(result.classes), 'answer')} from {count(result.examples, 'label')}: "
        f"{', '.join(map(printable, result.classes))}"
    )
    print_text(result.sentence)
    print_text(f"{result.head} on {result.layer}, {result.seconds:.1f} s")
    for one in result.layers:
        print_text(f"  {one.name:24} {one.accuracy:.3f} ± {one.deviation:.3f}")
    if result.advice:
        print_text(result.advice)
    return 0


def _tags(library: Library, set_id: LabelSetId, arguments: Namespace) -> int:
    """Learn a set of tags: each is a question of its own, so there is a figure for each and none for all."""
    from desktop_app.core.operations.tags import train_tag_set

    learnt = run_aloud(train_tag_set(library, set_id, head=arguments.head, layer=arguments.layer), after=1.0)
    trained = learnt.trained
    if arguments.json:
        print_json(
            {
                "head": "softmax",
                "layer": trained.layer,
                "classes": list(learnt.classes),
                "examples": learnt.examples,
                "tags": [
                    {
                        "name": one.name,
                        "yes": one.yes,
                        "no": one.no,
                        "balanced_accuracy": None if one.balanced is None else round(one.balanced, 4),
                        "interval": [round(one.interval[0], 4), round(one.interval[1], 4)],
                        "f1": None if one.f1 is None else round(one.f1, 4),
                    }
                    for one in trained.scores
                ],
                "lacking": list(learnt.lacking),
                "layers": [
                    {"name": one.name, "accuracy": round(one.accuracy, 4), "deviation": round(one.deviation, 4)}
                    for one in trained.layer_scores
                ],
                "seconds": round(trained.seconds, 3),
            }
        )
        return 0
    print_text(f"Learnt {count(len(learnt.classes), 'tag')} from {count(learnt.examples, 'photo')}, on {trained.layer}")
    for one in trained.scores:
        counts = f"{one.yes:,} with, {one.no:,} without"
        if one.balanced is None or one.f1 is None:
            print_text(f"  {printable(one.name):24} too few to test ({counts})")
        else:
            low, high = one.interval
            print_text(
                f"  {printable(one.name):24} right {one.balanced:.0%} (between {low:.0%} and {high:.0%}), "
                f"F1 {one.f1:.2f} ({counts})"
            )
    if learnt.lacking:
        print_text(f"Too few photos with or without: {', '.join(map(printable, learnt.lacking))}")
    return 0
