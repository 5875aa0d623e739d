"""Who writes to whom: messages with their labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from evals.generator import texts, texts_de
from evals.generator.calendars import DAY
from evals.generator.draw import is_hit, stream
from evals.generator.plan import Project, Task
from evals.generator.rows import Row, Rows, moment
from evals.generator.world import Contact, World

CHANNELS = {"email": 0.6, "portal": 0.25, "chat": 0.1, "call": 0.05}
WORDINGS = {
    "en": {
        "chit_chat": texts.CHIT_CHAT,
        "status_request": texts.STATUS_REQUESTS,
        "holiday": texts.HOLIDAYS,
        "answer": texts.ANSWERS,
        "part": texts.PART_ANSWERS,
    },
    "de": {
        "chit_chat": texts_de.CHIT_CHAT,
        "status_request": texts_de.STATUS_REQUESTS,
        "holiday": texts_de.HOLIDAYS,
        "answer": texts_de.ANSWERS,
        "part": texts_de.PART_ANSWERS,
    },
}
QUESTIONS = {"en": texts.QUESTIONS, "de": texts_de.QUESTIONS}
ASKS = {"en": texts.ASKS, "de": texts_de.ASKS}


@dataclass(frozen=True)
class Draft:
    """One message between the manager and a contact; `label` and `template` are set when the contact wrote it."""

    project: Project
    contact: Contact
    day: date
    words: str
    needs_answer: bool = False
    reply_to: Row | None = None
    label: str = ""
    template: str = ""
    more: dict[str, object] = field(default_factory=dict)


class Talk:
    """Writes messages into the rows; what a customer wrote is labelled apart."""

    def __init__(self, world: World, rows: Rows) -> None:
        self.world = world
        self.rows = rows
        self.open_requests: dict[str, Row] = {}

    def request(self, project: Project, task: Task, contact: Contact, day: date) -> None:
        rng = self._rng("request", task.task_id)
        words = rng.choice(texts.REQUESTS).format(task=task.name, due=task.due_on.isoformat())
        self.open_requests[task.task_id] = self._write(rng, Draft(project, contact, day, words, needs_answer=True))

    def nudge(self, project: Project, task: Task, contact: Contact, day: date) -> None:
        rng = self._rng("nudge", task.task_id, day.isoformat())
        words = rng.choice(texts.NUDGES).format(task=task.name)
        self._write(rng, Draft(project, contact, day, words, needs_answer=True))

    def more_needed(self, project: Project, task: Task, contact: Contact, day: date) -> None:
        rng = self._rng("more", task.task_id, day.isoformat())
        words = rng.choice(texts.MORE_NEEDED).format(task=task.name)
        self.open_requests[task.task_id] = self._write(rng, Draft(project, contact, day, words, needs_answer=True))

    def update(self, project: Project, day: date) -> None:
        rng = self._rng("update", project.project_id, day.isoformat())
        done = sum(t.status == "done" for t in project.tasks)
        stage = project.stage.replace("_", " ")
        words = rng.choice(texts.UPDATES).format(done=done, all=len(project.tasks), stage=stage)
        self._write(rng, Draft(project, project.customer.contacts["customer_lead"], day, words))

    def answer(self, project: Project, task: Task, contact: Contact, day: date, *, is_part: bool) -> None:
        rng = self._rng("answer", task.task_id, day.isoformat())
        template, words = self._pick(rng, project, "part" if is_part else "answer")
        to = self.open_requests.get(task.task_id)
        words = words.format(task=task.name)
        self._write(rng, Draft(project, contact, day, words, reply_to=to, label="answer", template=template))

    def holiday(self, project: Project, contact: Contact, leave: tuple[date, date], day: date) -> Row:
        rng = self._rng("holiday", project.project_id, contact.contact_id, leave[0].isoformat())
        template, words = self._pick(rng, project, "holiday")
        words = words.format(a=leave[0].isoformat(), b=leave[1].isoformat())
        return self._write(rng, Draft(project, contact, day, words, label="holiday", template=template))

    def small_talk(self, project: Project, day: date, *, is_restless: bool) -> None:
        """A chat line, a status request or a question about something that was sold."""
        rng = self._rng("small", project.project_id, day.isoformat())
        there = [c for c in project.customer.contacts.values() if project.customer.works(c, day)]
        if not there:
            return
        contact = rng.choice(there)
        weights = {"chit_chat": 1.0, "status_request": 2.5 if is_restless else 0.5, "question": 1.4}
        kind = rng.choices(tuple(weights), tuple(weights.values()))[0]
        if kind == "question":
            self._question(rng, project, contact, day)
            return
        template, words = self._pick(rng, project, kind)
        is_asking = kind == "status_request"
        row = self._write(rng, Draft(project, contact, day, words, is_asking, label=kind, template=template))
        if is_asking and is_hit(rng, 0.7):
            stage = project.stage.replace("_", " ")
            self._reply(project, contact, row, self._after(day, rng), texts.STATUS_REPLY.format(stage=stage))

    def _question(self, rng: Random, project: Project, contact: Contact, day: date) -> None:
        item, capability, _, _ = rng.choice(project.scope_items)
        language = project.customer.language
        number = rng.randrange(len(QUESTIONS[language][capability]))
        words = QUESTIONS[language][capability][number]
        more: dict[str, object] = {"capability": capability, "scope_item_id": item}
        template = f"question-{language}-{capability}-{number}"
        draft = Draft(project, contact, day, words, True, None, "in_scope_question", template, more)  # noqa: FBT003
        row = self._write(rng, draft)
        self._reply(project, contact, row, self._after(day, rng), rng.choice(texts.REPLIES["question"]))

    def ask(self, project: Project, day: date, hours: float, decision: str) -> tuple[str, str]:
        """(message id, words) of a wish outside what was sold, even where its capability is on the list."""
        rng = self._rng("ask", project.project_id, day.isoformat())
        language = project.customer.language
        capability = rng.choice(sorted(ASKS[language]))
        number = rng.randrange(len(ASKS[language][capability]))
        words = ASKS[language][capability][number]
        who = rng.choice(("customer_lead", "customer_lead", "customer_sponsor", "customer_data"))
        more: dict[str, object] = {
            "is_out_of_scope": True,
            "capability": capability,
            "nearest_scope_item_id": next((i for i, c, _, _ in project.scope_items if c == capability), None),
            "hours": hours,
            "decision": decision,
        }
        template = f"ask-{language}-{capability}-{number}"
        contact = project.customer.contacts[who]
        draft = Draft(project, contact, day, words, True, None, "out_of_scope_ask", template, more)  # noqa: FBT003
        row = self._write(rng, draft)
        self._reply(project, contact, row, self._after(day, rng), rng.choice(texts.REPLIES[decision]))
        return row["message_id"], words

    def _reply(self, project: Project, contact: Contact, to: Row, day: date, words: str) -> None:
        self._write(self._rng("reply", to["message_id"]), Draft(project, contact, day, words, reply_to=to))

    def _pick(self, rng: Random, project: Project, kind: str) -> tuple[str, str]:
        """(template, words) in the customer's language."""
        pool = WORDINGS[project.customer.language][kind]
        number = rng.randrange(len(pool))
        return f"{kind}-{project.customer.language}-{number}", pool[number]

    def _after(self, day: date, rng: Random) -> date:
        return self.world.calendar.add(day + DAY, rng.choice((0, 0, 1, 2)))

    def _rng(self, *labels: str) -> Random:
        return stream(self.world.seed, "talk", *labels)

    def _write(self, rng: Random, draft: Draft) -> Row:
        manager, contact = draft.project.manager, draft.contact
        is_theirs = bool(draft.label)
        first = [n.split(maxsplit=1)[0] for n in (manager.name, contact.name)]
        me, you = reversed(first) if is_theirs else first
        body = rng.choice(texts.GREETINGS).format(name=you) + draft.words + rng.choice(texts.CLOSINGS).format(me=me)
        row = self.rows.add(
            "messages",
            draft.day,
            message_id=self.rows.new_id("msg"),
            project_id=draft.project.project_id,
            at=moment(rng, draft.day, "customer" if is_theirs else "send"),
            from_id=contact.contact_id if is_theirs else manager.person_id,
            to_ids=manager.person_id if is_theirs else contact.contact_id,
            channel=rng.choices(tuple(CHANNELS), tuple(CHANNELS.values()))[0],
            in_reply_to=draft.reply_to["message_id"] if draft.reply_to else "",
            needs_answer=draft.needs_answer,
            text=body,
        )
        if is_theirs and draft.day <= self.rows.horizon_on:
            self.rows.labels.append(self._label(row, draft))
        return row

    def _label(self, row: Row, draft: Draft) -> dict[str, object]:
        blank = dict.fromkeys(("capability", "scope_item_id", "nearest_scope_item_id", "hours", "decision"))
        return {
            "record": "message",
            "message_id": row["message_id"],
            "project_id": draft.project.project_id,
            "label": draft.label,
            "template": draft.template,
            "language": draft.project.customer.language,
            "is_out_of_scope": False,
            **blank,
            **draft.more,
        }
