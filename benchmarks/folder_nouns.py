"""What the names of folders mean that are no nouns of WordNet, for benchmarks of names and of words."""

from __future__ import annotations

MEANT = {
    "aquatic": "aquatic mammal",
    "brown-cap-mushroom": "mushroom",
    "longsleeve": "shirt",
    "oat-milk": "milk",
    "oatghurt": "yoghurt",
    "outwear": "overgarment",
    "red-beet": "beet",
    "red-grapefruit": "grapefruit",
    "satsumas": "satsuma",
    "soyghurt": "yoghurt",
}
"""A noun of WordNet by the folder's name."""
