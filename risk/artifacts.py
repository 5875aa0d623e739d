"""Models as bytes: canonical JSON named by its SHA-256, small and the same on every machine that fitted the same.

No pickles: reading a model runs no code and trusts nothing that the bytes claim.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import Protocol

import msgspec

from risk.model import Model
from store.errors import Invalid, NotFound

PRIOR_FILE = "prior.json"
_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Model, strict=True)


class Shelf(Protocol):
    """Where blobs are kept under their hash."""

    def put(self, blob_hash: str, blob: bytes) -> None:
        """Keeps the bytes; keeping the same ones again changes nothing."""
        ...

    def find(self, blob_hash: str) -> bytes | None:
        """The bytes, None when nobody put them there."""
        ...


class MemoryShelf:
    """Blobs in a dictionary."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}

    def put(self, blob_hash: str, blob: bytes) -> None:
        """See the port."""
        self._blobs.setdefault(blob_hash, blob)

    def find(self, blob_hash: str) -> bytes | None:
        """See the port."""
        return self._blobs.get(blob_hash)


def dump_model(model: Model) -> bytes:
    """The canonical bytes of a model."""
    return _ENCODER.encode(model)


def parse_model(blob: bytes) -> Model:
    """The model of these bytes. `Invalid` ("model_malformed") when they are no model."""
    try:
        return _DECODER.decode(blob)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("model_malformed", f"The model cannot be read: {error}.", remedy="Fit it again.") from error


def hash_of(blob: bytes) -> str:
    """The name of a blob."""
    return hashlib.sha256(blob).hexdigest()


def save_model(shelf: Shelf, model: Model) -> str:
    """Keeps the model and returns its hash."""
    blob = dump_model(model)
    model_hash = hash_of(blob)
    shelf.put(model_hash, blob)
    return model_hash


def load_model(shelf: Shelf, model_hash: str) -> Model:
    """The model of that hash. `NotFound` when it is not there, `Invalid` when its bytes have changed."""
    blob = shelf.find(model_hash)
    if blob is None:
        raise NotFound("model_unknown", f"No model {model_hash} is kept here.", remedy="Fit one: leeway train.")
    if hash_of(blob) != model_hash:
        raise Invalid("model_changed", f"The bytes of model {model_hash} have changed.", remedy="Restore the backup.")
    return parse_model(blob)


@cache
def prior() -> tuple[str, Model]:
    """The hash and the model of the prior that comes with this version; `leeway eval prior` fits it."""
    blob = resources.files("risk").joinpath(PRIOR_FILE).read_bytes()
    return hash_of(blob), parse_model(blob)
