"""The build hook brings htmx whole or leaves what was there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

BUILD = """
import pathlib, hatch_build
hook = hatch_build.BrowserFilesHook(str(pathlib.Path.cwd()), {}, *[None] * 5)
hook.initialize("editable", {})
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing but what the hook reads."""
    for name in ("hatch_build.py", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def build(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    # Port 9 discards: no registry answers there.
    nowhere = {"npm_config_registry": "http://127.0.0.1:9", "npm_config_cache": str(checkout / "cache")}
    environment = {**os.environ, **nowhere, **environment}  # noqa: TID251
    return subprocess.run(
        [sys.executable, "-c", BUILD], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


def test_the_installed_files_are_those_of_the_lock() -> None:
    vendor = ROOT / "web" / "static" / "vendor"
    if not vendor.is_dir():
        pytest.skip("installed with LEEWAY_WITHOUT_HTMX")
    assert {path.name for path in vendor.iterdir()} == {"STAMP", "htmx.LICENSE", "htmx.min.js", "hx-sse.min.js"}
    assert build(ROOT).returncode == 0, "the stamp is stale: run setup.sh"


@pytest.mark.skipif(shutil.which("npm") is None, reason="asks npm")
def test_an_unreachable_registry_says_what_to_do_and_leaves_the_old_files(checkout: Path) -> None:
    vendor = checkout / "web" / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "htmx.min.js").write_text("old")
    done = build(checkout)
    assert done.returncode == 1
    assert "LEEWAY_WITHOUT_HTMX=1" in done.stderr
    assert [path.name for path in vendor.parent.iterdir()] == ["vendor"]
    assert (vendor / "htmx.min.js").read_text() == "old"


def test_the_files_can_be_left_out(checkout: Path) -> None:
    assert build(checkout, LEEWAY_WITHOUT_HTMX="1").returncode == 0
    assert not (checkout / "web").exists()
