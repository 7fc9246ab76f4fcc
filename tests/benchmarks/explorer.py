"""How long the filters take in memory over many more promises than any plan has: the real ones, repeated.

Ten thousand commitments, with the updates and findings of the one that each was copied from.
"""

import time
from dataclasses import replace

import django
from django.conf import settings
from django.http import QueryDict

COMMITMENTS, ROUNDS = 10_000, 15
QUESTIONS = {
    "all facets, nothing chosen": "",
    "all facets, five filters": "category=I&kind=quantity&kind=programme&level=outcome&level=process&group=not_known"
    "&deadline_after=2021-01-01",
    "ranges, two sorts": "distance_min=0&pace_max=2&sort=status&sort=-distance",
    "counted by right": "by=category",
}


def many(snapshot, code, count=COMMITMENTS):
    """A snapshot whose plan of that code has so many commitments: its own, again and again under new codes."""
    plan = snapshot.plan(code)
    own = list(plan.commitments.values())
    copies = [replace(own[n % len(own)], code=f"{own[n % len(own)].code}-{n // len(own)}") for n in range(count)]
    origin = {c.code: own[n % len(own)].code for n, c in enumerate(copies)}
    larger = replace(
        plan,
        commitments={c.code: c for c in copies},
        updates={mine: plan.updates[first] for mine, first in origin.items()},
        findings={mine: plan.findings[first] for mine, first in origin.items()},
    )
    return replace(snapshot, plans={code: larger})


def milliseconds(ask):
    """The middle one of several times that it took."""
    times = []
    for _n in range(ROUNDS):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[ROUNDS // 2]


def explorer(snapshot, code):
    """What is measured, with milliseconds: the sets that a new snapshot makes once, then each question."""
    larger = many(snapshot, code)
    plan = larger.plan(code)
    start = time.perf_counter()
    plan.bits, larger.wordings  # noqa: B018  (made on first use)
    yield f"sets of {len(plan.rows):,} commitments, once a snapshot", (time.perf_counter() - start) * 1000

    from tracker.filters import CommitmentFilter

    for label, query in QUESTIONS.items():

        def ask(query=query):
            filters = CommitmentFilter(QueryDict(query), snapshot=larger, plan=plan)
            filters.answer()
            filters.grouping()

        yield f"{label}, {len(plan.rows):,} commitments", milliseconds(ask)


def report(snapshot, code):
    """Print it."""
    for label, took in explorer(snapshot, code):
        print(f"{label:<56}{took:>10.1f} ms")


def main():
    """Measure on the site that the environment names, in a process of its own."""
    django.setup()
    from tracker import queries

    report(queries.snapshot(), settings.PLAN)


if __name__ == "__main__":
    main()
