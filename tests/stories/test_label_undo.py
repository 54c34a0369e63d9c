"""What labelling does that is undone and done again in one step each."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop_app.core.operations.queue import mistakes
from desktop_app.core.operations.result import TrainResult
from tests.stories.labeller import Labeller
from tests.stories.person import CTRL, SHIFT, Key, Person


def suspects(labeller: Labeller, result: TrainResult) -> set[str]:
    """Names of photos whose labels are believed to be wrong by what was learnt once, and were not confirmed."""
    labeller.settle()
    found = mistakes(labeller.window._session.library, result)
    return {labeller.name(one.photo) for one in found if one.wrong}


def test_a_confirmed_label_is_a_suspect_again_after_undo(labeller: Labeller) -> None:
    labeller.answer(9)
    lie = labeller.name()
    key = "2" if labeller.kind() == "stripes" else "1"
    labeller.person.type(key)
    labeller.answer(8)
    labeller.page.show_tab("mistakes")
    walk = labeller.parts.mistakes
    labeller.person.until(lambda: walk.round is not None and not labeller.page.mistakes.is_empty)
    result = labeller.parts.learning.result
    assert lie in suspects(labeller, result)
    while labeller.name(walk.queue.current) != lie:
        labeller.press(Key.Key_Right)
    given = labeller.stored()
    labeller.person.type(key)  # it is right, says the person
    assert lie not in suspects(labeller, result)
    undo = labeller.window.undo_stack
    undo.undo()
    assert lie in suspects(labeller, result)
    assert {name: one[0] for name, one in labeller.stored().items()} == {name: one[0] for name, one in given.items()}
    undo.redo()
    assert lie not in suspects(labeller, result)
    # the step before is another one
    undo.undo()
    undo.undo()
    labeller.settle()
    assert len(labeller.stored()) == len(given) - 1


def test_folder_names_of_several_folders_undo_and_redo(person: Person, two_kinds: Path, tmp_path: Path) -> None:
    for name, kinds in (("One", ("stripes",)), ("Two", ("discs", "stripes"))):
        for kind in kinds:
            shutil.copytree(two_kinds / kind, tmp_path / name / f"{kind} of {name}")
    person.add(tmp_path / "One", tmp_path / "Two")
    labeller = Labeller(person).go()
    labeller.person.push("Use folder names")
    labeller.person.until(lambda: len(labeller.view.bar.buttons()) == 4)
    given = {photo: one.answers for photo, one in labeller.parts.labels.state.given.items()}
    assert len(given) == 42
    labeller.settle()
    names = [answer.name for answer in labeller.parts.labels.state.label_set.answers]
    assert sorted(names) == ["discs of Two", "stripes of One", "stripes of Two"]
    undo = labeller.window.undo_stack
    undo.undo()
    labeller.settle()
    labeller.person.until(lambda: labeller.parts.labels.state.label_set is None)
    undo.redo()
    labeller.settle()
    labeller.person.until(lambda: labeller.parts.labels.state.label_set is not None)
    labeller.person.until(lambda: len(labeller.parts.labels.state.given) == 42)
    assert {photo: one.answers for photo, one in labeller.parts.labels.state.given.items()} == given
    labeller.press(Key.Key_Z, CTRL)
    labeller.settle()
    labeller.person.until(lambda: labeller.parts.labels.state.label_set is None)
    labeller.press(Key.Key_Z, CTRL | SHIFT)
    labeller.person.until(lambda: len(labeller.parts.labels.state.given) == 42)
