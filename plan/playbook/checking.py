"""Whether a draft is a good playbook: every fault it has, each with its place and remedy. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import get_args

from plan.ordering import topological_order
from plan.playbook.choosing import edges_of, with_modules
from plan.playbook.reading import PlaybookDraft
from plan.recordable import is_plain
from store.errors import Invalid
from store.events.playbooks import Anchor, PlaybookCondition, PlaybookModule, PlaybookTask, PlaybookTemplate

STAGES = ("contract_signed", "handoff", "intake", "kickoff", "setup", "validation", "go_live", "transition")
ANCHORS: tuple[str, ...] = get_args(Anchor)
MOST_TASKS = 500
MOST_DAYS = 1000
LONGEST_NAME = 300
LONGEST_TEXT = 5000

_ID = re.compile(r"[a-z][a-z0-9-]{1,62}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def checked(draft: PlaybookDraft, where: str = "") -> PlaybookDraft:
    """The draft itself; raises the first fault, with all of them in its `data`."""
    found = faults(draft)
    if not found:
        return draft
    first = found[0]
    listed = [{"code": f.code, "where": f.where, "detail": f.detail, "remedy": f.remedy} for f in found]
    more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
    place = f"{where}: {first.where}" if where else first.where
    raise Invalid(
        first.code, f"{first.detail}{more}", remedy=first.remedy, where=place, data={"faults": listed, **first.data}
    )


def faults(draft: PlaybookDraft) -> list[Invalid]:
    """Everything that is wrong; empty for a good playbook. Cycles are looked for once every name is known."""
    found = [fault for check in _CHECKS for fault in check(draft)]
    return found or list(_cycles(draft))


def tasks_of(draft: PlaybookDraft) -> list[tuple[str, PlaybookTask]]:
    """Every task with its place, those of modules included."""
    template = draft.template
    core = [(f"tasks.{task.key}", task) for task in template.tasks]
    return core + [(f"modules.{m.key}.tasks.{task.key}", task) for m in template.modules for task in m.tasks]


def _names(draft: PlaybookDraft) -> Iterator[Invalid]:
    template = draft.template
    if not _ID.fullmatch(draft.playbook_id):
        yield _fault("bad_key", "id", f"The id is {draft.playbook_id!r}.", "Use 2 to 63 of a-z, 0-9 and hyphens.")
    for where, text in (("name", draft.name), ("success_milestone", template.success_milestone)):
        if not text.strip():
            yield _fault("missing", where, f"The {where} is empty.", "Say it in a few words.")
    for place, key in _keys(draft):
        if not _KEY.fullmatch(key):
            yield _fault("bad_key", place, f"The key is {key!r}.", "Use a-z, 0-9 and _; begin with a letter.")
    for place, text in _texts(draft):
        most = LONGEST_TEXT if place == "summary" else LONGEST_NAME
        if len(text) > most or not text.replace("\n", " ").isprintable():
            detail = f"{len(text)} characters, or some that do not print."
            yield _fault("bad_text", place, detail, f"Use at most {most}, all of which can be printed.")


def _keys(draft: PlaybookDraft) -> Iterator[tuple[str, str]]:
    template = draft.template
    yield from ((f"roles.{r.role}", r.role) for r in template.roles)
    yield from ((f"questions.{q.key}", q.key) for q in template.questions)
    yield from ((f"modules.{m.key}", m.key) for m in template.modules)
    yield from ((place, task.key) for place, task in tasks_of(draft))
    yield from ((f"scope_items.{key}", key) for key in _scope_keys(draft))


def _scope_keys(draft: PlaybookDraft) -> list[str]:
    template = draft.template
    return [item.key for group in _groups(template) for item in group.scope_items]


def _texts(draft: PlaybookDraft) -> Iterator[tuple[str, str]]:
    template = draft.template
    yield from (("name", draft.name), ("summary", draft.summary), ("success_milestone", template.success_milestone))
    yield from ((place, task.name) for place, task in tasks_of(draft))
    yield from ((f"roles.{r.role}", r.name) for r in template.roles)
    for stage in template.stages:
        yield from ((f"stages.{stage.stage}", c.words) for c in (*stage.entry, *stage.exit))
    for question in template.questions:
        yield from ((f"questions.{question.key}", text) for text in (question.text, *question.options))
    yield from ((f"modules.{m.key}", m.name) for m in template.modules)
    for group in _groups(template):
        yield from ((f"scope_items.{item.key}", item.text) for item in group.scope_items)


def _nothing_twice(draft: PlaybookDraft) -> Iterator[Invalid]:
    template = draft.template
    groups: tuple[tuple[str, Iterable[str]], ...] = (
        ("roles", (r.role for r in template.roles)),
        ("stages", (s.stage for s in template.stages)),
        ("tasks", (task.key for _, task in tasks_of(draft))),
        ("scope_items", _scope_keys(draft)),
        ("questions", (q.key for q in template.questions)),
        ("modules", (m.key for m in template.modules)),
    )
    for group, keys in groups:
        for key in (key for key, count in Counter(keys).items() if count > 1):
            detail = f"There are several {group} called {key!r}."
            yield _fault("duplicate_key", f"{group}.{key}", detail, "Give each its own key, in modules too.")
    for key in sorted({task.key for _, task in tasks_of(draft)} & set(ANCHORS)):
        detail = f"A task is called {key!r}, and so is an anchor."
        yield _fault("duplicate_key", f"tasks.{key}", detail, "Give the task another key.")


def _stages(draft: PlaybookDraft) -> Iterator[Invalid]:
    there = tuple(stage.stage for stage in draft.template.stages)
    if tuple(dict.fromkeys(there)) != STAGES:
        detail = f"The stages are {', '.join(there) or 'none'}."
        yield _fault("stages", "stages", detail, f"List all eight in this order: {', '.join(STAGES)}.")
    roles = _roles(draft)
    for stage in draft.template.stages:
        if stage.owner not in roles:
            yield _unknown("role", f"stages.{stage.stage}.owner", stage.owner, roles)
    keys = {task.key for task in draft.template.tasks}
    for stage in draft.template.stages:
        for condition in (*stage.entry, *stage.exit):
            yield from _condition(condition, f"stages.{stage.stage}", keys)


def _condition(condition: PlaybookCondition, where: str, keys: set[str]) -> Iterator[Invalid]:
    said = [part for part in (condition.task, condition.tasks, condition.known, condition.words) if part]
    if len(said) != 1:
        remedy = "Give one of task, tasks, known or words; two conditions are two entries."
        yield _fault("bad_condition", where, f"A condition says {len(said)} things.", remedy)
    if condition.task and condition.task not in keys:
        yield _unknown("task", where, condition.task, keys)


def _tasks(draft: PlaybookDraft) -> Iterator[Invalid]:
    sides = _roles(draft)
    items = set(_scope_keys(draft))
    for place, task in tasks_of(draft):
        if task.role not in sides:
            yield _unknown("role", f"{place}.role", task.role, sides)
        elif task.track != "approval" and (sides[task.role] == "customer") != (task.track == "customer"):
            detail = f"The {task.track} task {task.key!r} has the role {task.role} of the {sides[task.role]}'s side."
            yield _fault("wrong_side", f"{place}.role", detail, "Take a role of the side whose work it is.")
        if task.stage not in STAGES:
            yield _unknown("stage", f"{place}.stage", task.stage, STAGES)
        if task.scope_item and task.scope_item not in items:
            yield _unknown("scope_item", f"{place}.scope_item", task.scope_item, items)
    if not 0 < len(tasks_of(draft)) <= MOST_TASKS:
        yield _fault("too_many_tasks", "tasks", f"{len(tasks_of(draft))} tasks.", f"Have 1 to {MOST_TASKS}.")
    for milestone in ("go_live", "success"):
        named = [task.key for task in draft.template.tasks if task.milestone == milestone]
        if len(named) != 1:
            detail = f"{len(named)} tasks of the core have the milestone {milestone!r}."
            yield _fault("milestone", "tasks", detail, "Give it to exactly one of them, outside the modules.")


def _references(draft: PlaybookDraft) -> Iterator[Invalid]:
    """The core knows the core; a module knows the core and itself, as no other need be there."""
    template = draft.template
    core = {task.key for task in template.tasks}
    for task in template.tasks:
        yield from _points_within(task, f"tasks.{task.key}", core)
    for module in template.modules:
        own = core | {task.key for task in module.tasks}
        for task in module.tasks:
            yield from _points_within(task, f"modules.{module.key}.tasks.{task.key}", own)
        for tie in module.links:
            for key in (tie.task, tie.on):
                if key not in own:
                    yield _unknown("task", f"modules.{module.key}.links", key, own)


def _points_within(task: PlaybookTask, place: str, keys: set[str]) -> Iterator[Invalid]:
    if task.anchor and task.anchor not in {*ANCHORS, *keys}:
        yield _unknown("anchor", f"{place}.anchor", task.anchor, [*ANCHORS, *sorted(keys)])
    if task.offset_days and not task.anchor:
        detail = f"The task {task.key!r} has an offset but no anchor."
        yield _fault("unknown_anchor", f"{place}.anchor", detail, "Say from which day it is counted.")
    for link in task.after:
        if link.on not in keys:
            yield _unknown("task", f"{place}.after", link.on, keys)


def _modules(draft: PlaybookDraft) -> Iterator[Invalid]:
    questions = {question.key: question for question in draft.template.questions}
    for key, question in questions.items():
        if len(set(question.options)) < max(len(question.options), 2):
            yield _fault("bad_question", f"questions.{key}", "It has no two options.", "Give two, each once.")
        if question.default and question.default not in question.options:
            detail = f"The default {question.default!r} is no option."
            yield _fault("bad_question", f"questions.{key}.default", detail, f"Use: {', '.join(question.options)}.")
    for module in draft.template.modules:
        asked = questions.get(module.question)
        if asked is None:
            yield _unknown("question", f"modules.{module.key}.question", module.question, questions)
        elif module.answer not in asked.options:
            yield _unknown("answer", f"modules.{module.key}.answer", module.answer, asked.options)


def _figures(draft: PlaybookDraft) -> Iterator[Invalid]:
    template, fee = draft.template, draft.fee
    for place, days, least in _spans(draft):
        if not least <= days <= MOST_DAYS:
            yield _fault("bad_days", place, f"{days} working days.", f"Expected {least} to {MOST_DAYS}.")
    items = [item for group in _groups(template) for item in group.scope_items]
    hours = [(place, task.effort_hours) for place, task in tasks_of(draft)]
    hours += [(f"scope_items.{item.key}", item.hours) for item in items if item.hours is not None]
    for place, count in hours:
        if not is_plain(count) or not 0 <= count <= 10_000:
            yield _fault("bad_hours", place, f"{count} hours.", "Expected 0 to 10000.")
    amounts = [("fee.amount", fee.amount), *((f"modules.{key}.fee", a) for key, a in fee.by_module.items())]
    for place, amount in amounts:
        if amount is not None and (not is_plain(amount) or amount < 0):
            yield _fault("bad_fee", place, f"The fee is {amount}.", "Expected 0 or more, with at most 9 decimals.")


def _spans(draft: PlaybookDraft) -> Iterator[tuple[str, int, int]]:
    template = draft.template
    yield "kickoff_after_days", template.kickoff_after_days, 0
    yield "go_live_after_days", template.go_live_after_days, 1
    yield from ((f"modules.{m.key}.adds_days", m.adds_days, 0) for m in template.modules)
    yield from ((f"modules.{m.key}.links", tie.lag_days, -MOST_DAYS) for m in template.modules for tie in m.links)
    for place, task in tasks_of(draft):
        yield f"{place}.duration_days", task.duration_days, 1
        yield f"{place}.offset_days", task.offset_days, -MOST_DAYS
        yield from ((f"{place}.after", link.lag_days, -MOST_DAYS) for link in task.after)


def _fee(draft: PlaybookDraft) -> Iterator[Invalid]:
    fee = draft.fee
    has_amount = fee.amount is not None or bool(fee.by_module)
    if has_amount and not _CURRENCY.fullmatch(fee.currency):
        detail = f"The currency is {fee.currency!r}."
        yield _fault("bad_fee", "fee.currency", detail, "Give an ISO 4217 code such as EUR.")
    if fee.fee_type == "fixed" and fee.amount is None:
        yield _fault("bad_fee", "fee.amount", "A fixed fee has no amount.", "Give the amount of the core.")
    if fee.fee_type == "non_billable" and has_amount:
        yield _fault("bad_fee", "fee.amount", "What is not billed has a fee.", "Leave it out, or change the type.")
    floor = fee.margin_floor
    if floor is not None and (not is_plain(floor) or not -1 <= floor < 1):
        yield _fault("bad_fee", "fee.margin_floor", f"The floor is {floor}.", "A share such as 0.4 for 40 %.")


def _cycles(draft: PlaybookDraft) -> Iterator[Invalid]:
    """With every module on: fewer links make no cycle that more do not."""
    everything = with_modules(draft.template, draft.template.modules)
    try:
        topological_order([task.key for task in everything.tasks], edges_of(everything.tasks))
    except Invalid as error:
        yield Invalid(
            "playbook.cycle",
            error.detail,
            remedy="Take one of these links or anchors out.",
            where="tasks",
            data=error.data,
        )


_CHECKS: tuple[Callable[[PlaybookDraft], Iterator[Invalid]], ...] = (
    _names,
    _nothing_twice,
    _stages,
    _tasks,
    _references,
    _modules,
    _figures,
    _fee,
)


def _groups(template: PlaybookTemplate) -> Sequence[PlaybookTemplate | PlaybookModule]:
    return (template, *template.modules)


def _roles(draft: PlaybookDraft) -> dict[str, str]:
    return {role.role: role.side for role in draft.template.roles}


def _fault(code: str, where: str, detail: str, remedy: str) -> Invalid:
    return Invalid(f"playbook.{code}", detail, remedy=remedy, where=where)


def _unknown(what: str, where: str, name: str, known: Iterable[str]) -> Invalid:
    listed: Sequence[str] = sorted(known)
    shown = ", ".join(listed[:12]) + (", ..." if len(listed) > 12 else "")
    detail = f"There is no {what.replace('_', ' ')} called {name!r} here."
    return _fault(f"unknown_{what}", where, detail, f"Use one of: {shown or 'none is defined'}.")
