"""Answers of a model kept in a folder by what was asked, and given again from there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import structlog

from outside.model import Model, ModelReply, ModelRequest, NoModel, Shape

log = structlog.get_logger()


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: msgspec.Raw
    model: str
    input_tokens: int
    output_tokens: int


class RecordedModel:
    """Gives a kept answer; asks `inner` for a new one and keeps it. Without `inner` it only replays.

    The files hold what the model said, one per question, readable by their owner alone; delete the
    folder to forget. `name` is the model's, so that answers of two models do not mix.
    """

    def __init__(self, folder: Path, name: str, inner: Model | None = None) -> None:
        self._folder = folder / (re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "model")
        self._inner = inner or NoModel()

    @property
    def is_ready(self) -> bool:
        """Whether a question that was never asked would be sent now; what is kept is given at any time."""
        return bool(getattr(self._inner, "is_ready", True))

    def complete(self, request: ModelRequest[Shape]) -> ModelReply[Shape] | None:
        """The kept answer, or a new one, or None. A file that cannot be read or written is as good as none."""
        path = self._folder / f"{request.digest}.json"
        kept = self._kept(path, request)
        if kept:
            return kept
        reply = self._inner.complete(request)
        if reply:
            self._keep(path, reply)
        return reply

    def _kept(self, path: Path, request: ModelRequest[Shape]) -> ModelReply[Shape] | None:
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
            value = msgspec.json.decode(kept.value, type=request.shape)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError, RecursionError) as error:
            log.warning("recording_unreadable", digest=request.digest[:12], why=type(error).__name__)
            return None
        return ModelReply(value, kept.model, kept.input_tokens, kept.output_tokens)

    def _keep(self, path: Path, reply: ModelReply[Shape]) -> None:
        value = msgspec.Raw(msgspec.json.encode(reply.value))
        kept = _Kept(value, reply.model, reply.input_tokens, reply.output_tokens)
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.touch(mode=0o600)
            draft.write_bytes(msgspec.json.encode(kept))
            draft.replace(path)
        except OSError as error:
            log.warning("recording_not_kept", why=type(error).__name__)
