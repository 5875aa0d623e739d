"""Calendars and dates for the property tests."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from plan.calendar import Calendar

days = st.dates(date(2022, 1, 1), date(2027, 12, 31))
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Cairo"])
hours = st.sampled_from([Decimal(0), Decimal(4), Decimal("7.5"), Decimal(8), Decimal(24)])
weeks = st.tuples(*[hours] * 7).filter(any)
short_days = st.frozensets(st.tuples(days, st.sampled_from([Decimal(0), Decimal(2)])), max_size=5)
calendars = st.builds(Calendar, zones, weeks, st.frozensets(days, max_size=30), short_days)
