"""People as posed, dressed and lit bodies that can be looked at from any side."""
