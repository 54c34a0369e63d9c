"""Heads on frozen features: training, choosing, judging; no SQLite, no files."""
