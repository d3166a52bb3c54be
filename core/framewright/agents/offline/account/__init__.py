"""Says what was understood, and holds the plan against the brief once more."""
