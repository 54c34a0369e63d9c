"""The window and its parts; what they show comes from the core through lanes and signals."""
