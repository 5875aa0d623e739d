"""A tenant without history is scored by a prior, which says so, until it has a model of its own."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from fastapi.testclient import TestClient

from risk.artifacts import dump_model, hash_of, prior
from risk.commands import model_in_force
from risk.estimators import fit
from risk.model import Model
from store.events import ProjectGoLiveCommitted, TaskCreated
from store.events.tasks import Track
from store.ground import Ground
from store.ids import ProjectId, TaskId
from store.models import SqlShelf
from tests.api.office import NINE, Office, opened
from tests.risk.rows import examples


@pytest.fixture(scope="module")
def own(house: Ground, client: TestClient) -> Office:
    """A tenant whose models this room changes."""
    office = opened(house, client, "with-a-model")
    due = [_task(office, "P-1", "T-8", "customer", 2), _task(office, "P-1", "T-9", "approval", 2)]
    office.tell([*due, _task(office, "P-2", "T-10", "internal", 28)])
    office.think()
    return office


def _task(office: Office, project: str, name: str, track: Track, day: int) -> TaskCreated:
    """A task due on that day of September: of a project with nothing due yet the prior says nothing."""
    return TaskCreated(
        task_id=TaskId(office.id("task", name)),
        external_id=name,
        project_id=ProjectId(office.id("project", project)),
        name=name,
        track=track,
        due_on=dt.date(2026, 9, day),
    )


@pytest.fixture
def path(own: Office) -> str:
    return f"/v1/projects/{own.id('project', 'P-1')}/risk"


def test_without_a_model_of_its_own_a_tenant_has_the_prior(own: Office, path: str) -> None:
    score = own.get(path)
    assert (score["basis"], score["model_hash"]) == ("prior", prior()[0])
    assert score["sentence"] == "From generated projects, not yours: 0 of your projects are finished, 12 are needed."
    assert 0 < score["probability_late"] < 1


def test_of_a_project_of_which_little_is_known_the_prior_says_nothing(own: Office) -> None:
    score = own.get(f"/v1/projects/{own.id('project', 'P-2')}/risk")
    assert (score["level"], score["reason"], score["probability_late"]) == ("not_assessed", "little_known", None)


def test_what_the_worker_stored_says_the_same(own: Office, path: str) -> None:
    (newest, *_) = own.get(f"{path}/history")["data"]
    assert (newest["basis"], newest["probability_late"]) == ("prior", own.get(path)["probability_late"])


def test_a_project_past_its_date_is_late_and_counts_as_finished(own: Office, path: str) -> None:
    project_id = ProjectId(own.id("project", "P-2"))
    own.tell([ProjectGoLiveCommitted(project_id=project_id, committed_go_live_on=dt.date(2026, 9, 4))])
    own.think()
    score = own.get(f"/v1/projects/{project_id}/risk")
    assert (score["basis"], score["probability_late"], score["log_odds"]) == ("date", 1.0, None)
    assert score["sentence"] == "The committed date has passed and the project is not live."
    assert "1 of your projects is finished" in own.get(path)["sentence"]


def test_a_model_of_its_own_takes_the_priors_place(own: Office, house: Ground, path: str) -> None:
    model = fit(examples())
    assert isinstance(model, Model)
    blob = dump_model(model)
    SqlShelf(house.database, own.tenant.tenant_id, NINE).put(hash_of(blob), blob)
    assert model_in_force(house, own.tenant.tenant_id, NINE) == (hash_of(blob), model)
    assert own.get(path)["basis"] == "own"


def test_a_model_of_other_features_is_not_asked(own: Office, house: Ground, path: str) -> None:
    model = fit(examples(seed=2))
    assert isinstance(model, Model)
    blob = dump_model(msgspec.structs.replace(model, schema_hash="0" * 64))
    SqlShelf(house.database, own.tenant.tenant_id, NINE).put(hash_of(blob), blob)
    score = own.get(path)
    assert (score["level"], score["reason"], score["basis"]) == ("not_assessed", "other_features", "")
    assert "fitted again" in score["sentence"]
