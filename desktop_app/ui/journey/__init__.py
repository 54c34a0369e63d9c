"""A way of photos that leads from one to another."""
