"""Where things stand in a drawing, in its own units: scales for levels and days, and room for words.

Numbers are handed over as plain texts, because a template would write them by the locale.
"""

import dataclasses
import datetime
from decimal import Decimal
from math import ceil, floor, log10


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

    def levels(self, levels):
        """A function from values to heights, and round values to mark. Starts at 0 where that is near."""
        least, most = min(levels), max(levels)
        if 0 < least < 0.5 * most:
            least = 0
        room = (most - least) * 0.08 or abs(most) * 0.05 or 1
        least, most = (least if least == 0 else least - room), most + room
        power = Decimal(10) ** floor(log10((most - least) / self.most_ticks))
        steps = (power * Decimal(factor) for factor in ("1", "2", "2.5", "5", "10"))
        step = next(step for step in steps if (most - least) / float(step) <= self.most_ticks)
        ticks = [n * step for n in range(ceil(least / float(step)), floor(most / float(step)) + 1)]
        return (lambda value: self.bottom - (float(value) - least) / (most - least) * (self.bottom - self.top)), ticks

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
