"""Whether what an alert offers could still be done as it says. Pure."""

from __future__ import annotations

from agents.hands import hand_of
from agents.world import World
from store.errors import LeewayError
from store.events import ProposedAction
from store.projections.alerts.fold import AlertState


def stands(world: World, alert: AlertState) -> bool:
    """Whether every proposal could be applied now and would do what it says."""
    return all(_is_true(world, proposal, alert) for proposal in alert.proposals)


def _is_true(world: World, proposal: ProposedAction, alert: AlertState) -> bool:
    try:
        hand, kind, args = hand_of(proposal.action), proposal.action, proposal.args
        is_open = not hand.problems(world, kind, args, alert.inputs)
        return is_open and hand.effect(world, kind, args, alert.inputs) == proposal.effect
    except LeewayError:
        return False
