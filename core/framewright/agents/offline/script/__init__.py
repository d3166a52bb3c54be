"""Brings requests together: which descriptions are scenes, what belongs to which picture."""
