"""Three playbooks over the eight default stages, cut from one list of steps."""

from __future__ import annotations

from dataclasses import dataclass

STAGES = ("contract_signed", "handoff", "intake", "kickoff", "setup", "validation", "go_live", "transition")
LEAD, CONFIG, INTEGRATOR = "delivery_lead", "configuration_specialist", "integration_developer"
DATA, COACH, QUALITY = "data_specialist", "enablement_coach", "quality_analyst"
ROLES = (LEAD, CONFIG, INTEGRATOR, DATA, COACH, QUALITY)


@dataclass(frozen=True)
class Step:
    """One playbook task. `effort_hours` of internal work, `wait_days` of customer work and approvals, at size 1."""

    key: str
    stage: str
    name: str
    track: str
    role: str
    effort_hours: float
    wait_days: int
    after: tuple[tuple[str, str, int], ...]
    sizes: str
    capability: str = ""
    milestone: str = ""
    hidden_after: str = ""


@dataclass(frozen=True)
class Playbook:
    """`size` scales hours and waits; `letter` picks the steps; `buffer_days` stand before go-live."""

    key: str
    letter: str
    size: float
    buffer_days: int
    hour_rate: float


PLAYBOOKS = (
    Playbook("dinghy-fast-start", "d", 0.7, 12, 128.0),
    Playbook("sloop-standard", "s", 1.0, 18, 132.0),
    Playbook("convoy-multi-site", "c", 1.5, 25, 139.0),
)

SHARES = (0.35, 0.45, 0.2)


def _after(text: str) -> tuple[tuple[str, str, int], ...]:
    """'design sso:SS+2' -> (('design', 'FS', 0), ('sso', 'SS', 2))."""
    out = []
    for word in text.split():
        key, _, link = word.partition(":")
        kind, _, lag = (link or "FS").partition("+")
        out.append((key, kind, int(lag or 0)))
    return tuple(out)


def _step(line: str) -> Step:
    cells = [cell.strip() for cell in line.split("|")]
    key, stage, name, track, role, hours, wait, after, sizes = cells[:9]
    more = [*cells[9:], "", "", ""]
    return Step(key, stage, name, track, role, float(hours), int(wait), _after(after), sizes, more[0], more[1], more[2])


# key | stage | name | track | role | hours | wait | after | sizes | capability | milestone | hidden after
_LINES = f"""
sign_file|contract_signed|File the signed order|internal|{LEAD}|1|0||dsc
finance_setup|contract_signed|Open the project account|internal|{LEAD}|1.5|0|sign_file:SS+1|sc
brief|handoff|Take over the sales brief|internal|{LEAD}|3|0|sign_file|dsc
promises|handoff|List promises made during the sale|internal|{CONFIG}|4|0|brief:SS+1|sc
team_ok|handoff|Agree the crew|approval|{LEAD}|0|2|brief|dsc
who|intake|Tell us who decides what|customer|customer_lead|0|3|team_ok|dsc
survey|intake|Fill in the starting survey|customer|customer_lead|0|5|team_ok|dsc
access|intake|Open accounts for our crew|customer|customer_it|0|5|who|dsc
extract|intake|Send a data extract|customer|customer_data|0|6|who|sc
dpa|intake|Countersign the data terms|approval|customer_sponsor|0|4|who|sc
survey_read|intake|Read the survey and fill gaps|internal|{CONFIG}|5|0|survey|dsc
agenda|kickoff|Prepare the kickoff session|internal|{LEAD}|4|0|survey_read|dsc
kickoff|kickoff|Hold the kickoff session|internal|{LEAD}|4|0|agenda who|dsc
plan_ok|kickoff|Approve plan and dates|approval|customer_sponsor|0|4|kickoff|dsc||billing
tenant|setup|Provision the workspace|internal|{INTEGRATOR}|6|0|kickoff|dsc
design|setup|Draw up the target process|internal|{CONFIG}|18|0|kickoff|sc|process
design_ok|setup|Approve the target process|approval|customer_sponsor|0|4|design|sc
roles|setup|Set up roles and rights|internal|{CONFIG}|10|0|tenant|dsc|rights
idp|setup|Register us at the identity provider|customer|customer_it|0|5|tenant|sc
sso|setup|Connect single sign-on|internal|{INTEGRATOR}|12|0|idp|sc|signin
forms|setup|Build intake forms|internal|{CONFIG}|16|0|design_ok|dsc|forms
rules|setup|Build routing rules|internal|{CONFIG}|20|0|forms:SS+3 design_ok|sc|routing
feed|setup|Build the ledger feed|internal|{INTEGRATOR}|28|0|access design_ok|sc|feed||extract
feed_two|setup|Build the warehouse feed|internal|{INTEGRATOR}|24|0|feed:SS+4 access|c|warehouse
sandbox|setup|Approve the firewall opening|approval|customer_it|0|4|tenant|c
mapping|setup|Map the fields|internal|{DATA}|14|0|extract design:SS+2|sc|records
mapping_ok|setup|Confirm the field map|customer|customer_data|0|5|mapping|sc
load_one|setup|Load a first trial batch|internal|{DATA}|18|0|mapping_ok|sc|records
load_quick|setup|Load the starter records|internal|{DATA}|9|0|roles access|d|records
checks|setup|Check the trial batch|customer|customer_data|0|5|load_one|sc
wording|setup|Send wording for notices|customer|customer_lead|0|5|plan_ok|dsc
notices|setup|Set up notices|internal|{CONFIG}|8|0|wording tenant|dsc|notices
boards|setup|Build the overview boards|internal|{QUALITY}|12|0|rules:SS+2|sc|boards||load_one
test_plan|validation|Write the trial plan|internal|{QUALITY}|7|0|design_ok|sc
trial|validation|Run the internal trial|internal|{QUALITY}|18|0|rules sso feed load_one load_quick notices test_plan|dsc
repair|validation|Repair what the trial found|internal|{INTEGRATOR}|12|0|trial|dsc
security|validation|Walk through the security list|internal|{QUALITY}|8|0|sso:SS+3|c|signin
guide|validation|Write the working guide|internal|{COACH}|14|0|roles|dsc|guide
guide_fit|validation|Fit the guide to both sites|internal|{COACH}|10|0|guide:FF+1|c|guide
names|validation|Name the first users|customer|customer_lead|0|4|plan_ok|dsc
coaching|validation|Coach the first users|internal|{COACH}|14|0|guide names repair|dsc|coaching
uat|validation|Try it with real cases|customer|customer_lead|0|7|repair coaching|dsc
polish|validation|Settle the last findings|internal|{CONFIG}|9|0|uat|dsc
accept|validation|Accept the result|approval|customer_sponsor|0|4|polish|dsc||billing
checklist|go_live|Walk the go-live list|internal|{LEAD}|3|0|polish|dsc
announce|go_live|Announce the date to all users|customer|customer_lead|0|3|polish|sc
final_load|go_live|Load the final records|internal|{DATA}|10|0|accept|sc|records
switch|go_live|Switch over to production|internal|{INTEGRATOR}|6|0|accept checklist|dsc
launch|go_live|Go live|internal|{LEAD}|2|0|switch final_load announce|dsc||go_live
care|transition|Stand by after go-live|internal|{CONFIG}|12|0|launch|dsc|standby
value|transition|First case closed without help|customer|customer_sponsor|0|6|launch|dsc||success
papers|transition|Hand over the papers|internal|{COACH}|4|0|launch|sc
support|transition|Introduce the support desk|internal|{LEAD}|3|0|care|dsc
wrap_up|transition|Look back and wrap up|internal|{LEAD}|2|0|value support|dsc
"""

STEPS = tuple(_step(line) for line in _LINES.strip().splitlines())
BY_KEY = {step.key: step for step in STEPS}


def steps_of(playbook: Playbook) -> tuple[Step, ...]:
    return tuple(step for step in STEPS if playbook.letter in step.sizes)


def links_of(step: Step, playbook: Playbook) -> tuple[tuple[str, str, int], ...]:
    """Links inside the playbook; a step left out hands on its own predecessors."""
    out: dict[str, tuple[str, str, int]] = {}
    for key, kind, lag in step.after:
        before = BY_KEY[key]
        if playbook.letter in before.sizes:
            out.setdefault(key, (key, kind, lag))
        else:
            for link in links_of(before, playbook):
                out.setdefault(link[0], (link[0], "FS", 0))
    return tuple(out.values())
