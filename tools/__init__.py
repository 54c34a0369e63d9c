"""Scripts that made what models/ and resources/ hold. None of them is needed to run the program."""
