"""The architect: what is asked for beyond the scope, what becomes of the margin, and what could be sold."""
