"""A portfolio's history run week by week as if live: scores, alerts, and how right and how early they were."""
