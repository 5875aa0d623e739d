"""One alert: claim, proposals, and what was decided."""
