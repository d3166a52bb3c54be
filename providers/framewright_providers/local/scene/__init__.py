"""Previz pictures: scenes composed from the words of a prompt, and camera moves over them."""
