"""A series as a picture: where each dot, line and label stands, in units of the drawing. Large, or small beside others.

Numbers are handed over as plain texts, because a template would write them by the locale.
"""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.labels import COMPARATOR_WORDS, bounded, number
from tracker.labels import target as target_of
from tracker.models import Rule
from tracker.snapshot.results import as_decimal
from tracker.text import plain_number

from .geometry import Frame, text
from .series import SIDES
from .series import series as series_of

LARGE = Frame(420, 240, left=46, top=22, right=408, bottom=206, radius=4.8, most_ticks=5, most_years=6, letter=6.3)
SMALL = Frame(260, 132, left=38, top=10, right=252, bottom=112, radius=3.6, most_ticks=3, most_years=3, letter=5.6)
SHAPES = {"official": "circle", "un": "square", "independent": "triangle"}
# Sign, group and words of a year in which a level was to be held, as for statuses.
ANSWERS = {
    "held": ("✓", "kept", gettext_lazy("held")),
    "failed": ("✕", "not_kept", gettext_lazy("not held")),
    "disputed": ("≠", "not_known", gettext_lazy("sources disagree")),
    "": ("?", "not_known", gettext_lazy("not on record")),
}


def picture(snapshot, plan, code, frame=LARGE):
    """All places of the picture of a promise's values, after one scale for levels and one for days.

    ``None`` where there is no value to draw.
    """
    series = series_of(snapshot, plan, code)
    if series is None:
        return None
    y, ticks = frame.levels(_levels(series))
    frame = frame.fitted([number(tick) for tick in ticks])
    days = _days(series)
    first, last = min(days), max(days)
    x = frame.days(first, last)
    points = [_dot(point, x, y, frame) for point in sorted(series.points, key=lambda p: p.fits != "other")]
    marks = [place for dot in points for place in dot["covers"]] + [(x(s.day), y(s.value)) for s in series.sums]
    due = x(series.commitment.deadline)
    return {
        "frame": frame,
        "values": points,
        "figures": series.points,
        "count": len(points),
        "first": series.points[0].update.as_of,
        "last": series.points[-1].update.as_of,
        "ticks": [{"y": text(y(tick)), "value": tick} for tick in ticks],
        "years": frame.years(first, last, x),
        "target": None if series.target is None else _target(series, y, frame, marks),
        "deadline": text(due),
        "due": frame.label(_("deadline"), [(due - 4, frame.top - 5, "end"), (due - 4, frame.bottom - 5, "end")], marks),
        "path": _line([(x(day), y(level)) for day, level in series.path]),
        "baseline": _baseline(series, x, y, frame, marks) if series.baseline else None,
        "sums": _sums(series, x, y) if series.sums else None,
        "answers": [_answer(year, x) for year in series.years],
        "sides": [side for side in SIDES if any(p.side == side for p in series.points)],
        "fits": {p.fits for p in series.points},
        "bounds": any(p.open_to for p in series.points),
    }


def multiples(snapshot, plan, commitments):
    """Small pictures of the promises that numbers answer, one each, and the promises whose numbers are all missing."""
    numeric = [c for c in commitments if c.metric and snapshot.metrics[c.metric].shape == "number"]
    drawn = [(c, picture(snapshot, plan, c.code, SMALL)) for c in numeric]
    return {
        "of": len(numeric),
        "drawn": [{"commitment": c, "metric": snapshot.metrics[c.metric], "series": s} for c, s in drawn if s],
        "blank": [c for c, s in drawn if not s],
    }


def _levels(series):
    """Every level that has to have room."""
    levels = [float(p.update.value) for p in series.points]
    levels += [float(end) for p in series.points for end in (p.low, p.high) if end is not None]
    levels += [float(end) for end in series.kept_levels or () if end is not None]
    levels += [float(each.value) for each in series.sums]
    levels += [float(level) for _day, level in series.path]
    return [*levels, 0.0] if series.sums else levels


def _days(series):
    """Every day that has to have room."""
    days = [p.update.as_of for p in series.points] + [series.commitment.deadline]
    days += [day for day, _level in series.path] + [year.end for year in series.years]
    return [*days, series.assessed.value.starts_on] if series.sums else days


def _line(places):
    """A path through places; blank where there are none."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) if places else ""


def _target(series, y, frame, marks):
    """The line of the target, the levels that meet it, and its words."""
    low, high = series.kept_levels
    top = frame.top if high is None else y(high)
    bottom = frame.bottom if low is None else y(low)
    level, target = y(series.target), as_decimal(series.target)
    if series.commitment.rule == Rule.CHANGE:  # reckoned from a baseline
        target = plain_number(round(target, 2))
    words = {"comparator": COMPARATOR_WORDS[series.commitment.comparator], "level": number(target)}
    middle = (frame.left + frame.right) / 2
    places = ((frame.left + 4, "start"), (frame.right - 4, "end"), (middle - 40, "start"))
    spots = [(place, level + dy, anchor) for place, anchor in places for dy in (-5, 14)]
    return {
        "y": text(level),
        "zone": {"y": text(top), "height": text(bottom - top), "width": frame.right - frame.left},
        "label": frame.label(_("target: %(comparator)s %(level)s") % words, spots, marks),
    }


def _baseline(series, x, y, frame, marks):
    """The ring around the baseline, its words, and a thin line to the base date where the value is older."""
    value = series.baseline
    at, level, ring = x(value.as_of), y(value.value), frame.radius + 3
    words = _("baseline %(value)s") % {"value": bounded(as_decimal(value.value), value.bound)}
    if series.commitment.rule == Rule.DIRECTION:
        words = _("%(baseline)s; promised: %(target)s") % {"baseline": words, "target": target_of(series.commitment)}
    rises = (series.target is not None and series.target > value.value) or (series.target is None and series.upward)
    under, over = level + frame.radius + 15, level - frame.radius - 8
    first, second = (under, over) if rises else (over, under)
    spots = [(at - 4, first, "start"), (at - 4, second, "start"), (at + 4, first, "end"), (at + 4, second, "end")]
    spots += [(at + frame.radius + 7, level + 4, "start"), (at - frame.radius - 7, level + 4, "end")]
    return {
        "left": text(at - ring),
        "y": text(level),
        "radius": text(ring),
        "across": text(2 * ring),
        "until": _line([(at, level), (x(series.base), level)]) if series.path and series.base > value.as_of else "",
        "label": frame.label(words, spots, marks),
    }


def _sums(series, x, y):
    """The line of what is added up, from nothing on its first day, with a mark at the end of each part."""
    start = (x(series.assessed.value.starts_on - datetime.timedelta(days=1)), y(0))
    places = [(x(each.day), y(each.value)) for each in series.sums]
    return {
        "line": _line([start, *places]),
        "marks": [
            {"x": text(at - 3), "y": text(level - 3)}
            | {"sum": each, "words": bounded(as_decimal(each.value), each.bound)}
            for (at, level), each in zip(places, series.sums, strict=True)
        ],
        "last": series.sums[-1],
        "more": series.sums[-1].bound in ("at_least", "more_than"),
    }


def _answer(year, x):
    """A year in which a level was to be held: where it stands, its sign, group and words."""
    sign, group, words = ANSWERS[year.answer]
    at = text(x(year.end))
    return {"year": str(year.year), "answer": year.answer, "x": at, "sign": sign, "group": group, "words": words}


def _dot(point, x, y, frame):
    """A value: where it stands, its shape by side, its line by fit, and what its bound leaves open."""
    at, height, r = x(point.update.as_of), y(point.update.value), frame.radius
    dot = {
        "point": point,
        "covers": [(at, height)],
        "shape": SHAPES[point.side],
        "x": text(at),
        "y": text(height),
        "r": text(r),
        "left": text(at - r + 0.3),
        "top": text(height - r + 0.3),
        "side": text(2 * r - 0.6),
        "triangle": f"{at:.1f},{height - r - 0.7:.1f} {at + r + 0.4:.1f},{height + r - 0.8:.1f} "
        f"{at - r - 0.4:.1f},{height + r - 0.8:.1f}",
    }
    if point.open_to in ("up", "down"):
        sign = -1 if point.open_to == "up" else 1
        tip = height + sign * (r + 15)
        dot["covers"].append((at, tip))
        dot["stem"] = f"M{at:.1f} {height + sign * (r + 1):.1f}V{tip:.1f}"
        dot["head"] = f"M{at - 3.5:.1f} {tip - sign * 4.5:.1f}L{at:.1f} {tip:.1f}L{at + 3.5:.1f} {tip - sign * 4.5:.1f}"
    if point.open_to == "about":
        low, high = y(point.low), y(point.high)
        dot["stem"] = f"M{at:.1f} {low:.1f}V{high:.1f}"
        dot["head"] = f"M{at - 3:.1f} {low:.1f}h6M{at - 3:.1f} {high:.1f}h6"
    return dot
