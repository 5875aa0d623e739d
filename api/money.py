"""What an alert says of money, taken out for those who may not see it. Pure.

Money is a figure in a currency, a margin, or its drift. A sentence about a margin goes as a whole;
elsewhere the amount alone gives way, so that what is to be done stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec

from agents.check import CheckReport
from store.access import Role, may_see
from store.events import Number, ProposedAction
from store.projections.alerts.fold import AlertState

MONEY_ARGS = frozenset({"amount", "revenue", "cost"})
MONEY_NAMES = ("margin", "drift_points")
SILENT = "This is about money, which your role does not see."
_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"[+−-]?\d[\d.,]*\s?[A-Z]{3}\b")
_OF_MARGINS = re.compile(r"margin|floor", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def is_money(name: str, unit: str) -> bool:
    """Whether a figure of this name and unit is one of money."""
    return _CURRENCY.fullmatch(unit) is not None or name.startswith(MONEY_NAMES)


def shown_numbers(numbers: Iterable[Number], role: Role) -> list[Number]:
    """The figures that the role may see."""
    return [number for number in numbers if may_see(role, "money") or not is_money(number.name, number.unit)]


def shown_text(text: str, role: Role) -> str:
    """The text as the role may read it."""
    if may_see(role, "money") or not text:
        return text
    kept = [piece for piece in _SENTENCE.split(text) if not _OF_MARGINS.search(piece)]
    return _AMOUNT.sub("an amount", " ".join(kept)) or SILENT


def shown_args(args: Mapping[str, str], role: Role) -> dict[str, str]:
    """A proposal's arguments without amounts."""
    return {name: value for name, value in args.items() if may_see(role, "money") or name not in MONEY_ARGS}


def shown_alert(alert: AlertState, role: Role) -> AlertState:
    """The alert as the role may see it."""
    if may_see(role, "money"):
        return alert
    return msgspec.structs.replace(
        alert,
        claim=shown_text(alert.claim, role),
        wording=shown_text(alert.wording, role),
        numbers=tuple(shown_numbers(alert.numbers, role)),
        proposals=tuple(_shown_proposal(proposal, role) for proposal in alert.proposals),
    )


def _shown_proposal(proposal: ProposedAction, role: Role) -> ProposedAction:
    return msgspec.structs.replace(
        proposal,
        args=shown_args(proposal.args, role),
        sentence=shown_text(proposal.sentence, role),
        effect=msgspec.structs.replace(proposal.effect, numbers=tuple(shown_numbers(proposal.effect.numbers, role))),
    )


def shown_report(report: CheckReport, role: Role) -> CheckReport:
    """A check without figures of money for those who may not see them; its verdict stays."""
    if may_see(role, "money"):
        return report
    numbers = tuple(figure for figure in report.numbers if not is_money(figure.name, figure.unit))
    return replace(report, numbers=numbers, numbers_now=tuple(shown_numbers(report.numbers_now, role)))
