"""Pure values: plans, references, jobs, assets, runs and events. No I/O, no clock."""
