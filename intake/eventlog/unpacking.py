"""The plain bytes of a stream that may be gzipped, in bounded chunks. Pure over the stream it is given."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

from store.errors import Invalid

CHUNK_BYTES = 1 << 16
MAX_OUT_BYTES = 1 << 20
GZIP = b"\x1f\x8b"
_REMEDY = "Fetch or export the file again; nothing of it was taken."


class Readable(Protocol):
    """What is asked of a stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        ...


def plain_chunks(stream: Readable) -> Iterator[bytes]:
    """The content, unpacked when it starts like gzip. `Invalid` when the gzip is broken or ends too early."""
    first = stream.read(CHUNK_BYTES)
    chunks = _rest(first, stream)
    return _unpacked(chunks) if first.startswith(GZIP) else chunks


def _rest(chunk: bytes, stream: Readable) -> Iterator[bytes]:
    while chunk:
        yield chunk
        chunk = stream.read(CHUNK_BYTES)


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    member = _member()
    for chunk in chunks:
        data = chunk
        while data:
            # A gzip file may hold several members, one after the other.
            member = _member() if member.eof else member
            try:
                plain = member.decompress(data, MAX_OUT_BYTES)
            except zlib.error as error:
                raise Invalid("gzip_broken", f"The gzip is damaged: {error}.", remedy=_REMEDY) from error
            if plain:
                yield plain
            data = member.unused_data or member.unconsumed_tail
            if member.eof and not data.strip(b"\x00"):
                break
    if not member.eof:
        raise Invalid("gzip_truncated", "The gzip ends before its last byte.", remedy=_REMEDY)


def _member() -> zlib._Decompress:
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
