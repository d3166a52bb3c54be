"""Reads what each clause of a brief asks for."""
