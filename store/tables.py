"""The tables that row-level security leaves alone, each with its reason. A scan of the catalogue allows no other."""

from __future__ import annotations

from collections.abc import Mapping

EXEMPT: Mapping[str, str] = {
    "tenants": "the register of tenants: whoever serves several must know which there are",
    "api_keys": "hashes: a bearer key is looked up before its tenant is known",
    "checkpoints": "ids and positions: the worker goes round all tenants",
    "dirty": "ids and positions: the worker takes changed subjects of all tenants",
}

KEPT = ("tenants", "api_keys", "events", "archived_events", "chain_heads", "models", "scores")
"""What a backup holds, in the order in which it is put back: what nothing else could tell."""

KEYS = "person_keys"
"""What a backup holds in a file of its own."""

DERIVED: Mapping[str, str] = {
    "snapshots": "folds of the log",
    "project_rows": "columns of the folds",
    "alert_rows": "columns of the folds",
    "assessments": "thought again from the folds",
    "checkpoints": "how far the folds have come",
    "dirty": "what is to be thought of again",
    "secrets": "read once: a copy could be read a second time",
    "idempotency_keys": "answers of the last day; a repeat meets the facts themselves",
}
"""What a backup leaves out, each with its reason."""
