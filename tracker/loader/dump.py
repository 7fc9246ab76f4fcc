"""What was recorded, back into seed files, so that corrections made on the site can be reviewed as a change of text."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Exists, OuterRef, Q

from tracker.models import Plan, SeedRow, Update, What
from tracker.schema import EVERY_TABLE, PLAN, PROGRESS, TABLES, UPDATES

from .files import Reading, read_file, write_rows
from .progress import Chains


@dataclass
class Dump:
    """What was written, what was left, and how many published rows of progress stand in no file."""

    paths: list[Path] = field(default_factory=list)
    codes: set[tuple[str, str]] = field(default_factory=set)  # of what was written, with the name of the table
    left: list[str] = field(default_factory=list)  # names of files with rows that were never loaded
    by_hand: int = 0
    over: int = 0  # withdrawn or redacted here


def dump_folder(plan_code, folder):
    """Write all seed files of a plan into a folder. Raises ``Plan.DoesNotExist``.

    Of what plans share, those rows are written that this plan's files brought, and those that nobody's files did. Of
    updates and findings those are written that the files brought, as corrections left them. Files of commitments,
    updates and findings that no row stands in any more are removed, because their rows would stand twice; a file with
    a row that was never loaded stays, because it stands nowhere else.
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
    for table in EVERY_TABLE:
        if table.in_folder:
            _remove_what_moved(table, plan, folder, dump)
    return dump


def _remove_what_moved(table, plan, folder, dump):
    """Remove the files of a table of which every row was loaded once or stands in another file now."""
    known = {key for name, key in dump.codes if name == table.name}
    known |= set(SeedRow.objects.filter(folder=plan.code, table=table.name).values_list("key", flat=True))
    for path in sorted(set(folder.glob(table.pattern)) - set(dump.paths)):
        reading, name = Reading(), path.relative_to(folder).as_posix()
        read_file(path, name, table, reading)
        if reading.problems or not {row.code for row in reading.rows[table]} <= known:
            dump.left.append(name)
        else:
            path.unlink()


def _write(path, table, rows, seeds, reasons, dump):
    """Write a file. A row says why it changed as its file did, or as the site does where it was changed on it since."""
    because = {}
    for row in rows:
        key = row[table.natural]
        as_loaded = (seed := seeds.get(key)) is not None and seed.fingerprint == table.fingerprint(row)
        because[key] = seed.reason if as_loaded else reasons.get(key)
        dump.codes.add((table.name, key))
    write_rows(path, table, rows, because)
    dump.paths.append(path)


def _dump_progress(table, plan, folder, dump):
    chains = Chains(table)
    seeds = SeedRow.objects.filter(folder=plan.code, table=table.name).order_by("file", "position")
    files, seeds_by_key = {}, {seed.key: seed for seed in seeds}
    for seed in (seed for seed in seeds if seed.key in chains.current):
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
    else:
        seeds = SeedRow.objects.filter(table=table.name, key=OuterRef("code"))
        records = records.filter(Q(Exists(seeds.filter(folder=plan.code))) | ~Exists(seeds)).order_by(table.sorted_by)
    if not (table.needed or records):
        return
    if table.part is None:
        yield table.pattern, records
        return
    parts = {}
    for record in records.select_related(table.through) if table.through else records:
        parts.setdefault(table.part(record), []).append(record)
    for place, (part, rows) in enumerate(parts.items()):
        yield table.pattern.replace("*", f"{place}-{part}" if table.numbered else part), rows


def _amendments(table, plan):
    """Why each record of a table was last amended, by code; of what each plan has of its own, this plan's."""
    amended = {f"{table.name}__plan": plan} if table.of_plan else {f"{table.name}__isnull": False}
    amendments = Update.objects.live().filter(what=What.AMENDMENT, **amended)
    return dict(amendments.order_by("entry_id").values_list(f"{table.name}__code", "reason"))
