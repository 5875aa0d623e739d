"""The tables that row-level security leaves alone, each with its reason. A scan of the catalogue allows no other."""

from __future__ import annotations

from collections.abc import Mapping

EXEMPT: Mapping[str, str] = {
    "tenants": "the register of tenants: whoever serves several must know which there are",
    "api_keys": "hashes: a bearer key is looked up before its tenant is known",
    "checkpoints": "ids and positions: the worker goes round all tenants",
    "dirty": "ids and positions: the worker takes changed subjects of all tenants",
}
