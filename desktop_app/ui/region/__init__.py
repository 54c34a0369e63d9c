"""Searching by a part of a photo: the box that is drawn in the viewer."""
