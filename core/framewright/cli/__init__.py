"""The headless front door: `framewright` on the command line."""
