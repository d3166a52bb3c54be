"""Animatics: the shots of a film in order, at their lengths, with what is said and played."""
