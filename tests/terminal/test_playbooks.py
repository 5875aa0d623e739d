"""`leeway playbook` and `leeway project`: what they print and what they leave behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intake.commands import export_portfolio, import_portfolio
from store.errors import Conflict, Invalid, NotFound
from store.ground import Ground, Urls, ground_at
from terminal import playbooks
from terminal.playbooks import Asked
from tests.plan.playbook.templates import SHIPPED

SAAS = next(path for path in SHIPPED if path.stem == "saas-onboarding")
Out = Callable[[], str]


@pytest.fixture
def out(capsys: pytest.CaptureFixture[str]) -> Out:
    return lambda: capsys.readouterr().out


@pytest.fixture
def slug(ground: Ground, request: pytest.FixtureRequest) -> str:
    """A tenant with a playbook, of one's own."""
    name = "t-" + "".join(c for c in request.node.name.lower() if c.isalnum())[:50]
    playbooks.bring_in_playbook(ground, name, SAAS)
    return name


def start(ground: Ground, slug: str, *, is_preview: bool = False, as_json: bool = True, **changes: Any) -> None:
    asked = Asked(**({"playbook_id": "saas-onboarding", "contract_signed": "2026-03-02", "ref": "crm:D-1"} | changes))
    playbooks.start_project(ground, slug, asked, is_preview=is_preview, as_json=as_json)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_is_good(path: Path, out: Out) -> None:
    assert playbooks.check(path, as_json=False)
    assert "a good playbook" in out()


def test_a_fault_is_a_line_with_its_place(tmp_path: Path, out: Out) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(
        SAAS.read_text(encoding="utf-8").replace('role = "customer_it"\nduration', 'role = "cook"\nduration')
    )
    assert not playbooks.check(bad, as_json=False)
    assert "tasks.accounts.role: There is no role called 'cook' here." in out()
    assert not playbooks.check(bad, as_json=True)
    assert json.loads(out())["faults"][0]["code"] == "playbook.unknown_role"
    with pytest.raises(NotFound):
        playbooks.check(tmp_path / "nothing.toml", as_json=False)


def test_a_bad_file_leaves_no_tenant_behind(ground: Ground, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "x"', encoding="utf-8")
    with pytest.raises(Invalid):
        playbooks.publish_file(ground, "t-never-made", bad, as_json=False)
    with pytest.raises(NotFound):
        ground.tenants.find("t-never-made")


def test_publishing_again_is_the_same_version(ground: Ground, slug: str, out: Out) -> None:
    playbooks.publish_file(ground, slug, SAAS, as_json=True)
    assert json.loads(out())["version"] == 1
    playbooks.list_playbooks(ground, slug, as_json=False)
    assert out().split()[:3] == ["saas-onboarding", "v1", "41"]
    playbooks.show(ground, slug, "saas-onboarding", None, as_json=False)
    shown = out()
    assert shown.startswith("SaaS onboarding, version 1 of 1")
    assert "sso=yes adds Single sign-on" in shown


def test_a_project_is_started_once_and_compared(ground: Ground, slug: str, out: Out) -> None:
    start(ground, slug, is_preview=True, answers=["sso=yes"])
    assert json.loads(out())["modules"] == ["sso"]
    start(ground, slug)
    first = json.loads(out())
    start(ground, slug, as_json=False)
    assert out().startswith(f"Project {first['project_id']} was there already")
    assert playbooks.compare_project(ground, slug, first["project_id"], as_json=False)
    assert "0 of 41 done" in out()
    with pytest.raises(Conflict, match="holds the project before setup"):
        playbooks.enter(ground, slug, first["project_id"], "setup", "")
    playbooks.enter(ground, slug, first["project_id"], "setup", "The board asks for it")
    assert "overridden: kickoff exit: “Hold the kickoff” is done" in out()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contract_signed": "soon"}, "bad_date"),
        ({"kickoff": "later"}, "bad_date"),
        ({"ref": "D-1"}, "bad_ref"),
        ({"answers": ["sso"]}, "bad_option"),
        ({"answers": ["sso=perhaps"]}, "playbook.bad_answer"),
        ({"owners": ["cook=somebody"]}, "playbook.unknown_role"),
        ({"fee": "much"}, "bad_number"),
    ],
)
def test_an_option_that_says_nothing_is_one_line(ground: Ground, slug: str, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        start(ground, slug, **changes)
    assert caught.value.code == code


def test_a_retired_playbook_is_listed_as_such(ground: Ground, slug: str, out: Out) -> None:
    playbooks.retire_playbook(ground, slug, "saas-onboarding", "Replaced")
    playbooks.list_playbooks(ground, slug, as_json=False)
    assert "retired" in out()
    with pytest.raises(Conflict, match="retired: Replaced"):
        start(ground, slug)


def test_an_export_carries_playbooks_and_pins(
    ground: Ground, slug: str, own_urls: Urls, tmp_path: Path, out: Out
) -> None:
    start(ground, slug, answers=["sso=yes"])
    project_id, tenant_id = json.loads(out())["project_id"], ground.tenants.find(slug).tenant_id
    now = ground.clock.now()
    export_portfolio(ground.log, tenant_id, tmp_path / "out", now=now)
    other = ground_at(own_urls, may_be_unsafe=True)
    try:
        report = import_portfolio(other.log, slug, tmp_path / "out", now=now)
        other.settle(tenant_id)
        assert not report.problems
        assert other.playbooks(tenant_id) == ground.playbooks(tenant_id)
        assert other.project(tenant_id, project_id).pin == ground.project(tenant_id, project_id).pin
        assert other.differences(tenant_id) == []
    finally:
        other.close()
