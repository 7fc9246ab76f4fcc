"""What the pages of things that plans share show: plans, metrics, organisations, publications, the method."""

from django.utils.translation import gettext_lazy as _

from tracker.charts.picture import picture_of_metric
from tracker.models import RULES_BY_KIND, DeadlineBasis, Kind, Level, Rule, Says
from tracker.records.registry import CategoryRecord, CommitmentRecord, MetricRecord
from tracker.snapshot.stored import deciding
from tracker.wording import labels
from tracker.wording.meanings import WORDS, meaning_of, meanings_of

from .baseline import of_same_series
from .counts import counts_of
from .coverage import MARKS, REMARKS
from .evidence import amendments, by_then, history, tests_changed


def plans(snapshot):
    """All plans, each with its number of paragraphs."""
    return {"plans": [{"plan": each, "paragraphs": each.promising_paragraphs} for each in snapshot.plans.values()]}


def metric(snapshot, code):
    """One statistic: definition, who publishes it, what is on record, and the promises that it answers."""
    metric = snapshot.metric(code)
    return {
        "metric": metric,
        "producer": snapshot.bodies.get(metric.producer),
        "commitments": snapshot.by_metric[code],
        "stands_beside": snapshot.beside_by_metric.get(code, ()),
        "series": picture_of_metric(snapshot, code),
        "history": history(snapshot, snapshot.updates.get(code, ())),
        "stood": snapshot.baseline_by_metric[code],
        "same_series": of_same_series(snapshot, code),
        "replaced": history(snapshot, snapshot.replaced.get(code, ())),
        "amendments": amendments(snapshot, ("metric", code)),
    }


def body(snapshot, code):
    """One organisation: what it made, publishes and says."""
    body = snapshot.body(code)
    return {
        "body": body,
        "plans": [plan for plan in snapshot.plans.values() if plan.publisher.code == code],
        "metrics": snapshot.produced_by[code],
        "commitments": snapshot.named_by[code],
        "statements": _places(each for each in statements_of(snapshot) if each[1].origin == code),
        "sources": [source for source in snapshot.sources.values() if source.publisher == code],
        "amendments": amendments(snapshot, ("body", code)),
    }


def has_address(source):
    """Whether a publication can be reached: at an address that was seen, or at that which follows from its symbol."""
    return bool(source.address or source.document_address)


def statements_of(snapshot, rows_of=deciding):
    """Every statement by the day asked for once, with what it is about: a metric, a promise or a right.

    Of updates what the method needs; whole records with ``rows_of=iter``.
    """
    for code, rows in snapshot.updates.items():
        yield from ((snapshot.metrics[code], row) for row in by_then(snapshot, rows_of(rows)))
    for plan in snapshot.plans.values():
        for commitment in plan.commitments.values():
            rows = [row for row in rows_of(plan.updates[commitment.code]) if not row.metric]
            rows += plan.findings[commitment.code]
            yield from ((commitment, row) for row in by_then(snapshot, rows))
        for code, rows in plan.findings_on.items():
            yield from ((plan.categories[code], row) for row in by_then(snapshot, rows))


def _places(statements):
    """Statements gathered by what they are about: promises, rights and metrics, each with how many."""
    places = {}
    for about, row in statements:
        key = (type(about), getattr(about, "plan", ""), about.code)
        places.setdefault(key, {"about": about, "rows": []})["rows"].append(row)
    kinds = {"metrics": MetricRecord, "commitments": CommitmentRecord, "categories": CategoryRecord}
    by_kind = {name: [each for key, each in places.items() if key[0] is kind] for name, kind in kinds.items()}
    return {"total": sum(len(each["rows"]) for each in places.values()), **by_kind}


def source(snapshot, code):
    """One publication and what rests on it."""
    source = snapshot.source(code)
    citing = [each for each in statements_of(snapshot) if code in each[1].sources]
    resting = _places(citing)
    for each in resting["metrics"]:
        each["commitments"] = snapshot.by_metric[each["about"].code]
    return {
        "source": source,
        "publisher": snapshot.bodies[source.publisher],
        "rests": resting,
        # How many figures and acts from before a plan it gives.
        "stood": [
            (plan, n)
            for plan in snapshot.plans.values()
            if (n := sum(any(c.source == code for c in record.citations) for record in plan.baseline.values()))
        ],
        "adherences": [
            snapshot.instruments[adherence.instrument]
            for plan in snapshot.plans.values()
            for adherence in plan.adherences.values()
            if adherence.source == code
        ],
        "recommendations": [each for each in snapshot.recommendations.values() if each.source == code],
        "locators": sorted({c.locator for _about, row in citing for c in row.evidence if c.source == code} - {""}),
        "amendments": amendments(snapshot, ("source", code)),
    }


def method(snapshot):
    """The rules by which promises were recorded and judged, with how often each occurs in the plan shown first."""
    plan = snapshot.default_plan
    counts = {
        name: {c.value: c.n for c in counts_of(choices, plan, name)} if plan else {}
        for name, choices in (("kind", Kind), ("level", Level), ("rule", Rule), ("deadline_basis", DeadlineBasis))
    }
    rules = {kind.value: [rule.label for rule in allowed] for kind, allowed in RULES_BY_KIND.items()}
    return {
        "counted": plan,
        "counts": counts,
        "tests_changed": tests_changed(snapshot, plan.rows) if plan else 0,
        "rules": rules,
        "remarks": REMARKS,
        "marks": MARKS,
    }


# Lists of the glossary: what each is, and its name among the labels.
LISTS = (
    (_("What is promised: kinds"), "kind"),
    (_("What is promised: levels"), "level"),
    (_("How it is decided: rules"), "rule"),
    (_("By when"), "deadline_basis"),
    (_("Whose statement"), "side"),
    (_("What sort of body"), "body_kind"),
    (_("What others say of a promise"), "says"),
    (_("What this site records"), "what"),
    (_("How a figure fits what is promised"), "fits"),
    (_("What a published number says of the true one"), "bound"),
    (_("How a figure was taken"), "how"),
    (_("How far a search went"), "reach"),
    (_("What this site judges"), "verdict"),
)


def glossary(_snapshot):
    """Every word that pages, files and the API use, with what it means: the lists of labels and meanings."""
    lists = []
    for title, name in LISTS:
        words = {code: words for code, words in labels.LABELS[name].items() if code}
        meanings = meanings_of(words) or meanings_of(Says.values)
        entries = [(code, words[code], meanings.get(code) or meaning_of(code, name)) for code in words]
        lists.append({"title": title, "name": name, "entries": entries})
    return {"words": WORDS, "lists": lists}
