"""What was recorded, back into seed files, so that corrections made on the site can be reviewed as a change of text."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Exists, OuterRef, Q

from tracker.models import Commitment, Plan, SeedRow, Update, What
from tracker.schema import PROGRESS, TABLES
from tracker.schema.foundations import BASELINE, INSTRUMENTS, NORM_LINKS, NORMS
from tracker.schema.keys import fingerprint
from tracker.schema.progress import UPDATES
from tracker.schema.registry import BODIES, COMMITMENTS, GROUPS, METRICS, PLAN, SOURCES

from .chains import Chains
from .files import OPTIONAL_FILES, PATTERNS, write_rows

SHARED = (BODIES, SOURCES, GROUPS, METRICS, INSTRUMENTS, NORMS)
AS_REGISTERED = (INSTRUMENTS, NORMS)  # by code, article 10 would stand before article 2, and pages list them like this
IN_FOLDERS = (COMMITMENTS, BASELINE, NORM_LINKS, *PROGRESS)


@dataclass
class Dump:
    """What was written, and how many published rows of progress stand in no file."""

    paths: list = field(default_factory=list)
    by_hand: int = 0
    over: int = 0  # withdrawn or redacted here


def dump_folder(plan_code, folder):
    """Write all seed files of a plan into a folder. Raises ``Plan.DoesNotExist``.

    Of what plans share, those rows are written that this plan's files brought, and those that nobody's files did. Of
    updates and findings those are written that the files brought, as corrections left them. Files of commitments,
    updates and findings that no row stands in any more are removed, because their rows would stand twice.
    """
    plan = Plan.objects.get(code=plan_code)
    folder = Path(folder)
    dump = Dump()
    for table in TABLES:
        seeds = {seed.key: seed for seed in SeedRow.objects.filter(folder=plan.code, table=table.name)}
        amendments = _amendments(table, plan)
        for name, records in _files_of(table, plan):
            rows = [table.row_of(record) for record in records]
            _write(folder / name, table, rows, seeds, amendments, dump)
    for table in PROGRESS:
        _dump_progress(table, plan, folder, dump)
    for table in IN_FOLDERS:
        for path in set(folder.glob(PATTERNS[table])) - set(dump.paths):
            path.unlink()
    return dump


def _write(path, table, rows, seeds, reasons, dump):
    """Write a file. A row says why it changed as its file did, or as the site does where it was changed there since."""
    said = {}
    for row in rows:
        key = row[table.natural]
        seed = seeds.get(key)
        as_loaded = seed is not None and seed.fingerprint == fingerprint(row)
        said[key] = seed.reason if as_loaded else reasons.get(key)
    write_rows(path, table, rows, said)
    dump.paths.append(path)


def _dump_progress(table, plan, folder, dump):
    chains = Chains(table)
    seeds = SeedRow.objects.filter(folder=plan.code, table=table.name).order_by("file", "position")
    files, seeds_by_key = {}, {}
    for seed in seeds:
        seeds_by_key[seed.key] = seed
        if seed.key not in chains.current:
            continue
        if chains.is_over(seed.key):
            dump.over += 1
        else:
            files.setdefault(seed.file, []).append(chains.row(seed.key))
    reasons = {key: record.reason for key, record in chains.current.items()}
    for name, rows in files.items():
        _write(folder / name, table, rows, seeds_by_key, reasons, dump)
    live = table.model.objects.live().exclude(pk__in=[record.pk for record in chains.current.values()])
    if table is UPDATES:
        live = live.exclude(what__in=(What.AMENDMENT, What.WITHDRAWAL))
        live = live.filter(Q(commitment__plan=plan) | Q(metric__commitments__plan=plan))
    else:
        live = live.exclude(withdrawn=True).filter(Q(commitment__plan=plan) | Q(category__plan=plan))
    dump.by_hand += live.distinct().count()


def _files_of(table, plan):
    """Names of the files of a table, each with its records."""
    records = table.records()
    if table is PLAN:
        records = records.filter(pk=plan.pk)
    elif table.of_plan:
        records = records.filter(plan=plan).order_by("order")
    elif table in SHARED:
        seeds = SeedRow.objects.filter(table=table.name, key=OuterRef("code"))
        records = records.filter(Q(Exists(seeds.filter(folder=plan.code))) | ~Exists(seeds))
        records = records.order_by("pk" if table in AS_REGISTERED else "code")
    if table in OPTIONAL_FILES and not records:
        return
    if table not in IN_FOLDERS:
        yield PATTERNS[table], records
        return
    parts = {}
    for record in records.select_related(*PART_OF[table][0]):
        parts.setdefault(PART_OF[table][1](record), []).append(record)
    for place, (part, rows) in enumerate(parts.items()):
        # Parts of a document are numbered, because a preamble stands before part I and files are read by name.
        yield PATTERNS[table].replace("*", f"{place}-{part}" if table is BASELINE else part), rows


def _amendments(table, plan):
    """Why each record of a table was last amended, by code; of what each plan has of its own, this plan's."""
    if not table.amended:
        return {}
    amended = {f"{table.name}__plan": plan} if table.of_plan else {f"{table.name}__isnull": False}
    amendments = Update.objects.live().filter(what=What.AMENDMENT, **amended)
    return dict(amendments.order_by("entry_id").values_list(f"{table.name}__code", "reason"))


def _chapter_of(commitment: Commitment):
    """Code of the topmost category that a commitment stands in; ``plan`` where it stands in none."""
    category = commitment.provision.category
    if category is None:
        return "plan"
    while category.parent is not None:
        category = category.parent
    return category.code


# What a file of each table holds: the relations that say so, and how.
ABOVE = "provision__category__parent__parent__parent"
PART_OF = {
    COMMITMENTS: ([ABOVE, "metric"], _chapter_of),
    NORM_LINKS: ([f"commitment__{ABOVE}", "norm"], lambda link: _chapter_of(link.commitment)),
    BASELINE: (["category", "source"], lambda figure: figure.place.split(".")[0]),
}
