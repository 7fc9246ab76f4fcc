"""Where things stood before each plan, as the registry holds it at a log entry."""

from tracker.models import BaselineFigure, BaselinePassage
from tracker.records.baseline import BaselineRecord, PassageRecord, RepeatRecord
from tracker.schema import BASELINE, PASSAGES
from tracker.text import plain_number

from .paths import path_of


def read_baseline(there_then):
    """Figures and acts of each plan in the order of the document, and the passages with what was not recorded.

    ``there_then(rows, table)`` gives those rows that the registry held at the time.
    """
    baseline, passages = {}, {}
    figures = BaselineFigure.objects.select_related("plan", "source", "category")
    for f in there_then(figures.prefetch_related("commitments", "metrics").order_by("plan", "order"), BASELINE):
        there = baseline.setdefault(f.plan.code, {})
        there[f.code] = _baseline(f, position=len(there) + 1)
    rows = BaselinePassage.objects.select_related("plan", "source").order_by("plan", "order")
    for p in there_then(rows, PASSAGES):
        there = passages.setdefault(p.plan.code, {})
        there[p.code] = PassageRecord(p.plan.code, p.code, len(there) + 1, p.source.code, tuple(p.other_figures))
    return baseline, passages


def _baseline(f, position):
    same = ("code", "form", "title", "place", "quote", "as_published", "bound", "unit", "nature")
    dated = ("starts_on", "as_of", "precision", "undated", "how", "scope", "same_series", "note")
    return BaselineRecord(
        plan=f.plan.code,
        position=position,
        source=f.source.code,
        category=f.category.code if f.category else "",
        commitments=tuple(c.code for c in sorted(f.commitments.all(), key=lambda c: c.order)),
        metrics=tuple(sorted(m.code for m in f.metrics.all())),
        citations=tuple(RepeatRecord(**each) for each in f.citations),
        path=path_of("baseline-detail", f.plan.code, f.code),
        value=None if f.value is None else plain_number(f.value),
        **{name: getattr(f, name) for name in (*same, *dated)},
    )
