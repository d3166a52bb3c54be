"""The catalog: model cards, their typed ports, and which output fits which input."""
