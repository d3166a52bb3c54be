"""Brings a brief into plain words: signs, spelling, turns of phrase, scenes told in a row."""
