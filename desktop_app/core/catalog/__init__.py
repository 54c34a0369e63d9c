"""The catalogue: the SQLite file of a library, the truth about its folders and photos."""
