"""The durable truth: database, event log, assets; one writer, committed before it counts."""
