"""The planner that needs no model: a compiler from briefs to plans."""
