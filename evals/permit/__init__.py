"""A real event log: will the outside party have delivered in time?"""
