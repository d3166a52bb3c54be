"""Changes of a plan: structured operations, each with its inverse, and what they make stale."""
