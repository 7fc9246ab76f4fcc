"""What the site says of itself: who runs it, from the settings, and how far its evidence goes, from the records."""

from collections import Counter

from django.conf import settings

from tracker.ledger import log
from tracker.models import Reread, Side
from tracker.records.registry import MetricRecord
from tracker.snapshot.snapshot import once_for_a_snapshot

from .counts import Count
from .shared import has_address, statements_of

READ_TWICE = (Reread.CONFIRMED, Reread.CORRECTED)


def as_link(contact):
    """Where somebody is reached, as a link has it."""
    return f"mailto:{contact}" if "@" in contact and "://" not in contact else contact


def about(snapshot):
    """Who runs the site, who pays, who reads, how to reach them, and how far the evidence can be trusted."""
    people = {name.lower(): getattr(settings, name) for name in ("OPERATOR", "FUNDING", "EDITORS", "INDEPENDENCE")}
    return {
        **people,
        "nobody": not any(people.values()) and not settings.CONTACT,
        "contact": settings.CONTACT,
        "contact_address": as_link(settings.CONTACT),
        "days": settings.REPORT_DAYS,
        **evidence(snapshot),
    }


@once_for_a_snapshot
def evidence(snapshot):
    """How many statements rest on what: read twice or once, with an address or without, by whose they are and who
    carried them; and since when and in which roles the log was written.
    """
    of, beside, origins, carriers, rests = 0, 0, Counter(), Counter(), Counter()
    for about, row in statements_of(snapshot, iter):
        if not row.evidence:
            continue
        of += 1
        beside += isinstance(about, MetricRecord) and not snapshot.by_metric[about.code]
        sources = [snapshot.sources[each.source] for each in row.evidence]
        body = snapshot.bodies.get(row.origin)
        origins[body.side if body else "unknown"] += 1
        carriers += Counter({snapshot.bodies[source.publisher].side for source in sources})
        rests["twice"] += row.reread in READ_TWICE
        rests["not_found"] += row.reread == Reread.NOT_FOUND
        rests["once"] += not row.reread
        rests["bare"] += not any(map(has_address, sources))
        rests["filed"] += any(each.file for each in row.evidence)
    return {
        "rests": {name: Count("", "", rests[name], of) for name in ("twice", "once", "not_found", "bare", "filed")},
        "statements": of,
        # Figures of statistics that no promise is measured by, which the plan's own pages do not count.
        "beside": beside,
        "by_side": [
            (side, Count("", "", origins[side], of), Count("", "", carriers[side], of)) for side in Side.values
        ],
        "sources": len(snapshot.sources),
        "bare_sources": sum(not has_address(each) for each in snapshot.sources.values()),
        "began": log.written_at(1),
        "roles": list(log.by_role(snapshot.known)),
    }
