"""The script that makes the words, on a WordNet of seven meanings in the format of the real one."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest

from desktop_app.core.words.lookup import Lookup
from desktop_app.core.words.wordnet import PLAIN, WORDS, read
from tools import make_words
from tools.make_words import Nouns, packed, words

# word(s), parents, gloss; a parent is a place in this list, "!" stands for a pointer that is no "kind of"
MEANINGS: list[tuple[list[str], list[int], str]] = [
    (["entity"], [], "that which is"),
    (["animal", "beast"], [0], 'a living thing; "the beasts of the field"; "animals"'),
    (["machine"], [0], "a device; it moves"),
    (["bird"], [1], "warm-blooded and feathered"),
    (["crane"], [3], "large long-necked wading bird"),
    (["crane", "lifting_machine(a)"], [2], "lifts and moves heavy objects"),
    (["goose"], [3, 1], "web-footed bird"),
]
LICENCE = "  1 This software and database is being provided to you\n"


@pytest.fixture
def database(tmp_path: Path) -> tuple[Path, list[str]]:
    """Its folder, and the identifiers in the order of the list."""
    lines, places, at = [], [], len(LICENCE)
    for names, parents, gloss in MEANINGS:
        pointers = [f"@ {places[up][1:]} n 0000" for up in parents] + ["~ 00000017 n 0000", "+ 00000018 v 0101"]
        spelled = " ".join(f"{name} 0" for name in names)
        line = f"{at:08d} 05 n {len(names):02x} {spelled} {len(pointers):03d} {' '.join(pointers)} | {gloss}  \n"
        places.append(f"n{at:08d}")
        lines.append(line)
        at += len(line)
    folder = tmp_path / "wordnet"
    folder.mkdir()
    (folder / "data.noun").write_text(LICENCE + "".join(lines), "ascii", newline="\n")
    index = {}
    for place, (names, _, _) in zip(places, MEANINGS, strict=True):
        for name in names:
            index.setdefault(name.partition("(")[0], []).insert(0, place[1:])  # the later meaning is the more usual
    rows = [f"{word} n {len(ids)} 1 @ {len(ids)} 0 {' '.join(ids)}  " for word, ids in sorted(index.items())]
    (folder / "index.noun").write_text(LICENCE + "\n".join(rows) + "\n", "ascii", newline="\n")
    (folder / "noun.exc").write_text("geese goose\nmice mouse\nbirds_of_prey bird_of_prey\n", "ascii", newline="\n")
    return folder, places


def test_what_is_read(database: tuple[Path, list[str]]) -> None:
    folder, ids = database
    nouns = Nouns(folder)
    assert nouns.noun(ids[1]).gloss == "a living thing"  # without examples
    assert nouns.noun(ids[2]).gloss == "a device; it moves"
    assert nouns.noun(ids[5]).names == ("crane", "lifting machine")
    assert nouns.noun(ids[6]).parents == (ids[3], ids[1])
    assert nouns.senses()["crane"] == (ids[5], ids[4])
    assert nouns.plurals() == {"geese": ("goose",), "mice": ("mouse",)}
    with pytest.raises(ValueError, match="no noun begins"):
        nouns.noun("n00000003")


def test_what_is_kept(database: tuple[Path, list[str]]) -> None:
    """The classes and what they are kinds of; words with one meaning need no order; "mice" is nobody's plural."""
    folder, ids = database
    content = words(Nouns(folder), [ids[6], ids[4]])
    assert [row[0] for row in content["synsets"]] == [ids[0], ids[1], ids[3], ids[4], ids[6]]
    assert content["classes"] == [4, 3]
    assert content["senses"] == {}
    assert content["plurals"] == {"geese": ["goose"]}
    assert words(Nouns(folder), [ids[4], ids[5]])["senses"] == {"crane": [5, 4]}


def test_the_same_bytes_and_a_round_trip(database: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, ids = database
    content = words(Nouns(folder), [ids[4], ids[5], ids[6]])
    data = packed(content)
    assert packed(words(Nouns(folder), [ids[4], ids[5], ids[6]])) == data
    assert json.loads(gzip.decompress(data)) == json.loads(json.dumps(content))
    (tmp_path / WORDS).write_bytes(data)
    (tmp_path / PLAIN).write_text("[groups]\n[classes]\n[hints]\n[also]\n", "utf-8")
    found = read(tmp_path)
    assert found.classes == (ids[4], ids[5], ids[6])
    assert found.common([ids[4], ids[6]]) == ids[3]
    assert found.common([ids[4], ids[5]]) == ids[0]
    assert found.under(ids[1]).tolist() == [0, 2]
    assert found.depth(ids[6]) == 3  # the longest way up
    assert found.steps(ids[6])[ids[1]] == 1  # the shortest
    assert [sense.id for sense in Lookup(found).find("Geese")] == [ids[6]]
    assert [sense.id for sense in Lookup(found).find("cranes")] == [ids[5], ids[4]]


def test_the_command(
    database: tuple[Path, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, ids = database
    classes, out = tmp_path / "classes.txt", tmp_path / "new" / WORDS
    classes.write_text(f"{ids[4]}\tcrane\n{ids[6]}\tgoose\n", "utf-8")
    monkeypatch.setattr(make_words, "CLASSES", classes)
    monkeypatch.setattr(sys, "argv", ["make_words", str(folder), "--out", str(out)])
    make_words.main()
    assert out.read_bytes() == packed(words(Nouns(folder), [ids[4], ids[6]]))
    assert capsys.readouterr().out.startswith("2 classes, 3 above them, 1 plurals: ")
