"""Widgets around the photo area: they take values in, emit signals out and know nothing of the library."""
