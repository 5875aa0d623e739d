"""Names against lists of exact names and patterns of `*` and `?`. Pure."""

from __future__ import annotations

import re


class Matcher:
    """A list of names and patterns. Only `*` and `?` are special, so that names with brackets stay names."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._exact = frozenset(patterns)
        wild = [pattern for pattern in patterns if "*" in pattern or "?" in pattern]
        self._wild = re.compile("|".join(map(_regex, wild)), re.DOTALL) if wild else None

    def names(self, name: str) -> bool:
        """Whether the name itself is listed."""
        return name in self._exact

    def matches(self, name: str) -> bool:
        """Whether the name is listed or fits a pattern."""
        return name in self._exact or (self._wild is not None and self._wild.fullmatch(name) is not None)


def _regex(pattern: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)
