"""The registry back into seed files, so that what was corrected on the site can be reviewed as a change of text."""

from pathlib import Path

from django.db.models import Exists, OuterRef, Q

from tracker.models import Commitment, Plan, SeedRow

from .files import PATTERNS, write_rows
from .tables import BODIES, COMMITMENTS, GROUPS, METRICS, PLAN, TABLES

SHARED = (BODIES, GROUPS, METRICS)


def dump_folder(plan_code, folder):
    """Write all seed files of a plan into a folder, and return their paths. Raises ``Plan.DoesNotExist``.

    Of what plans share, those rows are written that this plan's files brought, and those that nobody's files did.
    """
    plan = Plan.objects.get(code=plan_code)
    folder = Path(folder)
    written = []
    for table in TABLES:
        for name, records in _files_of(table, plan):
            path = folder / name
            write_rows(path, table, [table.row_of(record) for record in records])
            written.append(path)
    return written


def _files_of(table, plan):
    """Names of the files of a table, each with its records."""
    records = table.records()
    if table is PLAN:
        records = records.filter(pk=plan.pk)
    elif table.of_plan:
        records = records.filter(plan=plan).order_by("order")
    elif table in SHARED:
        seeds = SeedRow.objects.filter(table=table.name, key=OuterRef("code"))
        records = records.filter(Q(Exists(seeds.filter(folder=plan.code))) | ~Exists(seeds)).order_by("code")
        if not records:
            return
    if table is not COMMITMENTS:
        yield PATTERNS[table], records
        return
    by_chapter = {}
    for commitment in records.select_related("provision__category__parent__parent__parent", "metric"):
        by_chapter.setdefault(_chapter_of(commitment), []).append(commitment)
    for chapter, commitments in by_chapter.items():
        yield PATTERNS[table].replace("*", chapter), commitments


def _chapter_of(commitment: Commitment):
    """Code of the topmost category that a commitment stands in; ``plan`` where it stands in none."""
    category = commitment.provision.category
    if category is None:
        return "plan"
    while category.parent is not None:
        category = category.parent
    return category.code
