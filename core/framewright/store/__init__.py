"""The durable truth: database, event log, assets; one writer, everything committed before it counts."""
