"""What became of a promise in two or three sentences that can be quoted, made of the facts by rules.

What was promised; what decides, with its year and whose it is; what others say; what is missing. Every number in it
stands in the record: nothing is reckoned here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.explain.reasons import by_reason
from tracker.models import SPEAKING, DeadlineBasis, Rule, What
from tracker.records.progress import AssessmentRecord, UpdateRecord
from tracker.records.registry import CommitmentRecord
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot
from tracker.standalone.assess import Assessed
from tracker.wording import labels

MOST_NAMES = 3  # bodies that a sentence names
# What each side says, after its name.
SAYINGS = {
    "kept": gettext_lazy("that it was kept"),
    "partly": gettext_lazy("that it was kept in part"),
    "not_kept": gettext_lazy("that it was not kept"),
    "qualifies": gettext_lazy("that reservations apply, without a verdict"),
    "notes": gettext_lazy("what happened, without a verdict"),
    "mixed": gettext_lazy("different things in different statements"),
}
SPEAKERS = {
    "official": (gettext_lazy("the State says"), gettext_lazy("the State")),
    "un": (gettext_lazy("UN bodies say"), gettext_lazy("UN bodies")),
    "independent": (gettext_lazy("others say"), gettext_lazy("others")),
}
# What a flag says is missing.
LACKS = {
    "no_final_value": gettext_lazy("a figure of the deadline itself"),
    "year_not_stated": gettext_lazy("a source that states the year of a deciding figure"),
    "no_address": gettext_lazy("a confirmed web address of what decides"),
    "one_origin": gettext_lazy("a second origin beside the one that it rests on"),
}
# What else a reader has to know before quoting the verdict.
BUT = {
    "kept_before_promise": gettext_lazy("It had been reached before the plan was published."),
    "met_at_baseline": gettext_lazy("The target was met already where things stood at the start."),
    "harm_found": gettext_lazy("Somebody finds that keeping it harms the right itself."),
}


def ruling(
    commitment: CommitmentRecord, assessed: Assessed, title: str, whose: Mapping[int, str], reading: str = ""
) -> dict[str, str]:
    """The sentences by what they speak of: promised, decided, others, missing; a blank one says nothing.

    ``title`` is that of the plan; ``whose`` names by log entry the body whose figure or act a row is;
    ``reading`` is what staff wrote of the evidence, where they judged it.
    """
    return {
        "promised": _promised(commitment, title),
        "decided": f"{_decided(commitment, assessed, whose)} {reading}".strip(),
        "others": _other_sides(commitment),
        "missing": _missing(commitment),
    }


def ruling_of(snapshot: Snapshot, plan: PlanView, code: str) -> dict[str, str]:
    """The ruling on a promise by its code, with the names of those whose rows decide."""
    published: tuple[UpdateRecord | AssessmentRecord, ...] = (*plan.updates[code], *plan.findings[code])
    rows = {row.entry: row for row in published}
    assessed = plan.assessed[code]
    origins = {entry: snapshot.bodies.get(rows[entry].origin) for entry in assessed.inputs if entry in rows}
    names = {entry: body.name for entry, body in origins.items() if body}
    judged = [u for u in plan.updates[code] if u.entry in assessed.inputs and u.what == What.JUDGEMENT]
    reading = judged[-1].summary if judged and not judged[-1].redacted else ""
    return ruling(plan.commitments[code], assessed, plan.title, names, reading)


def in_words(sentences: Mapping[str, str]) -> str:
    """The whole ruling as one text."""
    return " ".join(each for each in sentences.values() if each)


def _promised(c: CommitmentRecord, title: str) -> str:
    words = {"plan": title, "quote": c.quote, "day": labels.day_in_words(c.deadline), "target": labels.target_from(c)}
    if c.deadline_basis == DeadlineBasis.STANDING:
        return _("Promised in the %(plan)s, as a standing duty: “%(quote)s”.") % words
    if c.rule == Rule.JUDGE:
        return _("Promised in the %(plan)s, by %(day)s: “%(quote)s”.") % words
    return _("Promised in the %(plan)s, by %(day)s: “%(quote)s” (%(target)s).") % words


def _decided(c: CommitmentRecord, assessed: Assessed, whose: Mapping[int, str]) -> str:
    sentences = [str(each) for each in by_reason(c, assessed, whose)]
    names = list(dict.fromkeys(whose[entry] for entry in assessed.inputs if whose.get(entry)))
    if names and c.group != "not_known" and not any(name in sentence for name in names for sentence in sentences):
        first = [*names[:MOST_NAMES], _("others")] if len(names) > MOST_NAMES else names
        sentences.append(_("That rests on %(names)s.") % {"names": _listed(first)})
    return " ".join(sentences)


def _other_sides(c: CommitmentRecord) -> str:
    verdicts = {side: getattr(c, f"{side}_says") for side in SPEAKING}
    spoken = [f"{SPEAKERS[side][0]} {SAYINGS[each]}" for side, each in verdicts.items() if each]
    if c.missing == "claimed_only" and len(spoken) > 1:  # others have spoken, but of no facts of the plan's period
        spoken[1:] = [_("of another time, %(words)s") % {"words": words} for words in spoken[1:]]
    silent = [str(SPEAKERS[side][1]) for side, each in verdicts.items() if not each]
    sentences = []
    if spoken:
        sentences.append(capfirst("; ".join(spoken)) + ".")
    if not spoken:
        sentences.append(_("No statement of anybody on the promise itself is on record."))
    elif silent:
        sentences.append(_("Nothing is on record from %(sides)s.") % {"sides": _listed(silent, _("or"))})
    return " ".join(sentences)


def _missing(c: CommitmentRecord) -> str:
    sentences = [str(BUT[flag]) for flag in c.flags if flag in BUT]
    final_said = c.group == "interim"  # what decided says already that no figure of the deadline is on record
    lacks = [str(LACKS[flag]) for flag in c.flags if flag in LACKS and not (final_said and flag == "no_final_value")]
    if lacks:
        sentences.append(_("Missing: %(what)s.") % {"what": _listed(lacks)})
    return " ".join(sentences)


def _listed(words: Sequence[Any], last: str = "") -> str:
    """“a”, “a and b”, “a, b and c”."""
    *first, end = map(str, words) if words else ("",)
    if not first:
        return end
    return _("%(first)s %(and)s %(end)s") % {"first": ", ".join(first), "and": last or _("and"), "end": end}
