"""How right and how early it was, replayed; beside the house."""
