"""The public files: everything that the site's statuses rest on, one JSON document a kind of record.

Each is ``{"about": …, "results": […]}`` with the keys of the record, exact numbers and dates as texts, blanks as null.
With them go the log and the programs that verify it and compute every status anew, so that the folder needs nothing
else: ``python verify.py ledger.jsonl`` and ``python recompute.py .``.
"""

import dataclasses
import json
import shutil
from pathlib import Path

from django.conf import settings

from . import log
from .assess import METHOD
from .exports import LICENCE
from .records import plain

PROGRAMS = ("verify.py", "recompute.py", "assess.py")


def row_of(record, **more):
    """A record as plain values, what it cites included; ``more`` goes first."""
    row = dict(more)
    for each in dataclasses.fields(record):
        value = getattr(record, each.name)
        if each.name == "evidence":
            row[each.name] = [dataclasses.asdict(cited) for cited in value]
        elif each.name != "path":
            row[each.name] = plain(value)
    return row


def tables(snapshot):
    """The results of each file, by its name."""
    plans = snapshot.plans.values()
    named = ("code", "title", "short_title", "language", "published_on", "published_precision", "starts_on", "ends_on")
    updates = [row_of(row, plan=None) for rows in snapshot.updates.values() for row in rows]
    updates += [
        row_of(row, plan=plan.code)
        for plan in plans
        for rows in plan.updates.values()
        for row in rows
        if not row.metric
    ]
    findings = [(plan, rows) for plan in plans for part in (plan.findings, plan.findings_on) for rows in part.values()]
    return {
        "plans": [{name: plain(getattr(plan, name)) for name in named} for plan in plans],
        "metrics": [row_of(metric) for metric in snapshot.metrics.values()],
        "commitments": [c.public(settings.SITE_URL) for plan in plans for c in plan.commitments.values()],
        "updates": sorted(updates, key=lambda row: row["entry"]),
        "assessments": sorted(
            (row_of(row, plan=plan.code) for plan, rows in findings for row in rows), key=lambda row: row["entry"]
        ),
        "bodies": [row_of(body) for body in snapshot.bodies.values()],
        "sources": [row_of(source) for source in snapshot.sources.values()],
    }


def write(snapshot, folder):
    """Write all files into a folder, which is made where it is missing; what else is in it stays. Returns counts."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "as_of": str(snapshot.on),
        "ledger_entry": snapshot.known,
        "ledger_head": snapshot.head_hash,
        "method": METHOD,
        "licence": LICENCE,
        "url": settings.SITE_URL,
    }
    counts = {}
    for name, results in tables(snapshot).items():
        counts[name] = len(results)
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in results)
        head = json.dumps(about | {"table": name, "count": len(results)}, ensure_ascii=False)
        text = f'{{"about": {head}, "results": [\n{lines}\n]}}\n'
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    with (folder / "ledger.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(line for line in log.lines(snapshot.known))
    for program in PROGRAMS:
        shutil.copyfile(Path(__file__).parent / program, folder / program)
    return counts
