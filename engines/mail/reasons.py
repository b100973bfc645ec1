"""Why did a message not arrive, and is it the address?

The reason is read from the words of the server first, and from its status code (RFC 3463) only where the words say
nothing: servers give 5.1.1 for full mailboxes and 5.0.0 for unknown users. Hard are the reasons that no later attempt
can cure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

HARD: Final = frozenset(("user_unknown", "host_unknown", "moved", "not_accepted"))

_WORDS: Final = {
    "sender_rejected": (
        r"sender (?:address|domain)?[^\n]{0,30}(?:reject|not |unknown|verif|invalid|denied)"
        r"|purported responsible"
    ),
    "filtered": r"recipient preferences|user (?:refused|reject)|domain filter|does(?:n't| not) want|not wanted",
    "mailbox_full": (
        r"mailbox (?:is )?full|mailbox size|over[ -]?quota|quota|exceed\w* .{0,20}(?:storage|quota|limit)"
        r"|insufficient (?:disk|system) ?storage"
        r"|mail ?box .{0,20}(?:exceed|full|over)|out of (?:disk )?space|storage .{0,15}(?:full|exceed)"
        r"|too full|disk full|no space left"
    ),
    "moved": r"has moved|no longer (?:here|with|at this)|address (?:has )?changed|user (?:has )?left|new address",
    "suspended": (
        r"(?:account|mailbox|user|address).{0,40}(?:suspended|disabled|inactive|deactivated|locked|not active"
        r"|expired|dormant)"
        r"|(?:disabled|inactive|suspended) (?:account|mailbox|user|recipient)|currently (?:suspended|disabled"
        r"|not accepting)"
    ),
    "too_big": (
        r"message (?:size|too (?:big|large|long))|(?:size|message) .{0,30}(?:exceed|too large)|larger than"
        r"|maximum (?:message )?size"
    ),
    "virus": r"virus|malware|infected|worm|ransomware",
    "spam": (
        r"\bspam|junk|bulk mail|unsolicited|spamhaus|spamcop|content (?:filter|reject)|looks like|uribl|surbl"
        r"|bayes|phish"
    ),
    "reputation": r"reputation|blacklist|block ?list|blocked|\brbl|dnsbl|(?<!not )listed (?:at|in|on)|banned",
    "authentication": r"\bdmarc|\bspf\b|\bdkim|sender policy|authenticat|not authenticated",
    "no_reverse_dns": (
        r"reverse (?:dns|lookup|host)|\bptr\b|rdns|resolve your|ip name lookup|hostname .{0,20}(?:not found"
        r"|verif)"
    ),
    "rate": (
        r"too many (?:connections|messages|recipients|sessions|errors|mails)|rate limit|throttl"
        r"|exceeded .{0,30}(?:rate|per (?:hour|minute|day))|concurrent"
    ),
    "relay": (
        r"relay(?:ing)? (?:is )?(?:denied|not permitted|prohibited|access|not allowed)"
        r"|not (?:allowed to )?relay|unable to relay|isn't in my list of allowed rcpthosts|insecure relay"
    ),
    "host_unknown": (
        r"host (?:is )?unknown|dns lookup failure|host [^ ]+ not found|unknown (?:host|domain|mail (?:domain"
        r"|host))|(?:host|domain)(?: name)? (?:not found|does ?n[o']t exist|unknown)|no such (?:domain|host)"
        r"|nxdomain"
        r"|name (?:service error|or service not known)|couldn't find any host|(?:unrouteable"
        r"|bad) (?:mail )?domain|invalid domain|recipient address rejected: domain not found"
        r"|all relevant mx records point|unroutable (?:mail )?domain|could not resolve"
    ),
    "not_accepted": (
        r"no smtp service|does not accept (?:any )?(?:mail|e-?mail|messages)|null ?mx|no mail (?:is )?accepted"
        r"|host .{0,30}not accept|smtp_reject|doesn't accept mail"
    ),
    "user_unknown": (
        r"(?:user|recipient|mailbox|address|account|addressee|local part|alias|member|name|person"
        r"|id)[^\n]{0,40}?(?:unknown|not (?:be )?(?:found|exist|known|valid|listed|recognized|here|have|in)"
        r"|does ?n[o']t (?:exist|have)|doesn't exist|invalid|unavailable|no longer|not a (?:valid|known)"
        r"|rejected as undeliverable|isn't|is not)"
        r"|(?:unknown|no such|invalid|bad|undeliverable|nonexistent|non-existent|unrouteable|unroutable"
        r"|incorrect|not a (?:valid|known)|no) (?:local[- ]?)?(?:user|recipient|mailbox|address|account"
        r"|addressee|person|member|alias|destination mailbox|login|email|e-mail|id)\b"
        r"|recipient address rejected(?: *\.? *\(in reply|\.? *$|: access denied)|5\.\d\.\d address rejected"
        r"|^\W*(?:smtp; )?5\d\d [^ ]+@[^ ]+ rejected"
        r"|inactive email address|doesn't have an? .{0,20}account|not our customer|this user doesn't|user not"
        r"|unable to find|no mailbox|not (?:listed|found) in|no account"
    ),
    "policy": r"policy|prohibit|not (?:allowed|permitted|authorized)|restricted|denied|violat|administrat",
    "network": (
        r"time[d]? ?-?out|connection (?:refused|reset|timed|lost|closed|dropped|died)|could not connect"
        r"|network (?:error|unreachable|is unreachable)|no route|loop|too many hops|unable to (?:connect"
        r"|contact)|route to host|hop count"
    ),
    "expired": (
        r"retry (?:time|timeout) (?:not reached|exceeded)|expired|giv(?:e|ing) up"
        r"|unable to deliver .{0,40}(?:days|hours)|delivery time|not (?:be )?delivered (?:for|within|after)"
        r"|too long|queue"
    ),
    "content": r"syntax|malformed|header|encod|mime|8bit|bare lf|content|attachment",
    "system": (
        r"system|internal|resource|local error|i/o|temporar|software|cannot open|script|command|process|mailer"
        r"|bug|unavailable|service"
    ),
}  # fmt: skip

_REASONS: Final = {name: re.compile(pattern, re.I | re.S) for name, pattern in _WORDS.items()}
_WEAK: Final = ("policy", "network", "expired", "content", "system")
"""Words that reports also use otherwise; the status code is better evidence."""

_STATUS: Final = {
    "1.1": "user_unknown", "1.2": "host_unknown", "1.3": "user_unknown", "1.6": "moved", "1.10": "not_accepted",
    "2.1": "suspended", "2.2": "mailbox_full", "2.3": "too_big", "3.4": "too_big", "4.1": "network",
    "4.4": "host_unknown", "4.6": "network", "4.7": "expired", "7.25": "no_reverse_dns", "7.26": "authentication",
}  # fmt: skip
_DATA: Final = re.compile(r"in reply to (?:end of )?DATA|>>> DATA\s+<<<", re.I)


def reason_of(words: str, about: str, status: str) -> str:
    """Why a message did not arrive.

    `words` are those of the server, `about` is the prose about the recipient, `status` is a code such as `5.1.1`.
    """
    strong = [name for name in _REASONS if name not in _WEAK]
    code = re.search(r"\b([245])\.(\d{1,3}\.\d{1,3})\b", words) or re.search(
        r"\b([245])\.(\d{1,3}\.\d{1,3})\b", status or about
    )
    detail = code[2] if code else ""
    found = _in_words(words, strong) or _in_words(about, strong)
    if detail == "1.6":
        return "moved"
    if found == "user_unknown" and (detail == "2.0" or (_DATA.search(about) and detail not in ("1.1", "2.1"))):
        return "filtered"  # the server knew the address until it saw the message
    if found == "host_unknown" and re.search("try again|temporar", words + about, re.I):
        return "network"
    return found or _STATUS.get(detail) or _in_words(words, _WEAK) or _in_words(about, _WEAK) or "undefined"


def _in_words(text: str, names: Iterable[str]) -> str | None:
    words = " ".join(text.split())
    return next((name for name in names if _REASONS[name].search(words)), None)
