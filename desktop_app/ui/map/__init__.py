"""The map: all photos on a plane, alike ones near."""
