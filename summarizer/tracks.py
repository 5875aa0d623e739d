"""Whose work a task is: the vendor's, the customer's, or a permission."""

from __future__ import annotations

from summarizer.claims import Claim
from summarizer.items import Track
from summarizer.sentences import rx
from summarizer.talk import Talk

_APPROVAL = rx(
    r"\bsign(?:s|ed)?[- ]?offs?\b|\bsign (?:it|that|this|the)\b|\bapprov(?:e|es|ed|al|als)\b"
    r"|\bcountersign|\bpermission\b|\bokay(?:ed)? (?:it|that|by)|\bhave okayed\b"
    r"|\bexception request\b|\bsecurity review\b|\bauthori[sz]ation\b|\bchange board\b"
    r"|\badvisory board\b|\bclearance\b|\bgreen light\b|\bconsent\b|\bworks council\b"
    r"|\bi(?:'ll| will) review\b|\bratif"
)
_NOT_APPROVAL = rx(r"\bnot approving\b|\bapprove(?:s)? (?:it )?first\b")


def is_approval(said: str) -> bool:
    """Whether the words speak of a sign-off, a review or a permission."""
    return _APPROVAL.search(_NOT_APPROVAL.sub(" ", said)) is not None


def track_of(talk: Talk, item: Claim) -> Track:
    """An approval by its words; else by the side of the owner, of whoever named them, and at last the customer's."""
    said = talk.said(item.cue)
    if is_approval(said):
        return "approval"
    side = talk.people.side(item.owner) if item.owner else "unknown"
    if side == "unknown" and item.owner:
        side = talk.side(item.cue)
    if item.owner is None:
        is_ours = rx(r"\bwe(?:'ll| will| could| can)\b|\bour side\b").search(said) is not None
        side = "vendor" if is_ours and talk.side(item.cue) == "vendor" else "customer"
    return "internal" if side == "vendor" else "customer"
