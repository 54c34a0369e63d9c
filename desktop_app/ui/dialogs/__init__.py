"""Windows of their own: about, keys, problems, the device."""
