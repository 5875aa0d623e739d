"""A playbook's versions as they are folded."""

import datetime as dt
from decimal import Decimal

import pytest

from store.errors import NotFound
from store.events import Fact, PlaybookPublished, PlaybookRetired, dump, parse
from store.events.playbooks import PlaybookFee, PlaybookRole, PlaybookStage, PlaybookTask, PlaybookTemplate
from store.ids import PlaybookId, tenant_id_of
from store.log import Event
from store.projections.playbooks.fold import fold
from store.streams import playbook_stream, stream_of, subjects_of

TENANT = tenant_id_of("test")
ID = PlaybookId("small")
AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def published(version: int) -> PlaybookPublished:
    template = PlaybookTemplate(
        roles=(PlaybookRole(role="lead", name="Lead"),),
        stages=(PlaybookStage(stage="go_live", owner="lead"),),
        tasks=(
            PlaybookTask(
                key="live",
                name=f"Go live {version}",
                stage="go_live",
                track="internal",
                role="lead",
                milestone="go_live",
            ),
        ),
        kickoff_after_days=5,
        go_live_after_days=20,
        success_milestone="First order shipped",
    )
    fee = PlaybookFee(fee_type="fixed", amount=Decimal("12000.00"), currency="EUR", by_module={"sso": Decimal(900)})
    return PlaybookPublished(playbook_id=ID, version=version, name="Small", template=template, fee=fee)


def events(*facts: Fact) -> list[Event]:
    return [
        Event(TENANT, stream_of(fact), n, f"e{n}", fact, AT, AT, AT, "test", type=fact.TYPE)  # type: ignore[arg-type]
        for n, fact in enumerate(facts, start=1)
    ]


def test_a_version_never_changes_and_the_last_one_counts() -> None:
    state = fold(events(published(1), published(2)))
    assert [version.template.tasks[0].name for version in state.versions] == ["Go live 1", "Go live 2"]
    assert state.latest is state.numbered(None) is state.numbered(2)
    assert state.version == 2
    with pytest.raises(NotFound, match="no version 3"):
        state.numbered(3)


def test_a_retired_playbook_comes_back_with_its_next_version() -> None:
    retired = PlaybookRetired(playbook_id=ID, reason="Nobody buys it")
    state = fold(events(published(1), retired))
    assert state.retired_because == "Nobody buys it"
    assert fold(events(published(1), retired, published(2))).retired_at is None


def test_folding_in_two_steps_is_folding_in_one() -> None:
    story = events(published(1), PlaybookRetired(playbook_id=ID, reason="Old"), published(2))
    assert fold(story[1:], fold(story[:1])) == fold(story)


def test_a_template_is_read_as_it_was_written() -> None:
    fact = published(1)
    assert parse(fact.TYPE, 1, dump(fact)) == fact


def test_a_playbook_has_a_stream_of_its_own() -> None:
    assert stream_of(published(1)) == playbook_stream(ID)
    assert subjects_of(playbook_stream(ID), "playbook.published") == [("playbooks", ID)]
