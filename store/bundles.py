"""A bundle: rows of tables in one file, as PostgreSQL's own COPY text in a zip, with a manifest that tells them all.

Made beside its final place and moved there when it is whole, readable by its owner only.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from store.errors import Invalid, NotFound, Refused, Unavailable

FORMAT = 1
CHUNK_BYTES = 1 << 20
_MANIFEST = "manifest.json"

Kind = Literal["backup", "tenant", "keys"]


class Member(msgspec.Struct, frozen=True):
    """The rows of one table: its columns in their order, how many rows, the digest of their text."""

    table: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


class Anchor(msgspec.Struct, frozen=True):
    """The end of a tenant's chain when the bundle was made."""

    tenant_id: str
    position: int
    hash: str


class Manifest(msgspec.Struct, frozen=True):
    """What is in a bundle, and of which revision of the tables."""

    format: int
    kind: Kind
    revision: str
    made_at: str
    members: tuple[Member, ...]
    anchors: tuple[Anchor, ...] = ()


class Writer:
    """Takes table after table, then the manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members: list[Member] = []

    def add(self, table: str, columns: Iterable[str], chunks: Iterable[bytes]) -> int:
        """Writes a table's rows; returns how many."""
        digest, rows = hashlib.sha256(), 0
        with self._archive.open(table, "w", force_zip64=True) as file:
            for chunk in chunks:
                digest.update(chunk)
                rows += chunk.count(b"\n")
                file.write(chunk)
        self._members.append(Member(table, tuple(columns), rows, digest.hexdigest()))
        return rows

    def finish(self, kind: Kind, revision: str, made_at: str, anchors: Iterable[Anchor] = ()) -> Manifest:
        """Writes the manifest."""
        manifest = Manifest(FORMAT, kind, revision, made_at, tuple(self._members), tuple(anchors))
        self._archive.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        return manifest


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new bundle, there when the block ends well. Raises `Refused` where a file is, `Unavailable` without room."""
    if path.exists():
        raise Refused("file_exists", f"{path} is there already.", remedy="Name another file, or move it away.")
    draft = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise Unavailable(
            "cannot_write", f"{path} cannot be written: {error.strerror}.", remedy="Name a place with room."
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Reader:
    """An opened bundle."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._path = path
        self._archive = archive
        self.manifest = manifest

    def chunks(self, member: Member) -> Iterator[bytes]:
        """A table's rows as they were written. Raises `Invalid` at the end when they are others."""
        digest = hashlib.sha256()
        try:
            with self._archive.open(member.table) as file:
                while chunk := file.read(CHUNK_BYTES):
                    digest.update(chunk)
                    yield chunk
        except (zipfile.BadZipFile, KeyError, EOFError, OSError) as error:
            raise _damaged(self._path) from error
        if digest.hexdigest() != member.sha256:
            raise _damaged(self._path)


@contextmanager
def reading(path: Path, *kinds: Kind) -> Iterator[Reader]:
    """A bundle of one of these kinds. Raises `NotFound` or `Invalid`."""
    if not path.is_file():
        raise NotFound("no_such_file", f"There is no file {path}.", remedy="Name the file that was written.")
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
            if manifest.format != FORMAT or manifest.kind not in kinds:
                raise Invalid(
                    "other_bundle",
                    f"{path} holds a {manifest.kind} of format {manifest.format}.",
                    remedy=f"Name a file that holds a {' or '.join(kinds)} of format {FORMAT}.",
                )
            yield Reader(path, archive, manifest)
    except (zipfile.BadZipFile, msgspec.DecodeError, KeyError, EOFError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> Invalid:
    return Invalid(
        "damaged_bundle", f"{path} is not, or not wholly, what was written.", remedy="Use another copy of it."
    )
