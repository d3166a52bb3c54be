"""Runs a plan: ready steps at once, failures kept to their descendants."""
