"""The day of every made-up call: a Thursday."""

from datetime import date

HELD_ON = date(2026, 3, 5)
