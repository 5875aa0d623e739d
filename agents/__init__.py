"""What to do about it: findings become alerts with proposals."""
