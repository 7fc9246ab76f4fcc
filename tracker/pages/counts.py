"""Counts as pages show them: how many of how many, never one sum over different kinds of promise."""

import dataclasses
from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.models import Kind, Rule
from tracker.wording import labels

OF_SOURCES = {"one_origin", "no_address"}  # flags that speak of the sources; the others of how it was kept


@dataclasses.dataclass(frozen=True)
class Count:
    """How many of a whole have one value: drawn and said as n of N."""

    value: str
    label: str
    n: int
    of: int


def tally(values, names, of, *, zeros=False):
    """Counts of values out of ``of``, in the order of their names; of those that do not occur only with ``zeros``."""
    n = Counter(values)
    return [Count(value, label, n[value], of) for value, label in names.items() if zeros or n[value]]


def counts_of(choices, plan, name, commitments=None):
    """Counts for every choice of a field, in the choices' order, zeros included."""
    commitments = list(plan.commitments.values() if commitments is None else commitments)
    return tally((getattr(c, name) for c in commitments), dict(choices.choices), len(commitments), zeros=True)


def may_still_be_kept(commitment):
    """Whether it could be found kept once what is missing is known. A direction is never counted as kept."""
    return commitment.group in ("not_known", "interim", "running") and commitment.rule != Rule.DIRECTION


def results(commitments):
    """Counts per group out of a set of promises: what is not known first among equals, running ones where some are."""
    groups = Counter(c.group for c in commitments)
    order = sorted(labels.GROUPS.items(), key=lambda group: group[0] != "not_known")
    group_labels = {group: label for group, label in order if groups[group] or group != "running"}
    return tally(groups, group_labels, groups.total(), zeros=True)


def groups_in(plan):
    """The groups that any promise of a plan is in, with their words: what the colours of its bars mean."""
    return {count.value: count.label for count in results(plan.rows) if count.n}


def outcome(commitments):
    """What became of a set of promises: counts per group, and the kinds of not known and flags, each out of all.

    Never one sum: kinds of promise are counted apart, with the best and worst that the count of kept ones could be
    once the unknown, the interim and the running are known.
    """
    commitments = list(commitments)
    total = len(commitments)
    groups = results(commitments)
    group_labels = {count.value: count.label for count in groups}
    return {
        "of": total,
        "groups": groups,
        "missing": tally((c.missing for c in commitments), labels.MISSING, total),
        "flags": tally((flag for c in commitments for flag in c.flags), labels.FLAGS, total),
        "kinds": [_of_kind(value, label, commitments, group_labels) for value, label in Kind.choices],
        "unreserved": sum(1 for c in commitments if c.group == "kept" and not c.flags),
        "never_kept": sum(1 for c in commitments if c.rule == Rule.DIRECTION),
        "duties": sum(1 for c in commitments if c.rule == Rule.UPHOLD),
        "unknown": next(count.n for count in groups if count.value == "not_known"),
    }


def findings_in_words(outcome):
    """What became of a set of promises in sentences, what is not known first."""
    of, n = outcome["of"], {count.value: count.n for count in outcome["groups"]}
    if not of:
        return
    words = {group: labels.number(count) for group, count in n.items()} | {"of": labels.number(of)}
    words |= {"unreserved": labels.number(outcome["unreserved"])}
    words |= {f"{group}_share": labels.percent(n[group], of) for group in ("not_known", "kept")}
    no_answer = ngettext(
        "%(not_known)s of %(of)s promises (%(not_known_share)s percent) has no answer yet.",
        "%(not_known)s of %(of)s promises (%(not_known_share)s percent) have no answer yet.",
        n["not_known"],
    )
    yield no_answer % words
    sentence = (
        ngettext(
            "%(kept)s of %(of)s (%(kept_share)s percent) is kept",
            "%(kept)s of %(of)s (%(kept_share)s percent) are kept",
            n["kept"],
        )
        % words
    )
    if n["kept"]:
        sentence = _("%(kept)s, %(unreserved)s of them without reservation") % {**words, "kept": sentence}
    yield _("%(kept)s; %(in_part)s in part, %(not_kept)s not.") % {**words, "kept": sentence}
    if n["contested"]:
        contested = ngettext(
            "%(contested)s standing duty is contested by UN bodies or others.",
            "%(contested)s standing duties are contested by UN bodies or others.",
            n["contested"],
        )
        yield contested % words
    if n.get("running"):  # what is not known may be due later too
        running = ngettext(
            "%(running)s is running: something is on record, and its deadline is still to come.",
            "%(running)s are running: something is on record, and their deadline is still to come.",
            n["running"],
        )
        yield running % words
    if n["interim"]:
        interim = ngettext(
            "%(interim)s is not final: its last figure is from before the deadline.",
            "%(interim)s are not final: their last figure is from before the deadline.",
            n["interim"],
        )
        yield interim % words


def _of_kind(value, label, commitments, group_labels):
    mine = [c for c in commitments if c.kind == value]
    kept_promises = [c for c in mine if c.group == "kept"]
    return {
        "value": value,
        "label": label,
        "of": len(mine),
        "groups": tally((c.group for c in mine), group_labels, len(mine), zeros=True),
        "worst": len(kept_promises),
        "best": len(kept_promises) + sum(map(may_still_be_kept, mine)),
        "flagged": sum(1 for c in kept_promises if set(c.flags) - OF_SOURCES),
    }
