"""Features and labels as a file for people who go on in a notebook: .npz, .csv or, with pyarrow, .parquet."""

from __future__ import annotations

import csv
import importlib.util
import tempfile
import zipfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_app.core.catalog import features, labels, photos
from desktop_app.core.errors import UserError
from desktop_app.core.handover.files import writing
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.labelling import NONE_OF_THESE, LabelSet
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.label_csv import guarded
from desktop_app.core.types import Positions, Progress, Vectors

ENDINGS = (".npz", ".csv", ".parquet")

_ROWS = 64  # a tenth of a second's worth of CSV
_SEPARATOR = "; "  # between the tags of one photo


@dataclass(frozen=True, slots=True)
class VectorsOut:
    """What was written: `photos` rows with the features of `layers`."""

    path: Path
    photos: int
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    positions: Positions
    paths: list[str]
    labels: list[str]
    origins: list[str]
    layers: dict[str, int]  # with their dimensions


def export_vectors(
    library: Library, out: Path, label_set: LabelSet | None = None, layers: Sequence[str] = (MAIN_LAYER,)
) -> Generator[Progress, None, VectorsOut]:
    """Write the features of every photo that has some, with its label.

    `.npz` holds `paths`, `labels`, `origins` (text arrays) and one float32 array (n, d) per layer; it loads without
    pickle. `.csv` and `.parquet` have the columns path, label, origin and LAYER_0 …. A label is "" where there
    is none; several tags are put together with "; ".

    Args:
        library: the open library.
        out: the file; its ending names the format.
        label_set: whose labels; None leaves them empty.
        layers: of the library's network.

    Raises:
        UserError: there is no such format or layer, Parquet's package is missing, or the file cannot be written.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise UserError(f"Features are written as {', '.join(ENDINGS)}, not as “{out.suffix or out.name}”.")
    if ending == ".parquet" and importlib.util.find_spec("pyarrow") is None:
        raise UserError("Parquet files need the package pyarrow, which is not installed. Choose .npz or .csv.")
    dimensions = {name: library.network.layer(name).dimension for name in dict.fromkeys(layers)}
    yield Progress("Collecting photos")
    with closing(library.reading_store()) as store:
        table = _collect(library, store.rows, label_set, dimensions)
        with writing(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.stem[:40]}-") as folder:
                half = Path(folder) / "half"
                with closing(_WRITERS[ending](table, store, half)) as written:
                    for done in written:
                        yield Progress("Writing features", done, len(table.paths) * len(dimensions))
                half.replace(out)
    return VectorsOut(out, len(table.paths), tuple(dimensions))


def _collect(library: Library, rows: int, label_set: LabelSet | None, layers: dict[str, int]) -> _Table:
    where, ids = features.positions(library.connection, library.network.key)
    where, ids = where[where < rows], ids[where < rows]
    given: dict[int, list[str]] = {}
    origins: dict[int, str] = {}
    if label_set is not None:
        table = labels.labels(library.connection, label_set.id)
        names: Mapping[int, str] = {int(answer.id): answer.name for answer in label_set.answers}
        for photo, answer, origin in zip(
            table.photos.tolist(), table.answers.tolist(), table.origins.tolist(), strict=True
        ):
            given.setdefault(photo, []).append(names.get(answer, NONE_OF_THESE))
            origins[photo] = labels.ORIGINS[origin].value
    found = photos.fetch(library.connection, ids.tolist())
    there = np.array([id_ in found for id_ in ids.tolist()], np.bool_)  # one may have been removed just now
    where, ids = where[there], ids[there]
    return _Table(
        where,
        [str(found[id_].path) for id_ in ids.tolist()],
        [_SEPARATOR.join(given.get(id_, ())) for id_ in ids.tolist()],
        [origins.get(id_, "") for id_ in ids.tolist()],
        layers,
    )


def _chunks(table: _Table, store: VectorStore, layer: str, size: int) -> Generator[Vectors, None, None]:
    for start in range(0, len(table.positions), size):
        yield store.read(layer, table.positions[start : start + size])


def _write_npz(table: _Table, store: VectorStore, path: Path) -> Generator[int, None, None]:
    done = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name in ("paths", "labels", "origins"):
            values = np.array(getattr(table, name), np.str_).reshape(-1)
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, values, allow_pickle=False)
        for layer, dimension in table.layers.items():
            # piece by piece: all of them may be larger than the memory
            with archive.open(f"{layer}.npy", "w", force_zip64=True) as member:
                header = {"descr": "<f4", "fortran_order": False, "shape": (len(table.positions), dimension)}
                np.lib.format.write_array_header_1_0(member, header)
                for chunk in _chunks(table, store, layer, 2048):
                    member.write(chunk.astype("<f4").tobytes())
                    done += len(chunk)
                    yield done


def _write_csv(table: _Table, store: VectorStore, path: Path) -> Generator[int, None, None]:
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["path", "label", "origin", *_columns(table)])
        for start in range(0, len(table.positions), _ROWS):
            part = slice(start, start + _ROWS)
            numbers = np.concatenate([store.read(layer, table.positions[part]) for layer in table.layers], axis=1)
            texts = zip(table.paths[part], table.labels[part], table.origins[part], strict=True)
            for (name, label, origin), row in zip(texts, numbers.tolist(), strict=True):
                writer.writerow([name, guarded(label), origin, *(f"{value:.6g}" for value in row)])
            yield min(start + _ROWS, len(table.positions)) * len(table.layers)


def _write_parquet(table: _Table, store: VectorStore, path: Path) -> Generator[int, None, None]:
    import pyarrow  # type: ignore[import-not-found, unused-ignore]
    from pyarrow import parquet  # type: ignore[import-not-found, unused-ignore]

    names = ["path", "label", "origin", *_columns(table)]
    kinds = [pyarrow.string()] * 3 + [pyarrow.float32()] * (len(names) - 3)
    schema = pyarrow.schema(list(zip(names, kinds, strict=True)))
    with parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, len(table.positions), 4096):
            part = slice(start, start + 4096)
            numbers = np.concatenate([store.read(layer, table.positions[part]) for layer in table.layers], axis=1)
            texts = [[_text(value) for value in column[part]] for column in (table.paths, table.labels, table.origins)]
            writer.write_table(pyarrow.table([*texts, *np.ascontiguousarray(numbers.T)], schema=schema))
            yield min(start + 4096, len(table.positions)) * len(table.layers)


def _columns(table: _Table) -> list[str]:
    return [f"{layer}_{place}" for layer, dimension in table.layers.items() for place in range(dimension)]


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode("utf-8")


_WRITERS = {".npz": _write_npz, ".csv": _write_csv, ".parquet": _write_parquet}
