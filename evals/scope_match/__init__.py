"""Requests matched to what they are about, and asks found in customers' messages."""
