"""The resource agent: who is booked beyond their hours, and what could be done about it."""
