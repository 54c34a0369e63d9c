"""The one-page sheet beside a handed-over file: HTML that needs nothing else, readable in print."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop_app.core.handover.about import About
from desktop_app.core.handover.agreement import Agreement
from desktop_app.core.wording import count, number

_STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 48em; margin: 2em auto; padding: 0 1em }
h1 { font-size: 1.5em; margin-bottom: 0 } h2 { font-size: 1.1em; margin: 1.6em 0 .4em }
table { border-collapse: collapse; width: 100% }
td, th { text-align: left; padding: .3em .8em .3em 0; vertical-align: top }
tr { border-bottom: 1px solid #8884 } .number { text-align: right; font-variant-numeric: tabular-nums }
img { height: 72px; border-radius: 4px; margin: 0 4px 4px 0 }
pre { overflow-x: auto; padding: .6em; border: 1px solid #8884 }
.quiet { opacity: .7 }
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page.

    Attributes:
        classes: in the order of the probabilities.
        about: where the classifier comes from.
        agreement: of the file with the program.
        examples: JPEGs per class, small.
        file: name of the classifier's file.
        script: name of the example script.
        size: pixels a side that the network sees.
    """

    classes: tuple[str, ...]
    about: About
    agreement: Agreement
    examples: Mapping[str, Sequence[bytes]]
    file: str
    script: str


def sheet_html(sheet: Sheet) -> str:
    """The page as HTML text; photos inside it, no script, nothing fetched."""
    about = sheet.about
    network = about.network
    total = sum(about.counts.values())
    rows = "".join(_row(name, about.counts.get(name, 0), sheet.examples.get(name, ())) for name in sheet.classes)
    layers = " + ".join(str(layer) for layer in about.head.get("layers", ()))
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width'>",
        f"<title>{_text(about.name)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{_text(about.name)}</h1>",
        f"<p class='quiet'>A classifier made on {_text(about.made)} with Likeness {_text(about.program)}, "
        f"from {_text(count(total, 'photo'))} that a person labelled.</p>",
        "<h2>What it tells apart</h2>",
        f"<table><tr><th>Answer</th><th class='number'>Labelled</th><th>Examples</th></tr>{rows}</table>",
        f"<h2>How good it is</h2>{_quality(about)}",
        f"<h2>The same answers as in Likeness</h2><p>{_text(_checked(sheet.agreement))}</p>",
        f"<h2>Known weak points</h2>{_list(about.weak_points)}",
        "<h2>How to use it</h2>",
        "<p>In Likeness: drop the file on the window, or choose “Open a classifier…”, then sort a folder with it. "
        "In Python, without Likeness:</p>",
        f"<pre>pip install onnxruntime numpy pillow\npython {_text(_quoted(sheet.script))} PHOTO ...</pre>",
        f"<p>{_text(sheet.file)} is an ONNX file that holds everything: input <code>image</code>, uint8 "
        "[N, height, width, 3], RGB, upright, any size; outputs <code>probabilities</code>, float32 "
        f"[N, {len(sheet.classes)}], in the order of the table, and <code>label</code>, int64 [N], the row of the "
        "largest, counted from 0.</p>",
        "<h2>What it is made of</h2><table>",
        _fact("Network", f"{network.get('title', '')} ({network.get('precision', '')})"),
        _fact("From", network.get("origin", "")),
        _fact("Licence of the network", network.get("licence", "")),
        _fact("Classifier", f"{about.head.get('kind', '')} on {layers}"),
        _fact("Counts as sure", f"from {100 * about.sure:.0f} in 100"),
        "</table></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _row(name: str, labelled: int, pictures: Sequence[bytes]) -> str:
    images = "".join(
        f"<img alt='' height='72' src='data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}'>" for jpeg in pictures
    )
    return f"<tr><td>{_text(name)}</td><td class='number'>{_text(number(labelled))}</td><td>{images}</td></tr>"


def _quality(about: About) -> str:
    lines = []
    check = about.spot_check
    if check is not None and check.checked:
        lines.append(
            f"Right on {check.right} of {check.checked} random photos that a person judged without seeing its answer "
            f"(likely {100 * check.low:.0f} to {100 * check.high:.0f} in 100)."
        )
    if about.accuracy is not None:
        text = f"Right about {100 * about.accuracy:.0f} times in 100"
        if about.interval is not None:
            text += f" (likely {100 * about.interval[0]:.0f} to {100 * about.interval[1]:.0f})"
        lines.append(f"{text}, tested on {number(sum(about.counts.values()))} labels of the same photos.")
    if not lines:
        lines.append("Not measured: there were too few labels to say.")
    return "".join(f"<p>{_text(line)}</p>" for line in lines)


def _checked(agreement: Agreement) -> str:
    if not agreement.checked:
        return agreement.sentence
    sure = ""
    if agreement.sure:
        sure = f" Where Likeness was sure: {agreement.sure_same} of {agreement.sure}."
    return f"{agreement.sentence} Half of the photos differ by less than {100 * agreement.median_difference:.1f}.{sure}"


def _list(sentences: Sequence[str]) -> str:
    if not sentences:
        return "<p>None is known. It knows only photos like the ones it was shown.</p>"
    return "<ul>" + "".join(f"<li>{_text(sentence)}</li>" for sentence in sentences) + "</ul>"


def _fact(name: str, value: str) -> str:
    return f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _text(text: str) -> str:
    # bytes that are no text come in names of files as lone surrogates, which no UTF-8 file can hold
    return html.escape(text.encode("utf-8", "replace").decode("utf-8"))
