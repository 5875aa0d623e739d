"""The onboarding metrics: what a head of delivery asks of a portfolio, and when it cannot be told."""
