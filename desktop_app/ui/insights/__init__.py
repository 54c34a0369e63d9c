"""Insights in the window: sources, match, themes, and the report with its board."""
