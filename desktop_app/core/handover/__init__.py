"""Classifiers as one file that runs anywhere."""
