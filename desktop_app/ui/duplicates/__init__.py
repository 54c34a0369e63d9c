"""The Duplicates page: copies of photos, set by set."""
