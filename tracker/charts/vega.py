"""The picture of a promise's values as a Vega-Lite specification with its data, for whoever wants to draw it elsewhere.

Layers, from the back: levels that an approximate target allows, target, deadline, straight way from the baseline,
sums, years, bounds, values. Grammar: https://vega.github.io/vega-lite/docs/spec.html
"""

import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import labels
from tracker.models import Rule
from tracker.snapshot.plan import NotInRegistry
from tracker.snapshot.results import as_decimal

from .series import SIDES, series

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
SHAPES = {"official": "circle", "un": "square", "independent": "triangle-up"}
COLOURS = {"official": "#1f5c99", "un": "#6b3f96", "independent": "#80510a"}
ACCENT, INK, SOFT, FAILED = "#7a1f33", "#1c1a15", "#5c574b", "#b02a3b"
YEAR_SIGNS = {"held": "✓", "failed": "✕", "disputed": "≠", "": "?"}


def specification(snapshot, plan, code):
    """The series of a promise as a specification. Raises ``NotInRegistry`` where there is nothing to draw."""
    commitment = plan.commitment(code)
    found = series(snapshot, plan, code)
    if found is None:
        raise NotInRegistry(_("There is no picture of %(code)s: no figure for it is on record.") % {"code": code})
    return {
        "$schema": SCHEMA,
        "title": {"text": f"{code} {commitment.title}", "subtitle": f"{found.metric.name}, {found.metric.unit}"},
        "description": _description(snapshot, found),
        "usermeta": _about(snapshot, plan, found),
        "width": 520,
        "height": 300,
        "datasets": {"values": [_value(snapshot, point) for point in found.points]},
        "layer": list(_layers(found)),
        "config": {"background": "#fffefa", "axis": {"gridColor": "#d9d3c4", "labelColor": SOFT, "titleColor": SOFT}},
    }


def _description(snapshot, series):
    c = series.commitment
    return _(
        "%(test)s Promised: %(target)s, by %(deadline)s. Status as of %(on)s: %(status)s. A promise kept is not a "
        "right protected."
    ) % {
        "test": c.test,
        "target": labels.target(c),
        "deadline": date_format(c.deadline, "j F Y"),
        "on": date_format(snapshot.on, "j F Y"),
        "status": labels.status(c),
    }


def _about(snapshot, plan, series):
    """Where the picture comes from and what it was made of."""
    c = series.commitment
    return {
        "plan": plan.title,
        "commitment": c.code,
        "address": settings.SITE_URL + c.path,
        "as_of": str(snapshot.on),
        "log_entry": snapshot.known,
        "method": series.assessed.method,
        "status": c.status,
        "missing": c.missing or None,
        "flags": list(c.flags),
        "licence": "CC BY 4.0",
    }


def _number(fraction):
    """A number as Vega reads it; ``None`` for none. The exact one stands beside it as a text."""
    return None if fraction is None else float(fraction)


def _value(snapshot, point):
    """A row of data: the figure, the time it speaks of, its bound, its fit, whose it is and what carried it."""
    u = point.update
    return {
        "day": str(u.as_of),
        "period_start": str(u.starts_on) if u.starts_on else None,
        "precision": u.precision,
        "value": float(u.value),
        "exact": format(u.value.normalize(), "f"),
        "as_published": u.as_published or None,
        "bound": u.bound,
        "low": _number(point.low),
        "high": _number(point.high),
        "fits": point.fits,
        "scope": u.scope or None,
        "how": u.how,
        "side": point.side,
        "origin": point.origin.name if point.origin else None,
        "entry": u.entry,
        "sources": [_source(snapshot, cited) for cited in u.evidence],
    }


def _source(snapshot, cited):
    source = snapshot.sources[cited.source]
    return {
        "title": source.title,
        "publisher": snapshot.bodies[source.publisher].name,
        "published": str(source.published) if source.published else None,
        "address": source.address or None,
        "reason_withheld": source.reason_withheld or None,
        "locator": cited.locator or None,
    }


def _x(series):
    """Days, whatever the clock of the reader says, with a mark at the end of each year: figures stand there."""
    days = [point.update.as_of for point in series.points] + [series.commitment.deadline]
    ends = (datetime.datetime(year, 12, 31, tzinfo=datetime.UTC) for year in range(min(days).year, max(days).year + 1))
    axis = {"format": "%Y", "values": [int(end.timestamp() * 1000) for end in ends]}
    scale = {"type": "utc", "nice": False, "padding": 24}
    return {"field": "day", "type": "temporal", "scale": scale, "axis": axis, "title": None}


def _y(series, field="value"):
    scale = {"zero": False, "nice": False, "padding": 24}
    return {"field": field, "type": "quantitative", "scale": scale, "title": series.metric.unit}


def _layer(name, rows, mark, **encoding):
    """A layer that brings its own rows; those of values are named data."""
    data = {"name": rows} if isinstance(rows, str) else {"values": rows}
    return {"name": name, "data": data, "mark": mark, "encoding": encoding}


def _layers(series):
    """From the back to the front; each only where there is something to draw."""
    yield from _target(series)
    deadline = [{"day": str(series.commitment.deadline), "label": _("deadline")}]
    yield _layer("deadline", deadline, {"type": "rule", "strokeDash": [5, 4], "color": INK}, x=_x(series))
    mark = {"type": "text", "align": "right", "dx": -4, "dy": 8, "color": INK}
    yield _layer("deadline label", deadline, mark, x=_x(series), y={"value": 0}, text={"field": "label"})
    if series.path:
        rows = [{"day": str(day), "value": _number(level)} for day, level in series.path]
        yield _layer(
            "way to the target", rows, {"type": "line", "strokeDash": [2, 3], "color": SOFT}, x=_x(series), y=_y(series)
        )
    if series.sums:
        yield _sums(series)
    if series.years:
        yield from _years(series)
    yield from _baseline(series)
    yield from _bounds(series)
    yield _values(series)


def _target(series):
    if series.target is None:
        return
    low, high = series.kept_levels
    if low is not None and high is not None:
        rows = [{"low": _number(low), "high": _number(high)}]
        mark = {"type": "rect", "color": ACCENT, "opacity": 0.12}
        yield _layer("levels that meet the target", rows, mark, y=_y(series, "low"), y2={"field": "high"})
    level = labels.number(as_decimal(series.target))
    comparator = labels.COMPARATOR_WORDS[series.commitment.comparator]
    label = _("target: %(comparator)s %(level)s") % {"comparator": comparator, "level": level}
    rows = [{"value": _number(series.target), "label": label}]
    yield _layer("target", rows, {"type": "rule", "color": ACCENT, "strokeWidth": 1.5}, y=_y(series))
    mark = {"type": "text", "align": "left", "dx": 4, "dy": -7, "color": ACCENT}
    yield _layer("target label", rows, mark, x={"value": 0}, y=_y(series), text={"field": "label"})


def _sums(series):
    rows = [{"day": str(series.assessed.value.starts_on), "value": 0.0, "bound": "exact"}]
    rows += [{"day": str(each.day), "value": _number(each.value), "bound": each.bound} for each in series.sums]
    mark = {"type": "line", "point": {"shape": "square", "color": SOFT}, "color": SOFT}
    return _layer("added up from the start of the plan", rows, mark, x=_x(series), y=_y(series))


def _years(series):
    """A sign at the foot of each year in which the level was to be held, and a line through years that failed."""
    rows = [
        {"day": str(year.end), "answer": year.answer or "not on record", "sign": YEAR_SIGNS[year.answer]}
        for year in series.years
    ]
    failed = [row for row in rows if row["answer"] == "failed"]
    if failed:
        mark = {"type": "rule", "color": FAILED, "opacity": 0.4, "strokeWidth": 6}
        yield _layer("years in which it was not held", failed, mark, x=_x(series))
    mark = {"type": "text", "baseline": "bottom", "dy": -3, "fontSize": 13, "color": INK}
    yield _layer("years", rows, mark, x=_x(series), y={"value": "height"}, text={"field": "sign"})


def _baseline(series):
    value = series.baseline
    if value is None:
        return
    label = _("baseline %(value)s") % {"value": labels.bounded(as_decimal(value.value), value.bound)}
    rows = [{"day": str(value.as_of), "value": _number(value.value), "entry": value.entry, "label": label}]
    mark = {"type": "point", "shape": "circle", "size": 260, "filled": False, "color": INK}
    yield _layer("baseline", rows, mark, x=_x(series), y=_y(series))
    dy = 20 if series.upward or series.commitment.rule == Rule.HOLD else -18
    mark = {"type": "text", "align": "left", "dx": -4, "dy": dy, "color": INK}
    yield _layer("baseline label", rows, mark, x=_x(series), y=_y(series), text={"field": "label"})


def _bounds(series):
    """What published numbers leave open: an arrow where one end is, a bar where both are."""
    for open_to, sign, dy in (("up", "↑", -14), ("down", "↓", 14)):
        rows = [_place(point) for point in series.points if point.open_to == open_to]
        if rows:
            mark = {"type": "text", "text": sign, "dy": dy, "fontSize": 15, "color": INK}
            yield _layer(f"bounds open {open_to}", rows, mark, x=_x(series), y=_y(series))
    rows = [_place(point) for point in series.points if point.open_to == "about"]
    if rows:
        mark = {"type": "rule", "color": INK, "strokeWidth": 1.3}
        yield _layer("bounds of about", rows, mark, x=_x(series), y=_y(series, "low"), y2={"field": "high"})


def _place(point):
    return {
        "day": str(point.update.as_of),
        "value": float(point.update.value),
        "low": _number(point.low),
        "high": _number(point.high),
    }


def _values(series):
    """Shape and colour say whose a value is; hollow is a near statistic, dashed one that is not computed with."""
    sides = [side for side in SIDES if any(point.side == side for point in series.points)]
    whose = {"field": "side", "type": "nominal", "title": _("whose figure")}
    filled = {"condition": {"test": "datum.fits === 'same'", "value": 1}, "value": 0}
    dashed = {"condition": {"test": "datum.fits === 'other'", "value": [2, 2]}, "value": [1, 0]}
    return _layer(
        "values",
        "values",
        {"type": "point", "size": 90, "strokeWidth": 1.6},
        x=_x(series),
        y=_y(series),
        shape={**whose, "scale": {"domain": sides, "range": [SHAPES[side] for side in sides]}},
        stroke={**whose, "scale": {"domain": sides, "range": [COLOURS[side] for side in sides]}},
        fill={**whose, "scale": {"domain": sides, "range": [COLOURS[side] for side in sides]}},
        fillOpacity=filled,
        strokeDash=dashed,
        tooltip=[
            {"field": name, "type": "nominal"}
            for name in ("day", "exact", "bound", "origin", "side", "fits", "scope", "entry")
        ],
    )
