"""What a person asks for, each as a generator that yields progress, or a plain quick function."""
