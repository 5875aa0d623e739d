#!/bin/sh
# Makes .venv and fills it from a lock: `sh setup.sh` to run Leeway, `sh setup.sh dev` to work on it.
set -eu
cd "$(dirname "$0")"

kind=${1:-run}
case $kind in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "setup.sh: expected nothing or 'dev', got '$kind'" >&2; exit 2 ;;
esac

# The path is part of the sum because a virtual environment cannot be moved.
sum=$({ pwd; cat requirements.lock requirements-dev.lock pyproject.toml package-lock.json hatch_build.py setup.sh; } | cksum)
stamp=.venv/leeway-installed
vendor=web/static/vendor/STAMP

is_current() {
    [ -f "$stamp" ] && [ -x .venv/bin/leeway ] && { [ -f "$vendor" ] || [ -n "${LEEWAY_WITHOUT_HTMX:-}" ]; } || return 1
    case $(cat "$stamp") in
        "dev $sum") return 0 ;;
        "$kind $sum") return 0 ;;
        *) return 1 ;;
    esac
}
is_current && exit 0

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
        if is_new_enough "$candidate"; then echo "$candidate"; return 0; fi
    done
    echo "setup.sh: Python 3.11 or newer is needed; install it or name it: PYTHON=/path/to/python3.11 sh setup.sh" >&2
    return 1
}

if ! { [ -x .venv/bin/python ] && is_new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    python=$(find_python)
    echo "Making .venv with $($python --version)"
    if ! "$python" -m venv --clear .venv; then
        rm -rf .venv
        echo "setup.sh: no virtual environment could be made; on Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
fi
rm -f "$stamp"

quiet=-q
[ -t 2 ] && quiet=
has_uv() {
    .venv/bin/python -m uv --version >/dev/null 2>&1 ||
        .venv/bin/python -m pip install -q --disable-pip-version-check uv >/dev/null 2>&1
}

with_uv() {
    has_uv || return 1
    # shellcheck disable=SC2086
    .venv/bin/python -m uv pip install $quiet --python .venv/bin/python --require-hashes -r "$lock" &&
        .venv/bin/python -m uv pip install $quiet --python .venv/bin/python --no-deps --reinstall-package leeway -e .
}

with_pip() {
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock" &&
        .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --force-reinstall -e .
}

echo "Installing $lock (first time: about a minute)"
if ! with_uv; then
    echo "uv could not finish; trying pip, which is slower" >&2
    with_pip
fi
echo "$kind $sum" >"$stamp"
