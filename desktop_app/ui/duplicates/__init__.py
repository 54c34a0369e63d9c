"""The Duplicates page: copies of photos, which of them to keep, and the way of the others to the trash."""
