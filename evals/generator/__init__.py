"""Seeded sample portfolios in the portfolio-files format, with their truth apart."""
