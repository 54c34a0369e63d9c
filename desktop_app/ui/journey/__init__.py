"""A journey from one photo to another: the strip of photos between them, and what can be done with it."""
