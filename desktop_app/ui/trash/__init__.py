"""Photos in the system trash, and back."""
