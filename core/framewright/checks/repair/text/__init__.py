"""What was written becomes values: JSON in every dialect language models write, and YAML."""
