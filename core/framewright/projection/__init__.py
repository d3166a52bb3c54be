"""What screens read: pure folds of events into live state."""
