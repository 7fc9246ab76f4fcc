"""What is on record, prepared for a page: updates and findings with whose they are, who carried them, what followed."""

from tracker import labels, models


def cited(snapshot, evidence):
    """Sources of a row, each with who carried it."""
    found = []
    for each in evidence:
        source = snapshot.sources[each.source]
        publisher = snapshot.bodies.get(source.publisher)
        file = {"hash": each.file, "name": each.file_name, "size": each.file_size} if each.file else None
        found.append(
            {"source": source, "publisher": publisher, "locator": each.locator, "note": each.note, "file": file}
        )
    return found


def _by_then(snapshot, rows):
    """Rows that speak of the day asked for or of one before it."""
    return [row for row in rows if row.as_of <= snapshot.on]


def history(snapshot, rows):
    """Updates for a table, newest first; each with what replaced it, where something did."""
    newest = sorted(_by_then(snapshot, rows), key=lambda u: (u.as_of, u.entry), reverse=True)
    return [
        {
            "update": u,
            "origin": snapshot.bodies.get(u.origin),
            "sources": cited(snapshot, u.evidence),
            "replaced": snapshot.replaced_by.get(u.entry),
        }
        for u in newest
    ]


def findings_by_side(snapshot, findings):
    """Findings of the State, of UN bodies and of others, side by side and never merged."""
    listed = finding_list(snapshot, findings)
    by_entry = {each["finding"].entry: each for each in listed}
    for each in listed:
        each["replies_to"] = by_entry.get(each["finding"].replies_to)
        if each["replies_to"]:
            each["replies_to"]["answers"].append(each)
    return [
        {"side": side, "label": label, "findings": [each for each in listed if each["finding"].side == side]}
        for side, label in labels.ACCOUNTS.items()
        if side != "site"
    ]


def finding_list(snapshot, findings):
    """Findings in the order given, each with whose it is and what replaced it."""
    return [
        {
            "finding": f,
            "origin": snapshot.bodies.get(f.origin),
            "sources": cited(snapshot, f.evidence),
            "answers": [],
            "replaced": snapshot.replaced_by.get(f.entry),
        }
        for f in _by_then(snapshot, findings)
    ]


def amendments(snapshot, kind, *code):
    """Changes to what the registry says of something, newest first: each field with its old and new value in labels."""
    model = {"commitment": models.Commitment, "metric": models.Metric, "body": models.Body, "source": models.Source}
    found = []
    for each in reversed(snapshot.amendments.get((kind, *code), ())):
        fields = [
            {"label": model[kind]._meta.get_field(name).verbose_name, "old": _said(name, old), "new": _said(name, new)}
            for name, (old, new) in each.changes.items()
        ]
        found.append({"amendment": each, "fields": fields})
    return found


def _said(name, value):
    """A stored value as a reader sees it; a blank one as blank."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    choices = labels.LABELS.get({"kind": "kind"}.get(name, name), {})
    return choices.get(value, value) if value not in (None, "") else ""


def sides_of(snapshot, rows):
    """Rows of updates and findings by the side of whose statement each is."""
    for row in rows:
        side = getattr(row, "side", "") or (snapshot.bodies[row.origin].side if row.origin else "")
        if side:
            yield side


def stages(snapshot, metric, commitment, rows):
    """A ladder's stages in order, each with the first update that reached it by the day asked for."""
    reached = {}
    for row in sorted(_by_then(snapshot, rows), key=lambda u: (u.as_of, u.entry)):
        if row.rung:
            reached.setdefault(row.rung, row)
    last = max((metric.rungs.index(rung) for rung in reached if rung in metric.rungs), default=-1)
    return [
        {
            "rung": rung,
            "passed": place < last and rung not in reached,
            "promised": rung == commitment.target_rung,
            "update": reached.get(rung),
            "late": rung in reached and reached[rung].as_of > commitment.deadline,
        }
        for place, rung in enumerate(metric.rungs)
    ]
