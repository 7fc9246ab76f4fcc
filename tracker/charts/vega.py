"""The picture of a promise's or a metric's values as a Vega-Lite specification with its data, to be drawn elsewhere.

Layers, from the back: levels that an approximate target allows, target, deadline, straight way from the baseline,
sums, years, bounds, values. Grammar: https://vega.github.io/vega-lite/docs/spec.html
"""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker.models import Rule, Side
from tracker.snapshot.plan import NotInRegistry
from tracker.snapshot.results import as_decimal
from tracker.wording import labels

from .series import series, series_of_metric

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
SHAPES = {"official": "circle", "un": "square", "independent": "triangle-up", "unknown": "diamond"}
COLOURS = {"official": "#1f5c99", "un": "#6b3f96", "independent": "#80510a", "unknown": "#5c574b"}
ACCENT, INK, SOFT, FAILED = "#7a1f33", "#1c1a15", "#5c574b", "#b02a3b"
YEAR_SIGNS = {"held": "✓", "failed": "✕", "disputed": "≠", "": "?"}


def specification(snapshot, plan, code):
    """The series of a promise as a specification. Raises ``NotInRegistry`` where there is nothing to draw."""
    commitment = plan.commitment(code)
    drawn = _required(series(snapshot, plan, code), code)
    made_of = {
        "plan": plan.title,
        "commitment": code,
        "address": settings.SITE_URL + commitment.path,
        "method": drawn.assessed.method,
        "status": commitment.status,
        "missing": commitment.missing or None,
        "flags": list(commitment.flags),
    }
    title = {"text": f"{code} {commitment.title}", "subtitle": f"{drawn.metric.name}, {drawn.metric.unit}"}
    return _document(snapshot, drawn, title, _description(snapshot, commitment), made_of)


def specification_of_metric(snapshot, code):
    """The values of a metric by themselves. Raises ``NotInRegistry`` where there is nothing to draw."""
    metric, drawn = snapshot.metric(code), _required(series_of_metric(snapshot, code), code)
    made_of = {"metric": code, "address": settings.SITE_URL + reverse("metric-detail", args=[code])}
    return _document(snapshot, drawn, {"text": metric.name, "subtitle": metric.unit}, metric.definition, made_of)


def _required(drawn, code):
    if drawn is None:
        raise NotInRegistry(_("There is no picture of %(code)s: no figure for it is on record.") % {"code": code})
    return drawn


def _document(snapshot, drawn, title, description, made_of):
    return {
        "$schema": SCHEMA,
        "title": title,
        "description": description,
        # Where the picture comes from and what it was made of.
        "usermeta": made_of | {"as_of": str(snapshot.on), "log_entry": snapshot.known, "licence": "CC BY 4.0"},
        "width": 520,
        "height": 300,
        "datasets": {"values": [_value(snapshot, point) for point in drawn.points]},
        "layer": list(_layers(drawn)),
        "config": {"background": "#fffefa", "axis": {"gridColor": "#d9d3c4", "labelColor": SOFT, "titleColor": SOFT}},
    }


def _description(snapshot, c):
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
    publisher, published = snapshot.bodies[source.publisher].name, str(source.published) if source.published else None
    return {"title": source.title, "publisher": publisher, "published": published} | {
        "address": source.address or None,
        "reason_withheld": source.reason_withheld or None,
        "locator": cited.locator or None,
    }


def _x(series):
    """Days, whatever the clock of the reader says, with a mark at the end of each year: figures stand there."""
    days = [point.update.as_of for point in series.points]
    days += [series.commitment.deadline] if series.commitment else []
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


def _writing(name, rows, field="label", color=INK, **where):
    """A layer of words at the places of its rows; ``where`` has places by name, and what else the mark says."""
    encoding = {axis: where.pop(axis) for axis in ("x", "y") if axis in where}
    return _layer(name, rows, {"type": "text", **where, "color": color}, **encoding, text={"field": field})


def _layers(series):
    """From the back to the front; each only where there is something to draw."""
    x, y = _x(series), _y(series)
    if series.target is not None:
        yield from _target(series, y)
    if series.commitment is not None:
        deadline = [{"day": str(series.commitment.deadline), "label": _("deadline")}]
        yield _layer("deadline", deadline, {"type": "rule", "strokeDash": [5, 4], "color": INK}, x=x)
        yield _writing("deadline label", deadline, x=x, y={"value": 0}, align="right", dx=-4, dy=8)
    if series.path:
        rows = [{"day": str(day), "value": _number(level)} for day, level in series.path]
        yield _layer("way to the target", rows, {"type": "line", "strokeDash": [2, 3], "color": SOFT}, x=x, y=y)
    if series.sums:
        rows = [{"day": str(series.assessed.value.starts_on), "value": 0.0, "bound": "exact"}]
        rows += [{"day": str(each.day), "value": _number(each.value), "bound": each.bound} for each in series.sums]
        mark = {"type": "line", "point": {"shape": "square", "color": SOFT}, "color": SOFT}
        yield _layer("added up from the start of the plan", rows, mark, x=x, y=y)
    if series.years:
        yield from _years(series, x)
    if series.baseline is not None:
        yield from _baseline(series, x, y)
    yield from _bounds(series, x, y)
    yield _values(series, x, y)


def _target(series, y):
    low, high = series.kept_levels
    if low is not None and high is not None:
        rows = [{"low": _number(low), "high": _number(high)}]
        mark = {"type": "rect", "color": ACCENT, "opacity": 0.12}
        yield _layer("levels that meet the target", rows, mark, y=_y(series, "low"), y2={"field": "high"})
    level = labels.number(as_decimal(series.target))
    comparator = labels.COMPARATOR_WORDS[series.commitment.comparator]
    label = _("target: %(comparator)s %(level)s") % {"comparator": comparator, "level": level}
    rows = [{"value": _number(series.target), "label": label}]
    yield _layer("target", rows, {"type": "rule", "color": ACCENT, "strokeWidth": 1.5}, y=y)
    yield _writing("target label", rows, x={"value": 0}, y=y, align="left", dx=4, dy=-7, color=ACCENT)


def _years(series, x):
    """A sign at the foot of each year in which the level was to be held, and a line through years that failed."""
    rows = [
        {"day": str(year.end), "answer": year.answer or "not on record", "sign": YEAR_SIGNS[year.answer]}
        for year in series.years
    ]
    if failed := [row for row in rows if row["answer"] == "failed"]:
        mark = {"type": "rule", "color": FAILED, "opacity": 0.4, "strokeWidth": 6}
        yield _layer("years in which it was not held", failed, mark, x=x)
    yield _writing("years", rows, "sign", x=x, y={"value": "height"}, baseline="bottom", dy=-3, fontSize=13)


def _baseline(series, x, y):
    value = series.baseline
    label = _("baseline %(value)s") % {"value": labels.bounded(as_decimal(value.value), value.bound)}
    rows = [{"day": str(value.as_of), "value": _number(value.value), "entry": value.entry, "label": label}]
    mark = {"type": "point", "shape": "circle", "size": 260, "filled": False, "color": INK}
    yield _layer("baseline", rows, mark, x=x, y=y)
    dy = 20 if series.upward or series.commitment.rule == Rule.HOLD else -18
    yield _writing("baseline label", rows, x=x, y=y, align="left", dx=-4, dy=dy)


def _bounds(series, x, y):
    """What published numbers leave open: an arrow where one end is, a bar where both are."""
    arrow = {"fontSize": 15, "color": INK}
    bar = {"type": "rule", "color": INK, "strokeWidth": 1.3}
    for open_to, name, mark, places in (
        ("up", "bounds open up", {"type": "text", "text": "↑", "dy": -14} | arrow, {"y": y}),
        ("down", "bounds open down", {"type": "text", "text": "↓", "dy": 14} | arrow, {"y": y}),
        ("about", "bounds of about", bar, {"y": _y(series, "low"), "y2": {"field": "high"}}),
    ):
        rows = [
            {"day": str(p.update.as_of), "value": float(p.update.value), "low": _number(p.low), "high": _number(p.high)}
            for p in series.points
            if p.open_to == open_to
        ]
        if rows:
            yield _layer(name, rows, mark, x=x, **places)


def _values(series, x, y):
    """Shape and colour say whose a value is; hollow is a near statistic, dashed one that is not computed with."""
    sides = [side for side in Side.values if any(point.side == side for point in series.points)]

    def whose(marks):
        scale = {"domain": sides, "range": [marks[side] for side in sides]}
        return {"field": "side", "type": "nominal", "title": _("whose figure"), "scale": scale}

    filled = {"condition": {"test": "datum.fits === 'same'", "value": 1}, "value": 0}
    dashed = {"condition": {"test": "datum.fits === 'other'", "value": [2, 2]}, "value": [1, 0]}
    shape, colour = whose(SHAPES), whose(COLOURS)
    facts = ("day", "exact", "bound", "origin", "side", "fits", "scope", "entry")
    encoding = {"x": x, "y": y, "shape": shape, "stroke": colour, "fill": colour}
    encoding |= {"fillOpacity": filled, "strokeDash": dashed}
    encoding["tooltip"] = [{"field": name, "type": "nominal"} for name in facts]
    return _layer("values", "values", {"type": "point", "size": 90, "strokeWidth": 1.6}, **encoding)
