"""What is asked in a kickoff: why, and how success will be seen."""

from __future__ import annotations

from summarizer.sentences import rx

WHY = rx(
    r"\bwhat (?:is it )?you(?:'d| would| really)? (?:want|like|hope)\b|\bwant out of\b"
    r"|\bwhat (?:do you|are you) need(?:ing)? this for\b|"
    r"\bwhy (?:now|are you|you're|you've|we're here|do you|this|did you)\b|\bgoals?\b"
    r"|\bwhat is the purpose\b|\bpurpose\b|\bwhat (?:are you|do you|would you)"
    r" (?:\w+ )?(?:want|like|hope|hoping|trying|after|looking)\b|\bwhat(?:'s| is) (?:driving"
    r"|behind|this for)\b|\bwhat problem\b|\bwhat (?:should|will) (?:be|change)\b"
    r"|\bwhat brought you\b|\bwhat made you\b|\bget out of (?:this|it)\b|\bwhat's the ambition\b"
    r"|\bwhat's behind\b|\breason (?:for|behind|why)\b|\bobjectives?\b"
)
SUCCESS = rx(
    r"\bsuccess\b|\bknow (?:that )?it(?:'s|'s| has|has)? work|\bworth it\b|\bfirst thing (?:that"
    r"|where)\b|\bthe moment\b|\bwhen do you (?:know|say)\b"
    r"|\bhow (?:will|would|do) you (?:know|tell)\b|\btells you it'?s work|\blook like (?:for you"
    r"|on day)\b|\bwhen you say\b|\bwhat does (?:good|done|great) look\b"
    r"|\bwhen would you say\b|\bmake you (?:say|happy)\b|\bhow do we know\b|\bneed to see\b"
    r"|\bcelebrate\b|\bfirst sign\b|\bpaid off\b|\bit(?:'s|'s been| was| has been) worth\b"
    r"|\bwhat does winning\b"
)
