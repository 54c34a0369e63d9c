"""A part of a photo is looked for."""
