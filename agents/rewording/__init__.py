"""Other words for the claims of alerts, after they were raised: a branch, a repair, and waits that are facts."""
