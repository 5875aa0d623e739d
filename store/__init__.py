"""Ground floor: what happened, as an append-only log, and the read models folded from it."""
