"""What providers answer when they fail, read into one of our categories with a next action.

Pure, and total: whatever a provider sends, there is a diagnosis. What a provider's own code says
counts first, then what its words say, and its HTTP status last, for that one is often wrong.
"""
