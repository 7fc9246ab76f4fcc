"""Who works on what, as pages of staff read it. The nearest assignment wins: promise, metric, section, chapter."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User

from tracker.models import Assignment
from tracker.records.registry import CommitmentRecord
from tracker.snapshot.bitsets import bits_of
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot

from .figures import Figure

ME, NOBODY = "me", "nobody"


def may_see(user: User) -> bool:
    """Whether somebody sees the work of colleagues: who may see drafts."""
    return user.has_perm("tracker.view_update")


@dataclass(frozen=True)
class Work:
    """All open assignments, by what they are about. One question to the database."""

    rows: tuple[Assignment, ...]

    @classmethod
    def read(cls, user: User) -> "Work":
        """What somebody may see of it: all, or nothing."""
        return cls(tuple(Assignment.objects.open()) if may_see(user) else ())

    @cached_property
    def by_subject(self) -> dict[str, Assignment]:
        """Each assignment by the name of what it is about."""
        return {row.subject: row for row in self.rows}

    def of(self, plan: PlanView, c: CommitmentRecord) -> Assignment | None:
        """The assignment that a promise falls under."""
        subjects = [f"commitment {c.plan}/{c.code}", f"metric {c.metric}"]
        subjects += [f"category {c.plan}/{code}" for code in plan.ancestry[c.category]]
        return next((self.by_subject[each] for each in subjects if each in self.by_subject), None)

    def of_record(self, snapshot: Snapshot, about: Any) -> Assignment | None:
        """The assignment of a promise, a metric or a right by its code, whether it comes from models or snapshot."""
        plan = snapshot.plans.get(getattr(getattr(about, "plan", ""), "code", getattr(about, "plan", "")))
        if plan is None:
            return self.by_subject.get(f"metric {about.code}")
        if about.code in plan.commitments:
            return self.of(plan, plan.commitments[about.code])
        subjects = (f"category {plan.code}/{code}" for code in plan.ancestry.get(about.code, ()))
        return next((self.by_subject[each] for each in subjects if each in self.by_subject), None)

    def of_figure(self, snapshot: Snapshot, figure: Figure) -> list[Assignment]:
        """The assignments that a figure falls under: its metric's, else those of the promises that wait for it."""
        if own := self.by_subject.get(f"metric {figure.metric.code}"):
            return [own]
        each = (self.of(snapshot.plans[c.plan], c) for c in figure.commitments)
        return list({row.pk: row for row in each if row is not None}.values())

    def of_person(self, user: User) -> list[Assignment]:
        """What is somebody's, by the day it is due; what has none last."""
        rows = [row for row in self.rows if row.person_id == user.pk]
        return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or row.at.date(), row.subject))

    def people(self) -> Iterable[str]:
        """Names of all who have something."""
        return sorted({row.person.get_username() for row in self.rows})

    def bits(self, plan: PlanView, user: User) -> dict[str, int]:
        """The set of promises of a plan that each person has, that nobody has, and that are ``user``'s own."""
        places: dict[str, list[int]] = {ME: [], NOBODY: []}
        for place, c in enumerate(plan.rows):
            row = self.of(plan, c) if self.rows else None
            places.setdefault(row.person.get_username() if row else NOBODY, []).append(place)
        places[ME] = places.get(user.get_username(), [])
        return {value: bits_of(at, len(plan.rows)) for value, at in places.items()}
