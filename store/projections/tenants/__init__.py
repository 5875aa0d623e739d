"""The tenant as a whole: settings, calendars, and the directory of who and what is known."""
