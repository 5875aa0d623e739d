"""Over-allocation on a portfolio replayed day by day: what was found and missed, what each proposal does."""
