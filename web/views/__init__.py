"""From states of the store to what a page says. Pure."""
