"""The words the command line understands."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from desktop_app import __version__
from desktop_app.cli.filters import add_filters
from desktop_app.cli.numbers import a_box, a_count, a_path, count_or_auto, length, positive, share


def make_parser() -> argparse.ArgumentParser:
    """The parser with every command."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print one JSON object")
    shared.add_argument(
        "--library", type=a_path, default=argparse.SUPPRESS, metavar="DIR", help="the library (default: the window's)"
    )
    parser = argparse.ArgumentParser(
        prog="likeness",
        description="Find the photos that look alike, on your own computer. Without a command the window opens.",
        epilog="likeness [FOLDER ...]   opens the window and adds the folders",
    )
    parser.add_argument("--version", action="version", version=f"likeness {__version__}")
    parser.add_argument("--library", type=a_path, default=None, metavar="DIR", help="the library to use")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    index = commands.add_parser("index", parents=[shared], help="add folders, or look for new photos in them")
    index.add_argument("folders", type=a_path, nargs="+", metavar="FOLDER")
    index.add_argument("--network", default="", metavar="NAME", help="what to compare by; see “networks list”")
    index.add_argument(
        "--descriptor",
        action="append",
        default=[],
        metavar="NAME",
        help="also compare by NETWORK:LAYER or colour from now on; may be given several times",
    )
    index.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    index.add_argument("--workers", type=a_count, default=0, metavar="N", help="photos read at once (default: cores)")
    index.add_argument("--limit-megapixels", type=positive, default=200.0, metavar="N", help="leave larger ones out")

    similar = commands.add_parser(
        "similar",
        parents=[shared],
        help="the photos most like a picture, or like several",
        epilog="The score of one IMAGE is the cosine, in [-1, 1]. Of several, or with --unlike, it is how surely a "
        "photo is meant, 0 to 1, as learnt from them. Photos of the library that are named are never results.",
    )
    similar.add_argument("images", type=a_path, nargs="+", metavar="IMAGE")
    similar.add_argument(
        "--unlike", type=a_path, nargs="+", action="extend", default=[], metavar="IMAGE", help="less like these"
    )
    similar.add_argument(
        "--box",
        type=a_box,
        default=None,
        metavar="X,Y,W,H",
        help="only this part of the first IMAGE is meant: from its left, from its top, width and height, in pixels of "
        "the upright picture, or in parts of it as in 10%%,20%%,50%%,50%%",
    )
    similar.add_argument("--descriptor", default="", metavar="NAME", help="a layer, NETWORK:LAYER, or colour")
    similar.add_argument("--metric", choices=("cosine", "euclidean"), default="cosine")
    similar.add_argument("--limit", type=a_count, default=20, metavar="N")
    add_filters(similar)

    words = commands.add_parser("words", parents=[shared], help="the photos that fit words, by what they show or say")
    words.add_argument("words", nargs="+", metavar="TEXT", help='several have to fit all; "dog -cat" leaves cats out')
    words.add_argument("--limit", type=a_count, default=20, metavar="N")

    journey = commands.add_parser(
        "journey",
        parents=[shared],
        help="photos that lead from one picture to another in small steps",
        epilog="“to_next” is the likeness of each photo to the one after it, a cosine in [-1, 1].",
    )
    journey.add_argument("start", type=a_path, metavar="A", help="where it begins: a photo in the library or not")
    journey.add_argument("end", type=a_path, metavar="B", help="where it ends")
    journey.add_argument(
        "--length",
        type=length,
        default=0,
        metavar="N",
        help="photos in all, A and B counted: 2 to 60 (default: 9, or fewer where more would be detours)",
    )
    journey.add_argument("--descriptor", default="", metavar="NAME", help="a layer, NETWORK:LAYER, or colour")

    label = commands.add_parser("label", parents=[shared], help="label photos by folder names or a CSV file")
    label.add_argument("--set", required=True, metavar="NAME", help="the label set; made where there is none")
    source = label.add_mutually_exclusive_group(required=True)
    source.add_argument("--from-folders", type=a_path, metavar="ROOT", help="the folders in ROOT are the answers")
    source.add_argument("--csv", type=a_path, metavar="FILE", help="rows of a path and a label")
    label.add_argument(
        "--only", nargs="+", default=[], metavar="FOLDER", help="the folders in ROOT that are answers (default: all)"
    )

    train = commands.add_parser("train", parents=[shared], help="learn a label set from the photos you labelled")
    train.add_argument("--set", required=True, metavar="NAME", help="the label set")
    train.add_argument("--head", choices=("auto", "softmax", "svm", "mlp", "neighbours"), default="auto")
    train.add_argument("--layer", default="auto", metavar="NAME", help="see “networks layers” (default: measured)")

    predict = commands.add_parser("predict", parents=[shared], help="the answers that a learnt label set gives")
    predict.add_argument("--set", required=True, metavar="NAME", help="the label set")
    which = predict.add_mutually_exclusive_group(required=True)
    which.add_argument("images", type=a_path, nargs="*", default=[], metavar="IMAGE", help="in the library or not")
    which.add_argument("--all", action="store_true", help="every photo of the library")
    predict.add_argument("--csv", type=a_path, default=None, metavar="OUT", help="write them to a CSV file")

    export = commands.add_parser("export", parents=[shared], help="a classifier, or features, as a file for elsewhere")
    export.add_argument("out", type=a_path, metavar="OUT", help=".onnx: the classifier; .npz, .csv, .parquet: features")
    export.add_argument("--set", default="", metavar="NAME", help="the label set")
    export.add_argument("--check", type=a_count, default=200, metavar="N", help="whole photos the file is tried on")
    export.add_argument("--layer", action="append", metavar="NAME", help="of features; may be given several times")

    clusters = commands.add_parser("clusters", parents=[shared], help="the photos in groups that look alike")
    clusters.add_argument(
        "--count", type=count_or_auto, default=None, metavar="auto|N", help="how many groups (default: measured)"
    )
    clusters.add_argument("--method", choices=("kmeans", "density"), default="kmeans")
    clusters.add_argument("--csv", type=a_path, default=None, metavar="OUT", help="write path and group to a CSV file")

    insights = commands.add_parser("insights", parents=[shared], help="which themes of an account's posts did better")
    insights.add_argument(
        "sources", type=a_path, nargs="+", metavar="SOURCE", help="an Instagram export, a table of posts, a folder"
    )
    insights.add_argument("--metric", default="", metavar="NAME", help="views, reach, likes, ... (default: best known)")
    insights.add_argument("--young", action="store_true", help="count posts younger than 7 days, too")
    insights.add_argument("--without-boosted", action="store_true", help="leave out posts that were advertised")
    insights.add_argument("--without-competitors-pictures", action="store_true", help="leave them out of the report")
    insights.add_argument("--html", type=a_path, default=None, metavar="OUT", help="write the report")
    insights.add_argument(
        "--csv", type=a_path, default=None, metavar="OUT", help="write the tables; .xlsx for one file"
    )

    map_ = commands.add_parser("map", parents=[shared], help="every photo on a plane, alike ones near one another")
    map_.add_argument("--csv", type=a_path, default=None, metavar="OUT", help="write path, x, y, column and row")
    map_.add_argument("--png", type=a_path, default=None, metavar="OUT", help="draw it, A3 at 300 dots to the inch")
    map_.add_argument("--sheet", action="store_true", help="draw the contact sheet, without overlaps")
    map_.add_argument("--anew", action="store_true", help="lay all photos out anew; those that are there may move")
    map_.add_argument("--descriptor", default="", metavar="NAME", help="a layer, NETWORK:LAYER, or colour")

    duplicates = commands.add_parser("duplicates", parents=[shared], help="the photos that are copies of one another")
    duplicates.add_argument(
        "--threshold", type=share, default=0.0, metavar="T", help="only groups at least so alike, 0 to 1 (default: all)"
    )

    networks = commands.add_parser("networks", help="the networks there are; adding, downloading, removing, measuring")
    actions = networks.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", parents=[shared], help="every network")
    layers = actions.add_parser("layers", parents=[shared], help="the layers of one")
    layers.add_argument("name", metavar="NAME")
    add = actions.add_parser("add", parents=[shared], help="add a network from an ONNX file")
    add.add_argument("file", type=a_path, metavar="FILE")
    add.add_argument("--name", default="", metavar="NAME", help="what to call it (default: as the file)")
    add.add_argument("--preparation", default="", metavar="NAME", help="how pictures become its input")
    add.add_argument(
        "--classes", type=a_path, default=None, metavar="FILE", help="the names of its classes, one a line"
    )
    get = actions.add_parser("get", parents=[shared], help="download one of the classic networks")
    get.add_argument("name", nargs="?", default="", metavar="NAME", help="without a name they are listed")
    remove = actions.add_parser("remove", parents=[shared], help="remove a network that was added")
    remove.add_argument("name", metavar="NAME")
    bench = actions.add_parser("bench", parents=[shared], help="how many photos a second networks do here")
    bench.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    bench.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")

    doctor = commands.add_parser("doctor", parents=[shared], help="what this machine can do")
    doctor.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    return parser


def without_words(argv: Sequence[str]) -> list[str]:
    """The words as the parser takes them: "-shoe", for "without a shoe", is a text to look for and no option.

    A space before it says so to the parser, and nothing to whoever reads the text.
    """
    found: list[str] = []
    command = ""
    for word in argv:
        before = found[-1] if found else ""
        is_text = before == "--words" or (command == "words" and before not in ("--limit", "--library"))
        if is_text and len(word) > 1 and word[0] == "-" and word[1] != "-" and word != "-h":
            word = f" {word}"
        elif not command and not word.startswith("-") and before != "--library":
            command = word
        found.append(word)
    return found
