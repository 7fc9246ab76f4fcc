"""A series as a picture: where each dot, line and label stands, in units of the drawing. Large, or small beside others.

Numbers are handed over as plain texts, because a template would write them by the locale.
"""

import dataclasses
import datetime
from decimal import Decimal
from math import ceil, floor, log10

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Rule, Side
from tracker.snapshot.results import as_decimal
from tracker.text.plain import plain_number
from tracker.wording.labels import COMPARATOR_WORDS, bounded, number
from tracker.wording.labels import target as target_of

from .series import series as series_of
from .series import series_of_metric

ARROW = 15  # units of the drawing from the edge of a mark to the tip of its arrow


def text(number):
    """A place in a drawing, to a tenth of its unit."""
    return f"{number:.1f}"


@dataclasses.dataclass(frozen=True)
class Frame:
    """The size of a drawing and the edges of the plot inside it; ``radius`` of a mark; how many labels have room."""

    width: int
    height: int
    left: int
    top: int
    right: int
    bottom: int
    radius: float
    most_ticks: int
    most_years: int
    letter: float  # width of a letter, on average

    def levels(self, levels, up=False, down=False):
        """A function from values to heights, round values to mark, and whether the scale is cut off above 0.

        It starts at 0 where that is near. ``up`` and ``down`` ask for room for an arrow beyond the outermost values.
        """
        least, most = min(levels), max(levels)
        if 0 < least < 0.5 * most:
            least = 0
        room = (most - least) * 0.08 or abs(most) * 0.05 or 1
        arrow = max(room, (most - least or room) * (self.radius + ARROW) / (self.bottom - self.top - 2 * ARROW))
        most += arrow if up else room
        least -= 0 if least == 0 else arrow if down else room
        power = Decimal(10) ** floor(log10((most - least) / self.most_ticks))
        steps = (power * Decimal(factor) for factor in ("1", "2", "2.5", "5", "10"))
        step = next(step for step in steps if (most - least) / float(step) <= self.most_ticks)
        ticks = [n * step for n in range(ceil(least / float(step)), floor(most / float(step)) + 1)]
        span = self.bottom - self.top
        return (lambda value: self.bottom - (float(value) - least) / (most - least) * span), ticks, least > 0

    def fitted(self, words):
        """The frame with room for these words at the left of the plot."""
        return dataclasses.replace(self, left=max(self.left, 12 + ceil(max(map(len, words)) * self.letter)))

    def days(self, first, last):
        """A function from days to places from left to right."""
        span = max((last - first).days, 1)
        room = span * 0.06
        width = self.right - self.left
        return lambda day: self.left + ((day - first).days + room) / (span + 2 * room) * width

    def years(self, first, last, x):
        """Ends of years under the plot, no more than have room, and always the last."""
        years = range(first.year, last.year + 1)
        every = ceil(len(years) / self.most_years)
        ends = [(year, datetime.date(year, 12, 31)) for year in years if (last.year - year) % every == 0]
        return [{"x": text(x(end)), "year": str(year)} for year, end in ends if self.left <= x(end) <= self.right]

    def label(self, words, spots, marks):
        """Words at the first of some spots where they stay inside and cover fewest marks; then they are marks as well.

        A spot is a place from left to right, a height of the line of writing, and an anchor: start or end.
        """
        wide, reach = len(words) * self.letter, self.radius + 1

        def left_of(spot):
            return spot[0] if spot[2] == "start" else spot[0] - wide

        def faults(spot):
            left, y = left_of(spot), spot[1]
            outside = left < self.left - 1 or left + wide > self.width or y < self.top - 5 or y > self.bottom
            covered = [
                1
                for mark_x, mark_y in marks
                if left - reach < mark_x < left + wide + reach and y - 10 - reach < mark_y < y + 3 + reach
            ]
            return outside, len(covered)

        best = min(spots, key=faults)
        marks += [(left_of(best) + n * self.letter, best[1] - 4) for n in range(len(words) + 1)]
        return {"words": words, "x": text(best[0]), "y": text(best[1]), "anchor": best[2]}


LARGE = Frame(420, 240, left=46, top=22, right=408, bottom=206, radius=4.8, most_ticks=5, most_years=6, letter=6.3)
SMALL = Frame(260, 132, left=38, top=20, right=252, bottom=112, radius=3.6, most_ticks=3, most_years=3, letter=5.6)
SHAPES = {"official": "circle", "un": "square", "independent": "triangle", "unknown": "diamond"}
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
    return _drawn(series_of(snapshot, plan, code), frame)


def picture_of_metric(snapshot, code):
    """The same of a metric's values alone, measured against nothing."""
    return _drawn(series_of_metric(snapshot, code), LARGE)


def _drawn(series, frame):
    if series is None:
        return None
    ends = {p.open_to for p in series.points}
    y, ticks, cut = frame.levels(_levels(series), "up" in ends, "down" in ends)
    frame = frame.fitted([number(tick) for tick in ticks])
    days = _days(series)
    first, last = min(days), max(days)
    x = frame.days(first, last)
    points = [_dot(point, x, y, frame) for point in sorted(series.points, key=lambda p: p.fits != "other")]
    marks = [place for dot in points for place in dot["covers"]] + [(x(s.day), y(s.value)) for s in series.sums]
    due = x(series.commitment.deadline) if series.commitment else None
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
        "deadline": text(due) if due else "",
        "due": due
        and frame.label(_("deadline"), [(due - 4, frame.top - 5, "end"), (due - 4, frame.bottom - 5, "end")], marks),
        "path": _line([(x(day), y(level)) for day, level in series.path]),
        "baseline": _baseline(series, x, y, frame, marks) if series.baseline else None,
        "sums": _sums(series, x, y) if series.sums else None,
        "answers": [_answer(year, x) for year in series.years],
        "sides": [side for side in Side.values if any(p.side == side for p in series.points)],
        "fits": {p.fits for p in series.points},
        "bounds": any(p.open_to for p in series.points),
        "cut": cut,
        "ends": _ends(points, series, frame, marks),
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
    days = [p.update.as_of for p in series.points] + ([series.commitment.deadline] if series.commitment else [])
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


def _ends(points, series, frame, marks):
    """The number of the value that decides, or of the last one that counts, beside its mark; ``None`` for none."""
    counted = [dot for dot in points if dot["point"].fits != "other"]
    decides = series.decides.entry if series.decides else None
    last = next((dot for dot in counted if dot["point"].update.entry == decides), counted[-1] if counted else None)
    if last is None or series.sums:
        return None
    update, (x, y), r = last["point"].update, last["covers"][0], frame.radius
    spots = [
        (x + r + 4, y + 4, "start"),
        (x - r - 4, y + 4, "end"),
        (x - 2, y - r - 5, "end"),
        (x - 2, y + r + 13, "end"),
    ]
    return frame.label(bounded(update.value, update.bound), spots, marks)


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
        "corners": f"{at:.1f},{height - r - 0.7:.1f} {at + r + 0.4:.1f},{height + r - 0.8:.1f} "
        f"{at - r - 0.4:.1f},{height + r - 0.8:.1f}",
    }
    if dot["shape"] == "diamond":
        top, right, bottom, left = height - r - 0.7, at + r + 0.7, height + r + 0.7, at - r - 0.7
        dot["corners"] = f"{at:.1f},{top:.1f} {right:.1f},{height:.1f} {at:.1f},{bottom:.1f} {left:.1f},{height:.1f}"
    if point.open_to in ("up", "down"):
        sign = -1 if point.open_to == "up" else 1
        tip = height + sign * (r + ARROW)
        dot["covers"].append((at, tip))
        dot["stem"] = f"M{at:.1f} {height + sign * (r + 1):.1f}V{tip:.1f}"
        dot["head"] = f"M{at - 3.5:.1f} {tip - sign * 4.5:.1f}L{at:.1f} {tip:.1f}L{at + 3.5:.1f} {tip - sign * 4.5:.1f}"
    if point.open_to == "about":
        low, high = y(point.low), y(point.high)
        dot["stem"] = f"M{at:.1f} {low:.1f}V{high:.1f}"
        dot["head"] = f"M{at - 3:.1f} {low:.1f}h6M{at - 3:.1f} {high:.1f}h6"
    return dot
