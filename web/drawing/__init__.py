"""Charts as plain geometry; the templates write them as SVG with a table beside it. Pure."""
