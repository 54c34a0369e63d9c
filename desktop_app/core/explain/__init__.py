"""Why a picture was answered as it was."""
