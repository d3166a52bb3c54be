"""Makes steps of what is asked: models chosen, clips joined, words and sounds placed."""
