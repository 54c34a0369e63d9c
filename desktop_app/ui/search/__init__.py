"""The search bar with its chips, and saved searches."""
