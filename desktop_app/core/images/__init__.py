"""Pictures on disk: which files are pictures, how they are read, and their thumbnails.

A module is imported by its own name (`from desktop_app.core.images.decode import read_picture`), so that
finding files never costs the import of the codecs.
"""
