"""Taking a baseline, and holding the plan against one. Shell over the log's port."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from plan.baselines.knowing import Bound, Surroundings, surroundings
from plan.baselines.measuring import Figures, Variance, figures_of, figures_of_lines, promised_on, variance
from plan.playbook.commands import Caller
from plan.staffing import calendar_of
from store.errors import Conflict, Invalid, NotFound
from store.events import BaselineTaken
from store.ids import EventId, ProjectId, TenantId, fact_id
from store.log import NOW, Cut, Draft, Log
from store.projections.projects.state import Baseline, ProjectState, TakenBaseline
from store.streams import stream_of

SOURCE = "baseline"
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A baseline to be taken: its name, the instant and the cut it is of, and the words that approve another go-live.

    `approval` is for callers who may approve; `may_approve` says whether this one may.
    """

    name: str
    at: datetime
    cut: Cut = NOW
    approval: str = ""
    may_approve: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A baseline as listed: taken here, or sent by the source line by line (`rows`)."""

    name: str
    at: datetime
    go_live_on: date | None
    taken: TakenBaseline | None = None
    rows: tuple[Baseline, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A plan held against a baseline."""

    baseline: Named
    base: Figures
    present: Figures
    variance: Variance


def take_baseline(log: Log, tenant_id: TenantId, project_id: str, wanted: Wanted, caller: Caller) -> Named:
    """The plan as known at `wanted.at`, under its name for good. What is unsealed is not in it: seal first.

    Raises `Conflict` ("baseline_exists") for a name that is taken, `Invalid` ("approval_needed") where the
    go-live is another than in the baseline before and nobody approved that, `NotFound` for a project that
    is not there or was not known then.
    """
    present = _known(log, tenant_id, project_id, Bound(NOW), caller.now).project
    name = _name(wanted.name)
    if wanted.at > caller.now:
        raise Invalid("in_the_future", "Nobody knows the plan of a day to come.", remedy="Leave as_of out for now.")
    if any(each.name == name for each in baselines_of(present)):
        raise _exists(name)
    is_recorded = wanted.cut.basis == "recorded"
    head = log.head(tenant_id).position
    position = head if wanted.cut.position is None else min(wanted.cut.position, head)
    then = _known(log, tenant_id, project_id, _bound(position, wanted.at if is_recorded else None), wanted.at).project
    fact = BaselineTaken(
        project_id=ProjectId(project_id),
        name=name,
        position=position,
        basis="recorded" if is_recorded else "position",
        go_live_on=promised_on(then),
        approval=_approval(present, then, wanted),
    )
    draft = Draft(_event_id(tenant_id, project_id, name), fact, wanted.at, caller.now, SOURCE, caller.actor_id)
    try:
        log.append(tenant_id, [(stream_of(fact), [draft], None)], now=caller.appended_at)
    except Conflict as error:
        # Somebody took one of this name at the same moment: ids follow from the name.
        raise _exists(name) if error.code == "event_id_taken" else error from error
    return baseline_named(_known(log, tenant_id, project_id, Bound(NOW), caller.now).project, name)


def baselines_of(project: ProjectState) -> list[Named]:
    """All baselines of a project, those sent by its source and those taken here, by their instants."""
    by_name: dict[str, list[Baseline]] = {}
    for row in project.baselines:
        by_name.setdefault(row.name, []).append(row)
    sent = [
        Named(name, rows[0].approved_at, figures_of_lines(rows, project, "").go_live_on, rows=tuple(rows))
        for name, rows in by_name.items()
    ]
    taken = [Named(each.name, each.at, each.go_live_on, taken=each) for each in project.taken]
    return sorted([*sent, *taken], key=lambda each: (each.at, each.name))


def baseline_named(project: ProjectState, name: str) -> Named:
    """One baseline; raises `NotFound`."""
    found = next((each for each in baselines_of(project) if each.name == name), None)
    if found is None:
        raise NotFound(
            "unknown_baseline",
            "The project has no such baseline.",
            remedy="List them with GET /v1/projects/{id}/baselines.",
        )
    return found


def hold_against(
    log: Log, tenant_id: TenantId, project_id: str, name: str, *, cut: Cut = NOW, at: datetime, now: datetime
) -> Held:
    """The plan as known at `at` (by `cut`) against the baseline, which may be a later one."""
    project = _known(log, tenant_id, project_id, Bound(NOW), now).project
    found, known = baseline_named(project, name), _known(log, tenant_id, project_id, Bound(cut), at)
    base, present = base_figures(log, tenant_id, project, known, found), figures_of(known)
    calendar = calendar_of(known.tenant, known.project.calendar_id)
    return Held(found, base, present, variance(base, present, calendar))


def base_figures(log: Log, tenant_id: TenantId, project: ProjectState, known: Surroundings, baseline: Named) -> Figures:
    """What the plan amounted to in a baseline."""
    taken = baseline.taken
    if taken is None:
        return figures_of_lines(baseline.rows, project, project.currency or known.tenant.currency)
    bound = _bound(taken.position, taken.at if taken.basis == "recorded" else None)
    return figures_of(_known(log, tenant_id, project.project_id, bound, taken.at))


def _bound(position: int, recorded_at: datetime | None) -> Bound:
    if recorded_at is None:
        return Bound(Cut(position=position))
    return Bound(Cut(basis="recorded", recorded_at=recorded_at), position)


def _known(log: Log, tenant_id: TenantId, project_id: str, bound: Bound, at: datetime) -> Surroundings:
    found = surroundings(log, tenant_id, project_id, bound, at)
    if found.project.project_id:
        return found
    if bound.cut == NOW and bound.position is None:
        raise NotFound("unknown_project", "There is no such project.", remedy="List them with GET /v1/projects.")
    raise NotFound(
        "not_known_then",
        f"The project was not known at {at.isoformat()}.",
        remedy="Ask about a later moment.",
        where="query.as_of",
    )


def _approval(present: ProjectState, then: ProjectState, wanted: Wanted) -> str:
    """The words that let the go-live be another than in the baseline before, empty where it is the same."""
    before = [each.go_live_on for each in baselines_of(present) if each.go_live_on and each.at <= wanted.at]
    last, own = (before[-1] if before else present.baseline_go_live_on), promised_on(then)
    if last is None or own is None or last == own:
        return ""
    words = wanted.approval.strip()
    if not wanted.may_approve or not words:
        raise Invalid(
            "approval_needed",
            f"The go-live is {own}; the baseline before holds {last}.",
            remedy="Let a manager take it, with `approval` saying who agreed and why.",
            where="approval",
        )
    return words


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or "/" in name:
        raise Invalid(
            "bad_name",
            "A baseline needs a name.",
            remedy=f"1 to {LONGEST_NAME} characters without a slash, for example `kickoff`.",
            where="name",
        )
    return name


def _exists(name: str) -> Conflict:
    return Conflict(
        "baseline_exists",
        f"There is a baseline {name!r} already.",
        remedy="A baseline never changes: take one of another name.",
    )


def _event_id(tenant_id: TenantId, project_id: str, name: str) -> EventId:
    return EventId(fact_id(tenant_id, SOURCE, project_id, name))
