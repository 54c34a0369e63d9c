"""Everything Likeness knows how to do, free of Qt: usable as a Python library and from the command line."""
