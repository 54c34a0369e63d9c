"""Vectors and likeness: the vector store, projection, index space, exact and HNSW search."""

from __future__ import annotations

from desktop_app.core.index.exact import ExactIndex, cosines, euclidean
from desktop_app.core.index.hnsw import HnswIndex, hnsw_available
from desktop_app.core.index.hnsw_file import Stamp
from desktop_app.core.index.neighbours import Allowed, Cosines, Neighbours
from desktop_app.core.index.projection import SAMPLE, DamagedProjection, Projection
from desktop_app.core.index.search import Searcher, Snapshot
from desktop_app.core.index.space import Space, SpaceView
from desktop_app.core.index.vectors import VectorStore

__all__ = [
    "SAMPLE",
    "Allowed",
    "Cosines",
    "DamagedProjection",
    "ExactIndex",
    "HnswIndex",
    "Neighbours",
    "Projection",
    "Searcher",
    "Snapshot",
    "Space",
    "SpaceView",
    "Stamp",
    "VectorStore",
    "cosines",
    "euclidean",
    "hnsw_available",
]
