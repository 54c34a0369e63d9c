"""What leaves the program with chosen photos: contact sheets, and copies in a folder."""
