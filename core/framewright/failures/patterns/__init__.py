"""What the words of a failed answer mean: patterns by what they speak of."""
