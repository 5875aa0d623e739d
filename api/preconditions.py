"""If-Match: the version a caller believes a resource to be at."""

from __future__ import annotations

import re

from store.errors import Invalid

_ETAG = re.compile(r'"?(\d{1,9})"?')


def etag(version: int) -> str:
    """The version of a resource as its entity tag."""
    return f'"{version}"'


def expected_version(if_match: str | None) -> int | None:
    """The version in an `If-Match` header; None when there is none or any will do (`*`)."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Invalid(
            "bad_if_match",
            f"If-Match is {if_match!r}.",
            remedy='Send the resource\'s `version` in quotes, for example If-Match: "3".',
            where="header.If-Match",
        )
    return int(found[1])
