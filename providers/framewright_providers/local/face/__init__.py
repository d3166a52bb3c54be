"""Faces that speak: the mouth follows the sounds of what is said."""
