"""The commands that keep, move and let go of data, as a person types them, on embedded servers of their own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from leeway import app
from store.errors import LeewayError
from store.ground import open_ground
from store.ids import StreamId, tenant_id_of
from tests.store.facts import NOW, draft, person, plan

FACTS = 20
Command = Callable[..., Any]


@pytest.fixture
def leeway(tmp_path: Path) -> Command:
    """Runs a command on the data folder `at` and returns its JSON (or its text)."""

    def run(*words: str, at: str = "home", answers: str | None = None) -> Any:
        environment = {"LEEWAY_DATA": str(tmp_path / at), "LEEWAY_TENANT": "acme"}
        done = CliRunner().invoke(app, [*words], env=environment, input=answers)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return json.loads(done.stdout) if "--json" in words else done.output

    return run


def fill(path: Path) -> None:
    tenant_id = tenant_id_of("acme")
    with open_ground(None, path) as ground:
        ground.log.bulk(tenant_id, [(plan("p1"), draft(tenant_id, n)) for n in range(FACTS)], now=NOW)
        ground.log.append(tenant_id, [(StreamId("capacity/x"), [person(tenant_id, "x")], 0)], now=NOW)
        ground.settle(tenant_id)


def test_data_is_kept_moved_and_let_go_of(leeway: Command, tmp_path: Path) -> None:
    backup, bundle = str(tmp_path / "all.backup"), str(tmp_path / "acme.tenant")
    assert "acme" in leeway("tenant", "create", "acme", "--name", "Acme Example")
    fill(tmp_path / "home")
    archived = leeway("archive", "--before", "2026-03-02", "--json")
    assert (archived["moved"], archived["in_archive"]) == (9, 9)
    assert leeway("backup", backup, "--json")["rows"]["archived_events"] == 9

    assert leeway("restore", backup, "--json", at="elsewhere")["rows"]["tenants"] == 1
    (verified,) = leeway("verify", "--json", at="elsewhere")
    assert (verified["is_clean"], verified["events"]) == (True, FACTS + 1)

    with pytest.raises(LeewayError, match="Nothing was erased"):
        leeway("erase", "x", answers="n\n", at="elsewhere")
    assert "x is erased." in leeway("erase", "x", answers="y\n", at="elsewhere")
    assert leeway("erase", "x", "--yes", "--json", at="elsewhere")["was_erased"] is True

    carried = leeway("tenant", "move", "acme", bundle, "--json")
    assert carried["anchor"] == verified["anchor"]
    assert leeway("tenant", "accept", bundle, "--json", at="away") == {"tenant": "acme", "anchor": carried["anchor"]}
    leeway("tenant", "move", "acme", "--anchor", carried["anchor"])
    (home,), (away,) = (leeway("tenant", "list", "--json", at=place) for place in ("home", "away"))
    assert (home["events"], away["events"]) == (FACTS + 1, FACTS + 1)
    assert (home["moved_at"] is None, away["moved_at"] is None) == (False, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("archive", "--before", "yesterday"), "bad_date"),
        (("tenant", "create", "Not A Slug"), "bad_slug"),
        (("tenant", "create", "acme"), "tenant_there"),
        (("tenant", "move", "acme"), "two_answers"),
        (("tenant", "move", "acme", "--anchor", "5:nonsense"), "bad_anchor"),
        (("tenant", "move", "nobody", "file"), "unknown_tenant"),
        (("tenant", "accept", "no-such-file"), "no_such_file"),
        (("restore", "no-such-file"), "keys_missing"),
        (("restore", "no-such-file", "--without-keys"), "no_such_file"),
        (("restore", "f", "--keys", "k", "--without-keys"), "two_answers"),
        (("erase", "nobody", "--yes"), "unknown_person"),
    ],
)
def test_a_wrong_word_is_a_clear_error(leeway: Command, words: tuple[str, ...], code: str) -> None:
    leeway("tenant", "create", "acme")
    with pytest.raises(LeewayError) as refused:
        leeway(*words)
    assert refused.value.code == code
    assert refused.value.remedy
