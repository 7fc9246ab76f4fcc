"""Every change to anything public. Admin, forms, imports and the seed loader call these and nothing else.

Each action is keyword-only, names who acts, checks the record, and writes it together with its log entry in one
transaction: either both are there afterwards or neither is.
"""

from .attaching import attach
from .changes import amend, amend_at_once, correct, redact, withdraw
from .errors import Conflict, NotAllowed
from .progress import draft, give_back, publish, publish_all, submit
from .registry import InvalidRecords, check, rearrange, register, register_all

__all__ = [
    "Conflict",
    "InvalidRecords",
    "NotAllowed",
    "amend",
    "amend_at_once",
    "attach",
    "check",
    "correct",
    "draft",
    "give_back",
    "publish",
    "publish_all",
    "rearrange",
    "redact",
    "register",
    "register_all",
    "submit",
    "withdraw",
]
