"""What a person's own models take and make, read from the descriptions that lie beside them."""
