"""Kickoff calls as WebVTT, written here from the project's own plan."""

from __future__ import annotations

from random import Random

from evals.generator.draw import stream
from evals.generator.plan import Project
from evals.generator.world import World

GOALS = (
    "We want every case to be picked up within one working day.",
    "The point of it all is that branch offices stop keeping their own lists.",
    "By the end nobody should type the same figure twice.",
)


def kickoff_calls(world: World, projects: list[Project], most: int) -> dict[str, str]:
    """{path under transcripts/: text} for the latest kickoffs on record."""
    held = [
        (t.done_on, p) for p in projects if (t := p.task("kickoff")) and t.done_on and t.done_on <= world.horizon_on
    ]
    held.sort(key=lambda pair: (pair[0], pair[1].project_id), reverse=True)
    return {
        f"{p.project_id}/kickoff-{on.isoformat()}.vtt": _vtt(stream(world.seed, "call", p.project_id), p)
        for on, p in held[:most]
    }


def _vtt(rng: Random, project: Project) -> str:
    lines = ["WEBVTT", ""]
    second = rng.randint(3, 9)
    for number, (who, words) in enumerate(_call(rng, project), 1):
        end = second + max(2, len(words) // 14)
        lines += [str(number), f"{_clock(second, rng)} --> {_clock(end, rng)}", f"<v {who}>{words}</v>", ""]
        second = end + rng.randint(1, 3)
    return "\n".join(lines)


def _clock(second: int, rng: Random) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{rng.randint(0, 999):03d}"


def _call(rng: Random, project: Project) -> list[tuple[str, str]]:
    me = project.manager.name
    lead, it, data, sponsor = (
        project.customer.contacts[r].name for r in ("customer_lead", "customer_it", "customer_data", "customer_sponsor")
    )
    builder = next(p.name for role, p in sorted(project.crew.items()) if role == "configuration_specialist")
    due = {t.key: t.due_on.strftime("%d %B").lstrip("0") for t in project.tasks}
    go_live = project.baseline_on.strftime("%d %B").lstrip("0")
    item = rng.choice(project.scope_items)[2].rstrip(".")
    return [
        (me, f"Good morning everyone, and welcome to the kickoff of {project.name}."),
        (sponsor, rng.choice(GOALS)),
        (me, "Then let us say success is the first case closed without our help. Does that fit?"),
        (sponsor, "Yes, that is the milestone we will look at."),
        (me, f"In the order we have: {item}."),
        (lead, "That matches our copy."),
        (it, f"I will open the accounts for your crew by {due.get('access', go_live)}."),
        (data, "I might get the extract to you this week, but I cannot promise it."),
        (builder, "No problem. We decided to start with the forms and leave the boards for later."),
        (lead, f"I will send the wording for the notices by {due.get('wording', go_live)}."),
        (me, f"We plan to go live on {go_live}. Can everyone live with that date?"),
        (sponsor, f"Agreed, {go_live} it is."),
        (
            lead,
            rng.choice(
                (
                    "Could the coach come on site for two days?",
                    "One more form for the canteen would be great, should be quick.",
                )
            ),
        ),
        (me, "That is not in the order. I will check the effort and come back to you; nothing is promised today."),
        (it, "One risk from my side: our firewall team is short of people in the coming weeks."),
        (me, "Noted as a risk. Who approves the plan on your side?"),
        (sponsor, "I do. Send it to me and you have it back within three days."),
        (me, f"{builder.split()[0]} and I will send the minutes tomorrow."),
        (data, "One open question: do closed records count as records to be moved?"),
        (me, "We do not know yet, I put it on the list. Thank you all."),
    ]
