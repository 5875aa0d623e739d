"""What was known at a moment: an as-of read is a fresh fold up to it, and later facts change no past answer."""

import datetime as dt
from pathlib import Path

import pytest

from intake.commands import import_portfolio
from store.ground import Ground
from store.ids import TenantId
from store.log import Cut, Event
from store.projections.projects.fold import fold
from store.projections.snapshot import dump_state
from store.projector import fold_all
from store.streams import project_streams
from tests.house.source import ROOT

SAMPLE = ROOT / "samples" / "harbour"
DAYS_APART = 23


@pytest.fixture(scope="module")
def sampled(ground: Ground) -> tuple[Ground, TenantId, list[Event]]:
    """The sample in a tenant of its own, folded; with all its events."""
    tenant = ground.tenants.open("as-of")
    import_portfolio(ground.log, "as-of", Path(SAMPLE), now=ground.clock.now())
    ground.settle(tenant.tenant_id)
    return ground, tenant.tenant_id, list(ground.log.read_all(tenant.tenant_id))


def days_of(events: list[Event]) -> list[dt.datetime]:
    first, last = (edge(event.recorded_at for event in events) for edge in (min, max))
    count = (last - first).days
    return [first + dt.timedelta(days=n, hours=5) for n in range(0, count, DAYS_APART)]


@pytest.mark.xdist_group("sample")
def test_a_read_as_of_any_day_is_a_fresh_fold_up_to_that_day(sampled: tuple[Ground, TenantId, list[Event]]) -> None:
    ground, tenant_id, events = sampled
    projects = sorted({event.stream_id.partition("/")[2] for event in events if event.stream_id.startswith("plan/")})
    for day in days_of(events):
        cut = Cut(basis="recorded", recorded_at=day)
        fresh = fold_all(ground.log.read_all(tenant_id, cut=cut))["projects"]
        for project_id in projects[::4]:
            read = ground.log.read_many(tenant_id, project_streams(project_id), cut=cut)
            assert dump_state(fold(read)) == fresh.get(project_id, dump_state(fold([])))


@pytest.mark.xdist_group("sample")
def test_the_present_is_a_fresh_fold_of_everything(sampled: tuple[Ground, TenantId, list[Event]]) -> None:
    ground, tenant_id, _ = sampled
    assert ground.differences(tenant_id) == []


@pytest.mark.xdist_group("sample")
def test_a_rebuild_is_byte_equal(sampled: tuple[Ground, TenantId, list[Event]]) -> None:
    ground, tenant_id, events = sampled
    ground.rebuild(tenant_id)
    assert ground.differences(tenant_id) == []
    assert ground.projector.run(tenant_id) == len(events)


@pytest.mark.xdist_group("sample")
def test_what_comes_later_changes_no_earlier_position(sampled: tuple[Ground, TenantId, list[Event]]) -> None:
    ground, tenant_id, events = sampled
    middle = len(events) // 2
    whole = {name: states.keys() for name, states in fold_all(events[:middle]).items()}
    again = fold_all(ground.log.read_all(tenant_id, cut=Cut(position=middle)))
    assert again == fold_all(events[:middle])
    assert {name: states.keys() for name, states in again.items()} == whole
