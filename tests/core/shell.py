"""Commands of the command line, run in this process, with what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app import cli
from tests.core.libraries import NETWORK


class Shell:
    """Commands on one library."""

    def __init__(self, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.library = library
        self._capsys = capsys

    def run(self, *words: object) -> tuple[int, str, str]:
        status = cli.main([*map(str, words), "--library", str(self.library)])
        out, err = self._capsys.readouterr()
        return status, out, err

    def index(self, *words: object) -> dict:
        status, out, _ = self.run("index", *words, "--json", "--device", "cpu", "--network", NETWORK)
        assert status == 0
        return dict(json.loads(out))

    def similar(self, *words: object) -> list[tuple[Path, float]]:
        status, out, err = self.run("similar", *words, "--json")
        assert (status, err) == (0, "")
        answer = json.loads(out)
        assert list(answer) == ["results"]
        assert all(set(result) == {"path", "score"} for result in answer["results"])
        return [(Path(result["path"]), result["score"]) for result in answer["results"]]

    def fails(self, *words: object) -> str:
        """The one line of an error of the world."""
        status, out, err = self.run(*words)
        assert (status, out) == (1, "")
        assert err.startswith("likeness: ")
        assert err.count("\n") == 1
        assert err.endswith("\n")
        return err
