"""The only reader of the environment: one frozen section per room."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class SettingError(ValueError):
    """A variable of the environment cannot be used; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """`database_url` is None when the embedded PostgreSQL under `data_path` is to be used.

    `owner_url` is the role that migrates, `sealer_url` the one that seals, where they are not the same.
    """

    database_url: str | None
    owner_url: str | None
    sealer_url: str | None
    data_path: Path


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """`hosts` are further names that the server answers to, beside the local ones."""

    port: int
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """An OpenAI-compatible endpoint; there is none unless `url` and `name` are set.

    `mode` is auto, responses or chat. `uses` holds what may be asked: wording, extraction.
    `seconds` bounds one question. Answers are kept in `record_path` where it is set.
    """

    url: str | None = None
    key: str = field(default="", repr=False)
    name: str = ""
    mode: str = "auto"
    uses: frozenset[str] = frozenset({"wording", "extraction"})
    seconds: int = 45
    calls_per_day: int = 1_000
    record_path: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is set from outside. `tenant` is the slug that commands mean unless told otherwise."""

    store: StoreSettings
    serve: ServeSettings
    model: ModelSettings
    tenant: str


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of this process; raises SettingError naming the variable and what it may hold."""
    env = os.environ if environment is None else environment
    return Settings(
        store=StoreSettings(
            database_url=env.get("LEEWAY_DATABASE_URL") or None,
            owner_url=env.get("LEEWAY_OWNER_URL") or None,
            sealer_url=env.get("LEEWAY_SEALER_URL") or None,
            data_path=Path(env.get("LEEWAY_DATA") or ".leeway"),
        ),
        serve=ServeSettings(
            port=_port(env.get("LEEWAY_PORT") or "8000"),
            hosts=tuple(host for host in (env.get("LEEWAY_HOSTS") or "").split(",") if host),
        ),
        model=_model(env),
        tenant=env.get("LEEWAY_TENANT") or "main",
    )


def _model(env: Mapping[str, str]) -> ModelSettings:
    url, name = env.get("LEEWAY_MODEL_URL") or None, env.get("LEEWAY_MODEL") or ""
    if bool(url) != bool(name):
        raise SettingError("LEEWAY_MODEL_URL and LEEWAY_MODEL are set together or not at all")
    if url and not url.startswith(("http://", "https://")):
        raise SettingError(f"LEEWAY_MODEL_URL is {url!r}; expected an address that begins with http:// or https://")
    record = env.get("LEEWAY_MODEL_RECORD")
    return ModelSettings(
        url=url,
        key=env.get("LEEWAY_MODEL_KEY") or "",
        name=name,
        mode=_among("LEEWAY_MODEL_MODE", [env.get("LEEWAY_MODEL_MODE") or "auto"], ("auto", "responses", "chat"))[0],
        uses=frozenset(
            _among(
                "LEEWAY_MODEL_FOR",
                (env.get("LEEWAY_MODEL_FOR") or "wording,extraction").split(","),
                ("wording", "extraction"),
            )
        ),
        seconds=_count(env, "LEEWAY_MODEL_SECONDS", 45, most=120),
        calls_per_day=_count(env, "LEEWAY_MODEL_CALLS_PER_DAY", 1_000, most=1_000_000),
        record_path=Path(record) if record else None,
    )


def _among(name: str, found: list[str], allowed: tuple[str, ...]) -> list[str]:
    for text in found:
        if text not in allowed:
            raise SettingError(f"{name} is {text!r}; expected {' or '.join(allowed)}")
    return found


def _count(env: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = env.get(name) or f"{default}"
    if text.isascii() and text.isdigit() and 0 < int(text) <= most:
        return int(text)
    raise SettingError(f"{name} is {text!r}; expected a number between 1 and {most}")


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
