"""The only reader of the environment: one frozen section per room."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingError(ValueError):
    """A variable of the environment cannot be used; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """`database_url` is None when the embedded PostgreSQL under `data_path` is to be used.

    `owner_url` is the role that migrates and seals, where it is not the same.
    """

    database_url: str | None
    owner_url: str | None
    data_path: Path


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """`hosts` are further names that the server answers to, beside the local ones."""

    port: int
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is set from outside. `tenant` is the slug that commands mean unless told otherwise."""

    store: StoreSettings
    serve: ServeSettings
    tenant: str


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of this process; raises SettingError naming the variable and what it may hold."""
    env = os.environ if environment is None else environment
    return Settings(
        store=StoreSettings(
            database_url=env.get("LEEWAY_DATABASE_URL") or None,
            owner_url=env.get("LEEWAY_OWNER_URL") or None,
            data_path=Path(env.get("LEEWAY_DATA") or ".leeway"),
        ),
        serve=ServeSettings(
            port=_port(env.get("LEEWAY_PORT") or "8000"),
            hosts=tuple(host for host in (env.get("LEEWAY_HOSTS") or "").split(",") if host),
        ),
        tenant=env.get("LEEWAY_TENANT") or "main",
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise SettingError(f"LEEWAY_PORT is {text!r}; expected a port between 1 and 65535")


def quiet_agents() -> None:
    """Settings that the agents' library reads at import: no tracing service, no classes out of stored bytes."""
    os.environ.setdefault("LANGSMITH_TRACING", "false")
    os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")


def single_threaded_arithmetic() -> None:
    """One OpenMP thread: on shared cores more are a hundred times slower. Before numpy is imported."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
