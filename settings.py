"""The only reader of the environment: one frozen section per room."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingError(ValueError):
    """A variable of the environment cannot be used; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """`database_url` is None when the embedded PostgreSQL under `data_path` is to be used."""

    database_url: str | None
    data_path: Path


@dataclass(frozen=True, slots=True)
class ServeSettings:
    port: int


@dataclass(frozen=True, slots=True)
class Settings:
    store: StoreSettings
    serve: ServeSettings


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of this process; raises SettingError naming the variable and what it may hold."""
    env = os.environ if environment is None else environment
    return Settings(
        store=StoreSettings(
            database_url=env.get("LEEWAY_DATABASE_URL") or None,
            data_path=Path(env.get("LEEWAY_DATA") or ".leeway"),
        ),
        serve=ServeSettings(port=_port(env.get("LEEWAY_PORT") or "8000")),
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise SettingError(f"LEEWAY_PORT is {text!r}; expected a port between 1 and 65535")
