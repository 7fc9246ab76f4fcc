"""Who may do what: the groups that staff belong to, and the role under which a change is logged.

A person appears in the log, and on every page, by role only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:  # migrations read the names below before there are accounts
    from django.contrib.auth.models import User

ANALYST, EDITOR, REVIEWER, ADMINISTRATOR = "analyst", "editor", "reviewer", "administrator"
COMPILER, CHECKER = "seed-compiler", "seed-checker"

FOUNDATIONS = (
    *("baselinefigure", "baselinepassage", "instrument", "adherence", "norm", "normlink"),
    *("recommendation", "recommendationlink"),
)
REGISTRY = ("plan", "category", "provision", "beneficiarygroup", "metric", "commitment", "body", "source", *FOUNDATIONS)
PROGRESS = ("update", "assessment", "evidence")
SEEN = (*REGISTRY, *PROGRESS, "ledgerentry")
WRITTEN = ("metric", "body", "source", *PROGRESS)
EDITED = {"view": SEEN, "add": WRITTEN, "change": (*WRITTEN, "commitment")}
PUBLISHED = {"publish": ("update", "assessment")}
PERMISSIONS = {
    ANALYST: {"view": (*REGISTRY, "ledgerentry")},
    EDITOR: EDITED,
    REVIEWER: {**EDITED, **PUBLISHED},
    ADMINISTRATOR: {
        "view": (*SEEN, "trailentry"),
        **dict.fromkeys(("add", "change"), (*REGISTRY, *PROGRESS)),
        **PUBLISHED,
    },
}
USER_PERMISSIONS = ("view_user", "add_user", "change_user", "view_group")


def role_of(user: User) -> str:
    """The highest role of an account; the two closed accounts of the seed files are roles of their own."""
    if user.username in (COMPILER, CHECKER):
        return user.username
    if user.is_superuser:
        return ADMINISTRATOR
    names = set(user.groups.values_list("name", flat=True))
    return next((role for role in (ADMINISTRATOR, REVIEWER, EDITOR, ANALYST) if role in names), "staff")


def may_write(user: User) -> bool:
    """Whether an account may change drafts and hand them in."""
    return user.is_active and user.has_perm("tracker.change_update")


def may_publish(user: User) -> bool:
    """Whether an account may publish, return and redact."""
    return user.is_active and user.has_perm("tracker.publish_update")


def needs_factor(user: User) -> bool:
    """Whether an account signs in with a second factor whether its owner likes it or not, by ``SECOND_FACTOR``."""
    whose = settings.SECOND_FACTOR
    return whose == "all" or (whose == "reviewers" and user.has_perm("tracker.publish_update"))
