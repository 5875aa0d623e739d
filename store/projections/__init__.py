"""Read models: each a pure fold of events to a state, and the rows that serve it."""
