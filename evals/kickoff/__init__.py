"""Kickoff summaries held against hand-written items."""
