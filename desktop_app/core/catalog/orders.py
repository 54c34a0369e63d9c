"""Every photo that is shown, by date or by name, read from the indexes of those orders."""

from __future__ import annotations

import sqlite3

import numpy as np

from desktop_app.core.catalog.photo_table import Ids, kept_table
from desktop_app.core.types import Order

BY = {Order.DATE: "sort_date DESC, id DESC", Order.NAME: "sort_name, id"}
"""What SQL sorts photos by."""
_INDEX = {Order.DATE: "photos_date", Order.NAME: "photos_name"}


def in_order(connection: sqlite3.Connection, order: Order) -> Ids:
    """Ids, int64 (n,), in a third of the time of a sorted SELECT: no row is looked up by way of an index.

    Args:
        connection: to the catalogue.
        order: DATE, newest first, or NAME.
    """
    table = kept_table(connection)
    if table is not None:
        shown = table.ids
    else:
        row = connection.execute(
            "SELECT group_concat(id) FROM photos NOT INDEXED WHERE missing = 0"
            " AND folder IN (SELECT id FROM folders WHERE removed IS NULL)"
        ).fetchone()
        shown = np.fromstring(row[0] or "", np.int64, sep=",")
    rows = connection.execute(f"SELECT id FROM photos INDEXED BY {_INDEX[order]} ORDER BY {BY[order]}")
    every = np.fromiter((row[0] for row in rows), np.int64)
    is_shown = np.zeros(max(every.max(initial=0), shown.max(initial=0)) + 1, np.bool_)
    is_shown[shown] = True
    ordered: Ids = every[is_shown[every]]
    return ordered
