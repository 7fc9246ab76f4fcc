"""A series of values as a small picture: where each dot, line and label stands, in units of the drawing.

Numbers are handed over as plain texts, because a template would write them by the locale.
"""

import datetime
from math import ceil, floor, log10

from tracker.models import What

WIDTH, HEIGHT = 420, 240
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 18, 26
ABOUT = 0.05  # as the method reads “about”
MOST_YEARS = 6  # labels that fit under the drawing
DIRECTIONS = {"at_least": "up", "more_than": "up", "at_most": "down", "less_than": "down", "about": "about"}
SHAPES = {"official": "circle", "un": "square", "independent": "triangle"}


def series(snapshot, commitment, assessed, rows):
    """What the picture of a promise's values holds; ``None`` where there is no value to draw."""
    values = [u for u in rows if u.what == What.VALUE and u.as_of <= snapshot.on]
    if not values:
        return None
    target = None if assessed.target_level is None else float(assessed.target_level)
    tolerance = float(commitment.tolerance or 0) if target is not None else 0
    levels = [level for u in values for level in _reach(u)]
    levels += [target - tolerance, target + tolerance] if target is not None else []
    y, ticks = _scale(levels, HEIGHT - BOTTOM, TOP)
    days = [u.as_of for u in values] + [commitment.deadline]
    first, last = min(days), max(days)
    x = _time(first, last)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "top": TOP,
        "bottom": HEIGHT - BOTTOM,
        "values": [_dot(snapshot, u, x, y) for u in sorted(values, key=lambda u: (u.fits != "other", u.as_of))],
        "count": len(values),
        "first": first,
        "last": max(u.as_of for u in values),
        "target": None if target is None else _text(y(target)),
        "band": _band(target, tolerance, y) if tolerance else None,
        "deadline": _text(x(commitment.deadline)),
        "deadline_ends": _text(x(commitment.deadline) - 4),
        "ticks": [{"y": _text(y(tick)), "value": tick if tick % 1 else int(tick)} for tick in ticks],
        "years": _years(first, last, x),
        "sides": [side for side in SHAPES if any(_side(snapshot, u) == side for u in values)],
        "fits": {_fits(u) for u in values},
        "bounds": any(u.bound in DIRECTIONS for u in values),
    }


def _reach(update):
    """The levels between which a value is drawn: “about” has a bar to both sides."""
    value = float(update.value)
    room = abs(value) * ABOUT if update.bound == "about" else 0
    return value - room, value + room


def _text(number):
    return f"{number:.1f}"


def _scale(levels, low, high):
    """A function from values to heights, and three to six round values to mark. Starts at 0 where that is near."""
    least, most = min(levels), max(levels)
    if 0 < least < 0.5 * most:
        least = 0
    room = (most - least) * 0.08 or abs(most) * 0.05 or 1
    least, most = (least if least == 0 else least - room), most + room
    step = 10 ** floor(log10((most - least) / 4))
    step = next(step * factor for factor in (1, 2, 2.5, 5, 10) if (most - least) / (step * factor) <= 5)
    ticks = [round(n * step, 9) for n in range(ceil(least / step), floor(most / step) + 1)]
    return (lambda value: low - (value - least) / (most - least) * (low - high)), ticks


def _time(first, last):
    span = max((last - first).days, 1)
    room = span * 0.06
    return lambda day: LEFT + ((day - first).days + room) / (span + 2 * room) * (WIDTH - RIGHT - LEFT)


def _years(first, last, x):
    """Ends of years under the drawing, no more than have room."""
    years = range(first.year, last.year + 1)
    every = ceil(len(years) / MOST_YEARS)
    ends = [(year, datetime.date(year, 12, 31)) for year in years if (last.year - year) % every == 0]
    return [{"x": _text(x(end)), "year": str(year)} for year, end in ends if LEFT <= x(end) <= WIDTH - RIGHT]


def _band(target, tolerance, y):
    top = y(target + tolerance)
    return {"y": _text(top), "height": _text(y(target - tolerance) - top)}


def _side(snapshot, update):
    return snapshot.bodies[update.origin].side if update.origin in snapshot.bodies else "official"


def _fits(update):
    """Whether it is computed with: a figure of another place or group is shown beside, like another statistic."""
    return "other" if update.scope else update.fits


def _dot(snapshot, update, x, y):
    """A value: where it stands, its shape by side, its line by fit, and what its bound leaves open."""
    at, height, value = x(update.as_of), y(float(update.value)), float(update.value)
    side = _side(snapshot, update)
    open_to = DIRECTIONS.get(update.bound, "")
    dot = {
        "update": update,
        "origin": snapshot.bodies.get(update.origin),
        "side": side,
        "shape": SHAPES[side],
        "fits": _fits(update),
        "x": _text(at),
        "y": _text(height),
        "left": _text(at - 4.5),
        "top": _text(height - 4.5),
        "triangle": f"{at:.1f},{height - 5.5:.1f} {at + 5.2:.1f},{height + 4:.1f} {at - 5.2:.1f},{height + 4:.1f}",
        "open_to": open_to,
    }
    if open_to in ("up", "down"):
        sign = -1 if open_to == "up" else 1
        tip = height + sign * 20
        dot["stem"] = f"M{at:.1f} {height + sign * 6:.1f}V{tip:.1f}"
        dot["head"] = f"M{at - 3.5:.1f} {tip - sign * 4.5:.1f}L{at:.1f} {tip:.1f}L{at + 3.5:.1f} {tip - sign * 4.5:.1f}"
    if open_to == "about":
        low, high = y(value - abs(value) * ABOUT), y(value + abs(value) * ABOUT)
        dot["stem"] = f"M{at:.1f} {low:.1f}V{high:.1f}"
        dot["head"] = f"M{at - 3:.1f} {low:.1f}h6M{at - 3:.1f} {high:.1f}h6"
    return dot
