"""One module per page: parse, read, show."""
