"""Hears of files that come, change and go in the folders of a library."""
