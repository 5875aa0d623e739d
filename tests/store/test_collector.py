"""The garbage collector runs again after whatever held it back."""

import gc

import pytest

from store.collector import held_back
from store.projections.projects.state import ProjectState
from store.projections.snapshot import LARGE_BYTES, dump_state, load_state


def test_it_is_held_back_within_and_runs_after() -> None:
    with held_back(is_worth_it=True):
        assert not gc.isenabled()
        with held_back(is_worth_it=True):
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_runs_after_a_failure() -> None:
    with pytest.raises(ValueError, match="no"), held_back(is_worth_it=True):
        raise ValueError("no")
    assert gc.isenabled()


def test_what_is_small_does_not_hold_it_back() -> None:
    with held_back(is_worth_it=False):
        assert gc.isenabled()


def test_a_large_state_comes_back_whole_as_bytes_and_as_text() -> None:
    state = ProjectState(name="Tâche " * (LARGE_BYTES // 5))
    body = dump_state(state)
    assert len(body) > LARGE_BYTES
    assert load_state(body, ProjectState) == load_state(body.decode(), ProjectState) == state
    assert gc.isenabled()
