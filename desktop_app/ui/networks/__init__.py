"""How photos are compared: the networks there are, adding one, downloading one."""
