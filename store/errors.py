"""The five kinds of error. Doors translate them; nothing below the doors speaks HTTP."""

from __future__ import annotations

from collections.abc import Mapping


class LeewayError(Exception):
    """An error with a stable `code`, one sentence of `detail` and one of `remedy`.

    `where` names the offending place (a field path, a file and line) and `data` carries small
    machine-readable facts such as the current stream version.
    """

    kind = "error"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        remedy: str = "",
        where: str = "",
        data: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.remedy = remedy
        self.where = where
        self.data = dict(data or {})

    def __str__(self) -> str:
        """One line for a terminal: place, what is wrong, what to do."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.detail}{' ' + self.remedy if self.remedy else ''}"


class Invalid(LeewayError):
    """The input is not of the expected form."""

    kind = "invalid"


class NotFound(LeewayError):
    """Nothing of that name is visible to the caller."""

    kind = "not_found"


class Conflict(LeewayError):
    """The world moved on: another version, another body under the same id, an expired alert."""

    kind = "conflict"


class Refused(LeewayError):
    """The caller, or the setting, does not allow it."""

    kind = "refused"


class Unavailable(LeewayError):
    """Something this depends on does not answer now."""

    kind = "unavailable"
