"""Words for what is in photos: WordNet above the classes of ImageNet, and names for groups of photos."""
