"""Vendors' own schemas, OpenAPI or JSON Schema, as cards of the catalog."""
