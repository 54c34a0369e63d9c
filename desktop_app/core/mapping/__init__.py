"""Photos on a plane: the layout, the place of photos that come later, and the contact sheet."""
