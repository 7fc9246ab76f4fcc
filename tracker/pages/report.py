"""The assessment report: a plan, a chapter or a section as of a day, with every promise and every source in it.

It counts and lists; there is no composite index in it. What it says comes from one snapshot, so that a report can be
made again from its log entry and day. Publications are numbered in the order in which the report first cites them.
"""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tracker.explain.reasons import explain
from tracker.models import SPEAKING, Reread, Side, What
from tracker.pages.counts import Count, findings_in_words, outcome, tally
from tracker.pages.disagreements import DIFFERENCES, claimed_alone, differences, gravity
from tracker.pages.evidence import by_then, findings_by_side, publication, tests_changed
from tracker.standalone.assess import METHOD
from tracker.wording import labels

NAMED, FEW = 4, 12  # promises of a kind that the page of findings names; of more than a few it names none
VERDICTS = [says for says in labels.SAYS if says not in ("mixed", "")]  # of a finding, in the order of the list


def report(snapshot, plan, category=None, *, site=""):
    """What the report holds. ``site`` goes before every address on this site; blank on the site itself."""
    sources = NumberedSources(snapshot)
    # Sources are numbered as they are met, so the parts are made in the order in which they stand.
    loose = [_row(snapshot, plan, sources, c) for c in plan.commitments.values() if not category and not c.category]
    tops = [category] if category else plan.tree.get("", ())
    parts = [_part(snapshot, plan, sources, each) for each in tops]
    commitments = list(plan.by_category[category.code] if category else plan.commitments.values())
    ways = {c.code: differences(plan, c, snapshot.on) for c in commitments}  # in which accounts of it differ
    path = reverse("report", args=[plan.code])
    return {
        "snapshot": snapshot,
        "plan": plan,
        "category": category,
        "site": site,
        "path": path,
        "canonical": f"{path}?category={category.code}" if category else path,
        "title": (title := _title(plan, category)),
        "head_left": title,  # of each sheet on paper
        "head_right": _("As of %(day)s, log entry %(entry)s")
        % {"day": date_format(snapshot.on, "j F Y"), "entry": labels.number(snapshot.known)},
        "method": METHOD,
        "total": len(commitments),
        "tests_changed": tests_changed(snapshot, commitments),
        "outcome": (counted := outcome(commitments)),
        "brief": _brief(commitments, ways, counted),
        "parts": parts,
        "loose": loose,
        "by_right": _by_right(parts),
        "disagreements": [
            {"label": label, "commitments": mine, "of": len(commitments)}
            for way, label in DIFFERENCES.items()
            if (mine := [c for c in commitments if way in ways[c.code]])
        ],
        "compiled": _compiled(snapshot, plan, category, commitments),
        "read": None if category else _findings_read(plan),
        "sources": sources.listed(),
    }


def _brief(commitments, ways, counted):
    """The page of findings at the head: a sentence made of the counts, what they are of, the first disagreements."""
    groups = {group: [c for c in commitments if c.group == group] for group in labels.GROUPS if group != "not_known"}
    differing = [c for c in commitments if ways[c.code] and not claimed_alone(ways[c.code])]
    differing.sort(key=lambda c: gravity(c, ways[c.code]))
    return {
        "sentences": list(findings_in_words(counted)),
        "groups": [
            {
                "value": group,
                "label": labels.GROUPS[group],
                "rows": rows[:NAMED] if len(rows) <= FEW else (),
                "n": len(rows),
            }
            for group, rows in groups.items()
            if rows
        ],
        "first_differing": [{"c": c, "words": _accounts_in_words(c, ways[c.code])} for c in differing[:NAMED]],
        "differing": len(differing),
    }


def _accounts_in_words(commitment, ways):
    """What each side says; of figures alone that differ no side says anything."""
    if not {"contested", "data_differ"} & set(ways):
        return DIFFERENCES[ways[0]]
    words_by_side = {side: labels.SAYS[getattr(commitment, f"{side}_says")] for side in SPEAKING}
    return "; ".join(f"{labels.ACCOUNTS[side]}: {words}" for side, words in words_by_side.items())


def _title(plan, category):
    if category is None:
        return plan.title
    words = {"code": category.code, "category": category.title, "plan": plan.title}
    return _("%(code)s %(category)s, of the %(plan)s") % words


class NumberedSources:
    """Publications by number, from 1, in the order in which they are first cited."""

    def __init__(self, snapshot):
        self.snapshot = snapshot
        self.cited = {}  # places cited in each, by its code

    def references(self, rows):
        """What rows rest on, as links to the list: “[3, 12]”; nothing where they cite nothing."""
        for cited in (each for row in rows for each in row.evidence):
            self.cited.setdefault(cited.source, (len(self.cited) + 1, set()))[1].add(cited.locator)
        numbers = sorted({self.cited[each.source][0] for row in rows for each in row.evidence})
        if not numbers:
            return ""
        links = format_html_join(", ", '<a href="#source-{}">{}</a>', ((n, n) for n in numbers))
        return format_html(' <span class="refs">[{}]</span>', links)

    def listed(self):
        for code, (number, places) in self.cited.items():
            yield publication(self.snapshot, code) | {"number": number, "places": "; ".join(sorted(places - {""}))}


def _part(snapshot, plan, sources, top):
    """A chapter: its counts, then itself and each right below it in the order of the text."""
    chapter, *sections = [
        {
            "category": each,
            "depth": len(plan.ancestry[each.code]) - len(plan.ancestry[top.code]),  # below the top
            "total": len(mine),
            "outcome": (counted := outcome(mine)),
            "groups": counted["groups"],
            "whole": _whole(snapshot, plan, sources, each),
            "rows": [_row(snapshot, plan, sources, c) for c in plan.directly_under(each.code)],
        }
        for each in plan.within(top)
        for mine in (plan.by_category[each.code],)
    ]
    return chapter | {"sections": sections}


def _whole(snapshot, plan, sources, category):
    """Findings on a right as a whole, the sides at the same size; ``None`` where nobody's is on record."""
    columns = findings_by_side(snapshot, plan, plan.findings_on.get(category.code, ()))
    for each in (each for column in columns for each in column["findings"]):
        each["references"] = sources.references([each["finding"]])
    return columns if any(column["findings"] for column in columns) else None


def _row(snapshot, plan, sources, c):
    """A promise: what this site finds and why, what each side says, and what all that rests on."""
    assessed = plan.assessed[c.code]
    updates, findings = by_then(snapshot, plan.updates[c.code]), by_then(snapshot, plan.findings[c.code])
    deciding = [u for u in updates if u.entry in assessed.inputs]
    rows = [*updates, *(f for f in findings if f.side == Side.UNKNOWN)]
    return {
        "c": c,
        "target": capfirst(labels.target(c)),
        "due": _("due %(day)s") % {"day": date_format(c.deadline, "j M Y")},
        "sign": labels.status_sign(c),
        "status": labels.status(c),
        "basis": "" if c.status_basis == "judged" else labels.BASES[c.status_basis],  # the reason says it then
        # The method's sentences say more than the status does; a standing duty is shown by its findings.
        "why": "" if c.rule == "uphold" or c.missing == "nobody_looked" else " ".join(map(str, explain(c, assessed))),
        "flags": [labels.FLAGS[flag] for flag in c.flags],
        "deciding": sources.references(deciding),
        "beside": sources.references([r for r in rows if r.entry not in assessed.inputs]),
        "sides": [_verdicts(sources, [f for f in findings if f.side == side]) for side in SPEAKING],
    }


def _verdicts(sources, findings):
    """What one side says of a promise: each verdict with what it rests on."""
    verdicts = [
        (labels.SAYS_SIGNS[says], labels.SAYS[says], sources.references(rows))
        for says in VERDICTS
        if (rows := [f for f in findings if f.says == says])
    ]
    return format_html_join(mark_safe("<br>"), '<span class="sign" aria-hidden="true">{}</span> {}{}', verdicts)


def _by_right(parts):
    """Counts of each chapter and section: groups out of all, no sum over kinds of promise."""
    sections = [section for part in parts for section in (part, *part["sections"])]
    occurring = {count.value for section in sections for count in section["groups"] if count.n}
    labels_shown = {group: label for group, label in labels.GROUPS.items() if group in occurring}
    rows = [
        {"category": section["category"], "depth": section["depth"], "of": section["total"]}
        | {"counts": [sum(count.n for count in section["groups"] if count.value == group) for group in labels_shown]}
        for section in sections
    ]
    return {"groups": list(labels_shown.values()), "rows": rows}


def _compiled(snapshot, plan, category, commitments):
    """How much is on record for these promises and rights, whose it is, and what second readings at the source gave."""
    promises = [c.code for c in commitments]
    rights = [c.code for c in plan.within(category)] if category else list(plan.categories)

    def gathered(*parts):
        """Rows of the parts, each once, by the day asked for."""
        rows = (row for part, codes in parts for code in codes for row in part.get(code, ()))
        return {row.entry: row for row in by_then(snapshot, rows)}.values()

    updates = gathered((plan.updates, promises))
    findings = gathered((plan.findings, promises), (plan.findings_on, rights))
    rows = [*updates, *findings]
    cited = {each.source for row in rows for each in row.evidence}
    replaced = {u.entry for code in promises for u in plan.replaced[code]}
    about = (*promises, *(("right", code) for code in rights))
    replaced |= {f.entry for code in about for f in plan.replaced_findings.get(code, ())}
    return {
        "updates": len(updates),
        "what": tally((u.what for u in updates), dict(What.choices), len(updates)),
        "findings": len(findings),
        "sides": tally((f.side for f in findings), dict(Side.choices), len(findings)),
        "rows": len(rows),
        "searches": sum(not row.evidence for row in rows),
        "reread": [
            *tally((row.reread for row in rows), dict(Reread.choices), len(rows)),
            Count("", _("not read a second time at the source"), sum(not row.reread for row in rows), len(rows)),
        ],
        "publications": len(cited),
        "bare": sum(not snapshot.sources[code].address for code in cited),
        "replaced": len(replaced),
    }


def _findings_read(plan):
    """How many findings were read for a plan before release and how many were left out; ``None`` where none is said."""
    if plan.findings_read is None:
        return None
    unused = plan.findings_read - plan.findings_used
    return {"read": plan.findings_read, "used": plan.findings_used, "unused": unused}
