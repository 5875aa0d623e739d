"""Clients of the outside world. Nothing is decided here, and everything above works without it."""
