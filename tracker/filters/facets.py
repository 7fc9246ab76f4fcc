"""Filters with choices: which choices a plan offers, in words, and how many commitments each would give."""

import dataclasses

from django.utils.translation import gettext as _

from tracker import labels
from tracker.models import Kind, Level, Rule, Side
from tracker.snapshot.bitsets import NO_BODY, NO_CATEGORY, NO_FLAG, NO_GROUP, NO_NORM, NOBODY, NOT_MISSING


@dataclasses.dataclass(frozen=True)
class Facet:
    """A filter with a fixed list of choices, and how many records each choice would give."""

    name: str
    label: str
    choices: list
    chosen: int


@dataclasses.dataclass(frozen=True)
class Choice:
    """One choice of a facet."""

    value: str
    label: str
    count: int
    chosen: bool
    depth: int


@dataclasses.dataclass(frozen=True)
class Span:
    """A filter from one number to another, and how many of the records have such a number at all."""

    name: str
    label: str
    least: object
    most: object
    have: int
    of: int


def choices_of(plan, snapshot, asked_statuses):
    """For each filter the choices that a plan offers, as pairs of value and words.

    Statuses are those that occur, and those that were asked for: a status of another day is no bad value.
    """
    there = plan.bits
    statuses = {*there["status"], *(set(asked_statuses) & set(labels.STATUSES))}
    categories = [(c.code, f"{c.code} {c.short_title}") for c in plan.categories.values()]
    if NO_CATEGORY in there["category"]:
        categories.append((NO_CATEGORY, _("Under no right")))
    return {
        "category": categories,
        "group": list(labels.GROUPS.items()),
        "status": [(s, w) for s, w in labels.STATUSES.items() if s in statuses],
        "missing": [(NOT_MISSING, _("It is known")), *labels.MISSING.items()],
        "flag": [(NO_FLAG, _("No flag")), *labels.FLAGS.items()],
        "origin_side": [*Side.choices, (NOBODY, _("Nobody's"))],
        "says": [*[(s, w) for s, w in labels.SAYS.items() if s not in ("", "mixed")], (NOBODY, _("No finding"))],
        "has_evidence": [("yes", _("With evidence")), ("no", _("Without evidence"))],
        "kind": Kind.choices,
        "level": Level.choices,
        "rule": Rule.choices,
        "beneficiary": [
            (NO_GROUP, _("Everyone")),
            *[(g.code, g.name) for g in snapshot.groups.values() if g.code in there["beneficiary"]],
        ],
        "body": [
            (NO_BODY, _("None named")),
            *[(b.code, b.name) for b in snapshot.bodies.values() if b.code in there["body"]],
        ],
        "norm": [(NO_NORM, _("Linked to none")), *_norms(plan, snapshot)],
        "carried_from": [("yes", _("Yes, by a source on record")), ("no", _("Nothing on record says so"))],
    }


def _norms(plan, snapshot):
    """Instruments that promises of a plan are linked to, each with those of its norms that are, below it."""
    for instrument in snapshot.instruments.values():
        if instrument.code in plan.bits["norm"]:
            yield instrument.code, f"{instrument.code} {instrument.title}"
        for norm in snapshot.norms_of[instrument.code]:
            if norm.code in plan.by_norm:
                yield norm.code, f"{instrument.code} {norm.number} {norm.title}"


def depth_of(plan, name, value):
    """How deep a choice stands below others of its filter: sections under chapters, articles under treaties."""
    if name == "category":
        return len(plan.ancestry.get(value, "_")) - 1
    return 1 if name == "norm" and value in plan.by_norm else 0


def facet_of(name, label, choices, plan, chosen, others, there):
    """A facet with its counts among the records that all other parameters choose.

    ``there`` has the set of records that have each value.
    """
    return Facet(
        name,
        label,
        [
            Choice(
                value=value,
                label=words_,
                count=(there.get(value, 0) & others).bit_count(),
                chosen=value in chosen,
                depth=depth_of(plan, name, value),
            )
            for value, words_ in choices
        ],
        len(chosen),
    )
