"""Accounts that differ on the invented plan, beside the progress of ``vellmark_progress``: promises already due.

Bells: claimed kept, judged done in part. Bridges: claimed kept, an independent body finds it was not, nothing else on
record. Ferries: the State keeps the list secret. Water: two figures for one day. Roofs: a promise of chapter II met
early, and an official figure for one valley only.
"""

from tests.registering import register
from tracker.loader.load import LETTERS
from tracker.models import BeneficiaryGroup, Metric, Provision

from .factories import CommitmentFactory, MetricFactory
from .vellmark_progress import DAY, WATER, _finding, _publish, _row

DUE = DAY(2026, 6, 30)


def promised(code, title, *, by, groups=(), **fields):
    """Register a promise that was due on 30 June 2026 in the last paragraph of the plan."""
    provision = Provision.objects.get(code="II.2")
    values = {"rule": "judge", "kind": "programme", "level": "process", "metric": None}
    values |= {"comparator": "", "target_value": None, "deadline": DUE, "deadline_basis": "stated"}
    values |= {"quote": "supporting choirs", "test": f"Done if {title.lower()} by 30 June 2026."}
    record = CommitmentFactory.build(
        code=code,
        title=title,
        provision=provision,
        plan=provision.plan,
        order=provision.order * LETTERS + ord(code[-1]),
        **(values | fields),
    )
    related = {"groups": list(BeneficiaryGroup.objects.filter(code__in=groups))} if groups else None
    return register(record=record, by=by, relations=related)


def publish_accounts(*, by, reviewer):
    """Register and publish it all. Rows by a name that tests use."""
    promised("II.2c", "Bells mended", by=by)
    promised("II.2d", "Bridges built", by=by, groups=["villagers"])
    promised("II.2e", "List of ferries published", by=by)
    register(record=MetricFactory.build(code="new-roofs", name="New roofs", unit="roofs"), by=by)
    promised(
        "II.2f",
        "Nine roofs laid",
        by=by,
        groups=["villagers"],
        rule="reach",
        kind="quantity",
        metric=Metric.objects.get(code="new-roofs"),
        comparator="≥",
        target_value=9,
    )
    claim = {"source": "gazette", "says": "kept", "origin": "chancery", "as_of": DAY(2026, 7, 2)}
    roofs = {"source": "gazette", "metric": "new-roofs", "origin": "chancery", "as_of": DAY(2026, 6, 15)}
    rows = {
        "bells": _row("watch-note", commitment="II.2c", verdict="in_part", as_of=DAY(2026, 8, 1), text="BELLS"),
        "ferries": _row("watch-note", commitment="II.2e", withheld=True, as_of=DAY(2026, 8, 3), text="FERRIES"),
        "rival": _row(
            "watch-note", metric=WATER, value=85, origin="valley-watch", as_of=DAY(2026, 9, 30), text="RIVAL"
        ),
        "roofs": _row(**roofs, value=9, text="ROOFS"),
        "roofs-east": _row(**roofs, value=2, scope="the eastern valley", text="EAST"),
    }
    findings = {
        "bells-claim": _finding(**claim, commitment="II.2c", text="BELLS-CLAIM"),
        "bridges-claim": _finding(**claim, commitment="II.2d", text="BRIDGES-CLAIM"),
        "bridges-against": _finding(
            "watch-note", "not_kept", "valley-watch", DAY(2026, 7, 9), commitment="II.2d", text="BRIDGES-AGAINST"
        ),
    }
    _publish(rows, by, reviewer)
    _publish(findings, by, reviewer)
    return {name: pair[0] for name, pair in {**rows, **findings}.items()}


def publish_many(*, by, reviewer, times=150):
    """Ten times the history: values of one metric and findings on one promise."""
    rows = {
        f"more-{n}": _row("census-2026", metric=WATER, value=80, as_of=DAY(2024, 1, 1 + n % 28), text="MORE")
        for n in range(times)
    }
    findings = {
        f"said-{n}": _finding(
            "watch-note", "notes", "valley-watch", DAY(2026, 3, 1 + n % 28), commitment="I.1.1e", text="MORE"
        )
        for n in range(times)
    }
    _publish(rows, by, reviewer)
    _publish(findings, by, reviewer)
