"""The finance agent: forecasts that cannot come true, budgets that will not do."""
