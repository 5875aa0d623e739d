"""Which browser the browser tests drive."""

import os
import shutil
from typing import Any

import pytest

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; nothing is downloaded."""
    path = _chromium()
    if path is None:
        reason = "No Chromium on PATH and none named by LEEWAY_CHROMIUM; on Debian: apt-get install chromium"
        if os.environ.get("LEEWAY_REQUIRE_BROWSER"):  # noqa: TID251
            pytest.fail(reason)
        pytest.skip(reason)
    return {**browser_type_launch_args, "executable_path": path, "args": list(QUIET)}


def _chromium() -> str | None:
    names = (os.environ.get("LEEWAY_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")  # noqa: TID251
    return next((path for name in names if name and (path := shutil.which(name))), None)
