"""Baselines: the plan as known at an instant, kept under a name, and what differs from it now."""
