"""`likeness insights`: which themes of an account's pictures went together with more or fewer views."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.wording import count, printable

if TYPE_CHECKING:
    from desktop_app.core.insights.board import ThemeRow
    from desktop_app.core.operations.match import Matched


def run(arguments: Namespace) -> int:
    """Run the command: read the sources and their pictures, match, find themes where there are none, count, write.

    Raises:
        UserError: a source cannot be read, no post has a picture and numbers, or a file cannot be written.
    """
    # scikit-learn takes a second to load: only who asks for it waits
    from desktop_app.core.images.decode import single_threaded
    from desktop_app.core.insights.charts import span, times
    from desktop_app.core.insights.counted import Choice
    from desktop_app.core.insights.report_tables import tables
    from desktop_app.core.insights.report_wishes import Wishes
    from desktop_app.core.operations.insights import insights, write_report
    from desktop_app.core.operations.insights_files import write_tables
    from desktop_app.core.operations.insights_themes import post_themes
    from desktop_app.core.operations.match import match_posts
    from desktop_app.core.operations.sources import add_source, read_pictures
    from desktop_app.core.posts import Outcome

    wanted = metric(arguments.metric) if arguments.metric else ""
    single_threaded()
    with Library(library_folder(arguments)) as library:
        roots = [
            added.root
            for source in arguments.sources
            if (added := add_source(library, Path(os.path.abspath(source)))).root is not None
        ]
        if roots:
            run_aloud(read_pictures(library, roots))
        matched = run_aloud(match_posts(library))
        _say(matched)
        themed = run_aloud(post_themes(library))
        choice = Choice(wanted, young=arguments.young, boosted=not arguments.without_boosted)
        findings = run_aloud(insights(library, themed.themes, themed.names, choice))
        board = findings.board
        if arguments.html is not None:
            out = Path(os.path.abspath(arguments.html))
            wishes = Wishes(competitors_pictures=not arguments.without_competitors_pictures, made=time.time())
            run_aloud(write_report(library, findings, wishes, out, themed.typical))
        if arguments.csv is not None:
            write_tables(tables(findings), Path(os.path.abspath(arguments.csv)))
    found = matched.match
    if arguments.json:
        print_json(
            {
                "matched": found.count(Outcome.MATCHED),
                "only_in_metrics": found.count(Outcome.ONLY_NUMBERS),
                "only_on_disk": found.count(Outcome.ONLY_ON_DISK),
                "ambiguous": found.count(Outcome.AMBIGUOUS),
                "metric": board.choice.metric,
                "posts": board.posts,
                "clusters": [_row(row) for row in board.rows],
            }
        )
        return 0
    said = count(found.count(Outcome.MATCHED), "post")
    print_text(f"{said} with a picture and numbers; {count(board.posts, 'post')} counted by {board.choice.metric}")
    for row in board.rows:
        figure = ""
        if row.ratio is not None and row.low is not None and row.high is not None:
            figure = f"{times(row.ratio)} ({span(row.low, row.high)})"
        print_text(f"{row.posts:>7,}  {figure:>18}  {row.verdict.value:<10}  {printable(row.name)}")
    return 0


def _say(matched: Matched) -> None:
    """What a person should know of the sources, on stderr."""
    for remark in matched.remarks:
        print(f"likeness: {printable(remark)}", file=sys.stderr)


def _row(row: ThemeRow) -> dict[str, Any]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else float(f"{value:.6g}")

    return {
        "name": row.name,
        "pictures": row.pictures,
        "posts": row.posts,
        "ratio": rounded(row.ratio),
        "interval": None if row.low is None else [rounded(row.low), rounded(row.high)],
        "verdict": row.verdict.value,
        "chance": rounded(row.chance),
    }


def metric(text: str) -> str:
    """The canonical name of a metric as a person writes it.

    Raises:
        UserError: there is no such number.
    """
    from desktop_app.core.posts import INTERACTIONS, METRICS

    names = {name: name for name in (*METRICS, INTERACTIONS)} | {"interactions": INTERACTIONS}
    found = names.get(text.strip().casefold())
    if found is None:
        raise UserError(f"“{printable(text)}” is no number of posts. There are: {', '.join(names)}.")
    return found
