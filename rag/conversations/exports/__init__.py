"""A conversation as a file to take away: one module per form."""
