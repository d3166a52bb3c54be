"""Gates that a result must pass before anything is built on it."""
