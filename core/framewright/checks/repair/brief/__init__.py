"""The plan does what the person asked for: words, counts, lengths, order, one whole."""
