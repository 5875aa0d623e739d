"""Wordings of the sample world: clauses sold, questions, asks, nudges. All invented."""

from __future__ import annotations

CLAUSES: dict[str, tuple[str, ...]] = {
    "process": (
        "Target process for up to {n} case types, drawn and agreed in two workshops.",
        "One agreed process map with at most {n} variants.",
    ),
    "rights": ("Roles and rights for {n} user groups.", "A rights table with up to {n} roles, set up once."),
    "signin": (
        "Single sign-on through one identity provider.",
        "Sign-in with the company account (OIDC), one directory.",
    ),
    "forms": ("{n} intake forms with up to {m} fields each.", "Up to {n} web forms, one language, {m} fields at most."),
    "routing": ("Routing rules for {n} teams, office hours only.", "Up to {m} routing rules by topic and team."),
    "feed": ("Nightly one-way feed of invoices to one ledger.", "One ledger connection, export only, once a day."),
    "warehouse": ("Hourly stock figures from one warehouse system.", "One warehouse feed, read only, {n} tables."),
    "records": (
        "Move of open records from one old system, {m} thousand at most.",
        "Transfer of {m} thousand records with one trial batch.",
    ),
    "notices": (
        "{n} automatic notices by e-mail in one language.",
        "Set-up of up to {n} notice texts delivered by the customer.",
    ),
    "boards": ("{n} overview boards from the standard set.", "Standard boards for {n} teams, no new measures."),
    "guide": ("A working guide of up to {m} pages.", "One written guide for daily work, {m} pages."),
    "coaching": (
        "{n} coaching sessions for first users, remote.",
        "Remote coaching for up to {m} people in {n} groups.",
    ),
    "standby": (
        "{n} working days of stand-by after go-live.",
        "Raised stand-by for {n} days after the launch, office hours.",
    ),
}

QUESTIONS: dict[str, tuple[str, ...]] = {
    "process": (
        "Which of the process variants did we settle on in the end?",
        "Is the complaint route part of the process map you drew?",
    ),
    "rights": (
        "Can a team lead see all cases with the roles as agreed?",
        "Which of the agreed roles may close a case?",
    ),
    "signin": (
        "Do our people need a new password or is that the company account?",
        "When will sign-in with our accounts be ready to try?",
    ),
    "forms": ("Are the fields on the second intake form the ones we listed?", "Which form do branch offices use?"),
    "routing": ("Where do cases go that no routing rule catches?", "Which team gets billing topics under the rules?"),
    "feed": (
        "At what time of night does the ledger feed run?",
        "Does the ledger export carry the cost centre as planned?",
    ),
    "warehouse": ("Which tables does the warehouse feed read?", "How fresh are the stock figures under the plan?"),
    "records": (
        "Are closed records moved too, or only open ones as agreed?",
        "When is the trial batch of our records?",
    ),
    "notices": ("Is the reminder one of the notices you set up?", "Who is the sender of the notices?"),
    "boards": ("Which board shows the open cases per team?", "Are the standard boards refreshed during the day?"),
    "guide": ("Will the guide cover the morning routine?", "In which form do we get the guide?"),
    "coaching": ("How many people fit into one coaching group?", "Are the coaching sessions recorded or live only?"),
    "standby": ("Who do we call in the stand-by days?", "Does stand-by start on the launch day itself?"),
}

ASKS: dict[str, tuple[str, ...]] = {
    "process": (
        "Could you also draw the process of our sister company? It is a little different.",
        "We would like a second process for returns, that came up only now.",
    ),
    "rights": (
        "Please add a read-only role for our auditors with its own filter.",
        "Our works council wants a separate set of rights per site, can you build that in?",
    ),
    "signin": (
        "We bought another firm, please connect their directory as well.",
        "It would help if suppliers could sign in too, with their own accounts.",
    ),
    "forms": (
        "Can you make the forms in French and Polish as well?",
        "One more form for the canteen would be great, should be quick.",
    ),
    "routing": (
        "Could routing also work at weekends and by language?",
        "Please let the rules look at the customer's contract value, too.",
    ),
    "feed": (
        "The ledger should write paid dates back to you, can we have that?",
        "Could the feed run every ten minutes in place of each night?",
    ),
    "warehouse": (
        "We also need orders to go back into the warehouse system.",
        "There is a second warehouse in the north, please hook it up.",
    ),
    "records": (
        "Could you bring over the archive of the last ten years also?",
        "We found another old database; those records should come across.",
    ),
    "notices": (
        "We want the notices as text messages on the phone too.",
        "Please add a notice in our partner's layout and wording.",
    ),
    "boards": (
        "Our board of directors wants a chart of cost per case, could you add it?",
        "Can you build a wall screen for the hall, live?",
    ),
    "guide": ("Would you turn the guide into short films?", "Please write a version of the guide for our suppliers."),
    "coaching": (
        "Could the coach come on site for two days?",
        "We have thirty more people who would like the coaching.",
    ),
    "standby": (
        "Can we have stand-by through the night for the first month?",
        "Please extend the stand-by until the end of the quarter.",
    ),
    "chatbot": (
        "Could we get a small chat assistant on the page?",
        "Our director saw a talking assistant at a fair, can you put one in?",
    ),
    "mobile": (
        "An app for the drivers' phones would be nice to have at launch.",
        "Can field crews get this offline on a tablet?",
    ),
}

CHIT_CHAT = (
    "Thanks for the call, that was a good hour.",
    "Have a nice weekend, all of you.",
    "Our office moved a floor up, mind the stairs when you visit.",
    "Thank you, well received.",
    "Congratulations on the new colleague.",
    "The cake at the session was excellent, by the way.",
)
STATUS_REQUESTS = (
    "Could you tell me where we stand?",
    "What is the state of things? My boss is asking.",
    "Any news on the date?",
    "We have heard nothing for a while, how is it going?",
    "Please send a short update on progress.",
)
HOLIDAYS = (
    "I am away from {a} to {b}, back the day after.",
    "Please note my leave: {a} until {b}. I read mail again afterwards.",
    "Our office is closed {a} to {b}.",
)
ANSWERS = (
    "Here is what you asked for: {task}.",
    "Done on our side: {task}.",
    "Sorry it took a moment. {task} is in the shared folder.",
    "{task}: please find it attached.",
)
PART_ANSWERS = (
    "Here is a first part of it, the rest follows.",
    "We sent what we have so far, one piece is missing.",
)
REQUESTS = (
    "Could you please take care of: {task}? It is due on {due}.",
    "Next from your side: {task}, by {due} if you can.",
    "We now need this from you: {task}. The plan has it for {due}.",
)
NUDGES = (
    "Friendly reminder: {task} is still with you.",
    "We cannot go on without this: {task}. Can you say when it comes?",
    "Is there anything in your way with {task}?",
)
MORE_NEEDED = (
    "Thank you. Two points are still missing in {task}, could you complete it?",
    "We looked at it and cannot use it yet. {task} needs another round, please.",
)
UPDATES = (
    "Update: {done} of {all} steps are finished, we are in {stage}.",
    "Short state of play: {stage} is under way, {done} of {all} steps behind us.",
)
REPLIES = {
    "question": (
        "Yes, as in the agreed list. I will show you in the next session.",
        "Good question, the answer is in the plan; I marked the line for you.",
    ),
    "declined": (
        "That was not part of what we agreed and we cannot fit it in.",
        "I am afraid we have to leave that out this time.",
    ),
    "accepted": (
        "That is extra; I will send an offer for it.",
        "It is outside the agreed list, you get a change request from me.",
    ),
    "absorbed": ("Fine, we will squeeze that in.", "We will do it along the way."),
    "pending": ("Let me look into it and come back to you.", "I need to check the effort first."),
}
STATUS_REPLY = "We are in {stage}; I will send the details today."
GREETINGS = ("", "Hello {name},\n\n", "Dear {name},\n\n", "Hi {name}, ")
CLOSINGS = ("", "\n\nBest, {me}", "\n\nKind regards\n{me}", "\n{me}")

ESCALATIONS = (
    "The launch date moved again, the sponsor wants to talk to our management.",
    "Sponsor asks for one name who is in charge and a firm date.",
    "Our lead asks for help: the open items at the customer do not move.",
)
