"""Edits in words: rules, scopes and the operations they become."""
