"""Whether what an alert offers could still be done as it says. Pure."""

from __future__ import annotations

from collections.abc import Callable

from agents.acting import Hand
from agents.world import World
from store.errors import LeewayError
from store.events import ProposedAction
from store.projections.alerts.fold import AlertState


def standing(*hands: Hand) -> Callable[[World, AlertState], bool]:
    """Asks whether every proposal that is one of these hands' could be applied now and would do what it says."""
    by_kind = {kind: hand for hand in hands for kind in hand.kinds}

    def stands(world: World, alert: AlertState) -> bool:
        known = [(by_kind[offer.action], offer) for offer in alert.proposals if offer.action in by_kind]
        return all(_is_true(world, hand, offer, alert) for hand, offer in known)

    return stands


def _is_true(world: World, hand: Hand, offer: ProposedAction, alert: AlertState) -> bool:
    try:
        is_open = not hand.problems(world, offer.action, offer.args, alert.inputs)
        return is_open and hand.effect(world, offer.action, offer.args, alert.inputs) == offer.effect
    except LeewayError:
        return False
