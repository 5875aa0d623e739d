"""Who writes to whom: messages with their labels."""

from __future__ import annotations

from datetime import date
from random import Random

from evals.generator.calendars import DAY
from evals.generator.draw import is_hit, stream
from evals.generator.plan import Project, Task
from evals.generator.rows import Row, Rows, moment
from evals.generator.texts import (
    ANSWERS,
    ASKS,
    CHIT_CHAT,
    CLOSINGS,
    GREETINGS,
    HOLIDAYS,
    MORE_NEEDED,
    NUDGES,
    PART_ANSWERS,
    QUESTIONS,
    REPLIES,
    REQUESTS,
    STATUS_REQUESTS,
    UPDATES,
)
from evals.generator.world import Contact, World


class Talk:
    """Writes messages into the rows; what a customer wrote is labelled apart."""

    def __init__(self, world: World, rows: Rows) -> None:
        self.world = world
        self.rows = rows
        self.open_requests: dict[str, Row] = {}

    def request(self, project: Project, task: Task, contact: Contact, day: date) -> None:
        rng = self._rng("request", task.task_id)
        words = rng.choice(REQUESTS).format(task=task.name, due=task.due_on.isoformat())
        self.open_requests[task.task_id] = self._ours(rng, project, contact, day, words, needs_answer=True)

    def nudge(self, project: Project, task: Task, contact: Contact, day: date) -> None:
        rng = self._rng("nudge", task.task_id, day.isoformat())
        self._ours(rng, project, contact, day, rng.choice(NUDGES).format(task=task.name), needs_answer=True)

    def more_needed(self, project: Project, task: Task, contact: Contact, day: date) -> None:
        rng = self._rng("more", task.task_id, day.isoformat())
        self.open_requests[task.task_id] = self._ours(
            rng, project, contact, day, rng.choice(MORE_NEEDED).format(task=task.name), needs_answer=True
        )

    def update(self, project: Project, day: date) -> None:
        rng = self._rng("update", project.project_id, day.isoformat())
        done = sum(t.status == "done" for t in project.tasks)
        words = rng.choice(UPDATES).format(done=done, all=len(project.tasks), stage=project.stage.replace("_", " "))
        self._ours(rng, project, project.customer.contacts["customer_lead"], day, words, needs_answer=False)

    def answer(self, project: Project, task: Task, contact: Contact, day: date, *, is_part: bool) -> None:
        rng = self._rng("answer", task.task_id, day.isoformat())
        number = rng.randrange(len(PART_ANSWERS if is_part else ANSWERS))
        words = (PART_ANSWERS if is_part else ANSWERS)[number].format(task=task.name)
        self._theirs(
            rng,
            project,
            contact,
            day,
            words,
            "answer",
            f"{'part' if is_part else 'answer'}-{number}",
            reply_to=self.open_requests.get(task.task_id),
        )

    def holiday(self, project: Project, contact: Contact, first: date, last: date, day: date) -> Row:
        rng = self._rng("holiday", project.project_id, contact.contact_id, first.isoformat())
        number = rng.randrange(len(HOLIDAYS))
        return self._theirs(
            rng,
            project,
            contact,
            day,
            HOLIDAYS[number].format(a=first.isoformat(), b=last.isoformat()),
            "holiday",
            f"holiday-{number}",
        )

    def small_talk(self, project: Project, day: date, *, is_restless: bool) -> None:
        """A chat line, a status request or a question about something that was sold."""
        rng = self._rng("small", project.project_id, day.isoformat())
        contact = rng.choice(
            [c for c in project.customer.contacts.values() if project.customer.works(c, day)]
            or [project.customer.contacts["customer_lead"]]
        )
        if not project.customer.works(contact, day):
            return
        kind = rng.choices(
            ("chit_chat", "status_request", "in_scope_question"), (1.0, 2.5 if is_restless else 0.5, 1.4)
        )[0]
        if kind == "in_scope_question":
            self._question(rng, project, contact, day)
            return
        pool = CHIT_CHAT if kind == "chit_chat" else STATUS_REQUESTS
        number = rng.randrange(len(pool))
        row = self._theirs(
            rng, project, contact, day, pool[number], kind, f"{kind}-{number}", needs_answer=kind == "status_request"
        )
        if kind == "status_request" and is_hit(rng, 0.7):
            self.reply(
                project,
                contact,
                row,
                self._after(project, day, rng),
                "We are in {stage}; I will send the details today.".format(stage=project.stage.replace("_", " ")),
            )

    def _question(self, rng: Random, project: Project, contact: Contact, day: date) -> None:
        item, capability, _, _ = rng.choice(project.scope_items)
        number = rng.randrange(len(QUESTIONS[capability]))
        row = self._theirs(
            rng,
            project,
            contact,
            day,
            QUESTIONS[capability][number],
            "in_scope_question",
            f"question-{capability}-{number}",
            needs_answer=True,
            capability=capability,
            scope_item_id=item,
        )
        self.reply(project, contact, row, self._after(project, day, rng), rng.choice(REPLIES["question"]))

    def ask(self, project: Project, day: date, hours: float, decision: str) -> tuple[str, str]:
        """(message id, words) of an ask outside what was sold; the same capability may be on the list, the wish is not."""
        rng = self._rng("ask", project.project_id, day.isoformat())
        capability = rng.choice(sorted(ASKS))
        number = rng.randrange(len(ASKS[capability]))
        near = next((i for i, c, _, _ in project.scope_items if c == capability), None)
        contact = project.customer.contacts[
            rng.choice(("customer_lead", "customer_lead", "customer_sponsor", "customer_data"))
        ]
        row = self._theirs(
            rng,
            project,
            contact,
            day,
            ASKS[capability][number],
            "out_of_scope_ask",
            f"ask-{capability}-{number}",
            needs_answer=True,
            capability=capability,
            nearest_scope_item_id=near,
            hours=hours,
            decision=decision,
            is_out_of_scope=True,
        )
        self.reply(project, contact, row, self._after(project, day, rng), rng.choice(REPLIES[decision]))
        return row["message_id"], ASKS[capability][number]

    def reply(self, project: Project, contact: Contact, to: Row, day: date, words: str) -> None:
        rng = self._rng("reply", to["message_id"])
        self._ours(rng, project, contact, day, words, needs_answer=False, reply_to=to)

    def _after(self, project: Project, day: date, rng: Random) -> date:
        return self.world.calendar.add(day + DAY, rng.choice((0, 0, 1, 2)))

    def _rng(self, *labels: str) -> Random:
        return stream(self.world.seed, "talk", *labels)

    def _ours(
        self,
        rng: Random,
        project: Project,
        contact: Contact,
        day: date,
        words: str,
        *,
        needs_answer: bool,
        reply_to: Row | None = None,
    ) -> Row:
        return self._write(
            rng,
            project,
            day,
            "send",
            project.manager.person_id,
            contact.contact_id,
            words,
            project.manager.name,
            contact.name,
            needs_answer=needs_answer,
            reply_to=reply_to,
        )

    def _theirs(
        self,
        rng: Random,
        project: Project,
        contact: Contact,
        day: date,
        words: str,
        label: str,
        template: str,
        *,
        needs_answer: bool = False,
        reply_to: Row | None = None,
        **more: object,
    ) -> Row:
        row = self._write(
            rng,
            project,
            day,
            "customer",
            contact.contact_id,
            project.manager.person_id,
            words,
            contact.name,
            project.manager.name,
            needs_answer=needs_answer,
            reply_to=reply_to,
        )
        truth: dict[str, object] = {
            "record": "message",
            "message_id": row["message_id"],
            "project_id": project.project_id,
            "label": label,
            "template": template,
            "language": "en",
            "is_out_of_scope": False,
            "capability": None,
            "scope_item_id": None,
            "nearest_scope_item_id": None,
            "hours": None,
            "decision": None,
        }
        if day <= self.rows.horizon_on:
            self.rows.labels.append(truth | more)
        return row

    def _write(
        self,
        rng: Random,
        project: Project,
        day: date,
        span: str,
        from_id: str,
        to_id: str,
        words: str,
        me: str,
        name: str,
        *,
        needs_answer: bool,
        reply_to: Row | None,
    ) -> Row:
        body = (
            rng.choice(GREETINGS).format(name=name.split(maxsplit=1)[0]) + words + rng.choice(CLOSINGS).format(me=me.split(maxsplit=1)[0])
        )
        return self.rows.add(
            "messages",
            day,
            message_id=self.rows.new_id("msg"),
            project_id=project.project_id,
            at=moment(rng, day, span),
            from_id=from_id,
            to_ids=to_id,
            channel=rng.choices(("email", "portal", "chat", "call"), (0.6, 0.25, 0.1, 0.05))[0],
            in_reply_to=reply_to["message_id"] if reply_to else "",
            needs_answer=needs_answer,
            text=body,
        )
