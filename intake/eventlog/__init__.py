"""Event logs (XES, CSV) read as projects, by a mapping that says what their activities mean."""
