"""A text cut into chapters, sections and paragraphs, by the signs that it has itself and by what a person corrected.

Pure. Where the promises of a text are set as items, words under an unnumbered heading promise nothing, a paragraph
without a sign belongs to the one before it, and the last list before the first chapter holds the objectives. Where
there are no items, each paragraph counts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from .headings import Forced, Heading, outline
from .lines import ENDED, ITEM, NOTE, SUPERSCRIPT, Line
from .marks import CODE, DASH, LABEL, Mark, marks_of
from .shapes import (
    AS_HEADING,
    BEGINS,
    DASHED,
    INTRO,
    JOINS,
    OBJECTIVE,
    OF_A_LINE,
    OUT,
    Correction,
    Cut,
    Node,
    Paragraph,
)

NOTE_MARK = re.compile(rf"(?P<marker>[{SUPERSCRIPT}]{{1,3}})\s*(?=\S)")
LOST_LIST = re.compile(r"[;；](?:\s+and|\s+or|\s+y|\s+et|\s+und)?$|, and$")
LEADS_IN = re.compile(r"[:：]$")


def cut(lines: Sequence[Line], corrections: Iterable[Correction] = ()) -> Cut:
    """The chapters, sections and paragraphs of a text."""
    result = Cut()
    mine = _resolved(lines, corrections, result)
    forced: Forced = {n: (each.is_, each.level) for n, each in mine.items()}
    shape = outline(list(lines), forced)
    cutter = _Cutter(lines, mine, shape.headings, shape.out, result)
    for n, before, after in shape.gaps:
        sentence = _("After number %(before)d comes %(after)d: a heading was not recognised, or there is none.")
        result.remarks.append((n, sentence % {"before": before, "after": after}))
    cutter.cut()
    return result


def _resolved(lines: Sequence[Line], corrections: Iterable[Correction], result: Cut) -> dict[int, Correction]:
    """Corrections by the line that they are of, wherever it stands now; the later one of a line holds."""
    mine: dict[int, Correction] = {}
    for each in corrections:
        if 0 <= each.line < len(lines) and lines[each.line].text[:OF_A_LINE] == each.begins:
            mine[each.line] = each
            continue
        places = [n for n, line in enumerate(lines) if line.text[:OF_A_LINE] == each.begins]
        if len(places) == 1:
            mine[places[0]] = each
        else:
            sentence = _("A correction is of a line that is no longer there: “%(begins)s”.")
            result.remarks.append((None, sentence % {"begins": each.begins}))
    return mine


class _Cutter:
    """The place in the text: the chapters and sections around it, and the paragraph that goes on."""

    def __init__(
        self,
        lines: Sequence[Line],
        mine: dict[int, Correction],
        headings: dict[int, Heading],
        out: dict[int, str],
        result: Cut,
    ) -> None:
        self.lines, self.mine, self.headings, self.out, self.result = lines, mine, headings, out, result
        self.labels = {h.scheme for h in headings.values() if h.scheme.startswith(LABEL)}
        self.depth = max((h.level for h in headings.values()), default=1) or 1
        self.by_items = self._has_items()
        self.stack: list[Node] = []
        self.current: Paragraph | None = None
        self.counts: Counter[str] = Counter()
        self.kind = ""  # sign of the items of this section
        self.last = 0  # their number so far
        self.before = True  # the first chapter
        self.aside = False  # under a heading without a number among numbered ones
        self.lists: list[list[Paragraph]] = []  # before the first chapter
        self.introduced: list[bool] = []  # whether a line that ends in a colon stands before each
        self.front = Paragraph("", "", "front")

    # What there is.

    def _item(self, n: int) -> Mark | None:
        """The sign with which a line opens a paragraph, or ``None``."""
        line = self.lines[n]
        if n in self.mine:
            forced = self.mine[n].is_ == BEGINS
            mark = next(iter(marks_of(line.text)), None)
            return (mark or Mark("", 0, "", 0)) if forced else None
        if line.style == ITEM:
            mark = next((mark for mark in marks_of(line.text) if mark.scheme.startswith(CODE)), None)
            return mark or Mark(f"item{line.level}", 0, "", 0)
        mark = next((mark for mark in marks_of(line.text) if not mark.scheme.startswith(LABEL)), None)
        return mark if mark and (mark.scheme == DASH or mark.scheme.startswith(CODE) or line.text[mark.end :]) else None

    def _has_items(self) -> bool:
        """Whether a third of the places under which text stands have items."""
        filled, itemed, place = set(), set(), -1
        for n in range(len(self.lines)):
            if n in self.headings:
                place = n if self.headings[n].level else -1
            elif n not in self.out and place >= 0:
                filled.add(place)
                mark = self._item(n)
                if mark and (not mark.number or mark.number == 1 or mark.scheme.startswith(CODE)):
                    itemed.add(place)
        return bool(itemed) and len(itemed) * 3 >= len(filled)

    # Walking.

    def cut(self) -> None:
        """Put each line where it belongs."""
        for n, line in enumerate(self.lines):
            self.result.roles.append(self._take(n, line))
        self._finish()

    def _take(self, n: int, line: Line) -> str:
        by_hand = self.mine[n].is_ if n in self.mine else ""
        if by_hand == OUT:
            return "out:hand"
        if n in self.out:
            return f"out:{self.out[n]}"
        if n in self.headings:
            return self._heading(n, self.headings[n])
        if (match := NOTE_MARK.match(line.text)) or line.style == NOTE:
            return self._note(n, match)
        mark = self._item(n)
        if mark is not None and (by_hand or self._opens(mark)):
            return self._begin_item(n, mark)
        return self._text(n, line, by_hand)

    def _heading(self, n: int, heading: Heading) -> str:
        self.current, self.kind, self.last = None, "", 0
        own = self.mine[n].code if n in self.mine else ""
        if not heading.level:
            if self.by_items or not self._heads_text(n):
                self.aside, self.stack = True, []
                if self.before and not self.by_items:
                    self._into_front(n)
                return AS_HEADING
            heading = Heading(n, 1, heading.title)
            own = self._initial(heading.title)
        self.before = self.aside = False
        while self.stack and self.stack[-1].level >= heading.level:
            self.stack.pop()
        parent = self.stack[-1].code if self.stack else ""
        own = own or self._own_code(heading, parent)
        code = f"{parent}.{own}" if parent and not own.startswith(f"{parent}.") else own
        self.stack.append(Node(code, parent, heading.level, heading.title, n))
        self.result.nodes.append(self.stack[-1])
        return AS_HEADING

    def _heads_text(self, n: int) -> bool:
        """Whether text stands below a heading before the next one."""
        below = next((m for m in range(n + 1, len(self.lines)) if m not in self.out), None)
        return below is not None and below not in self.headings

    def _initial(self, title: str) -> str:
        """The first letters of a title without a number, as many as no other code has."""
        codes = {h.shown for h in self.headings.values()} | {node.code for node in self.result.nodes}
        letters = re.sub(r"[\W\d_]+", "", title).upper()
        return next((letters[:n] for n in range(1, len(letters) + 1) if letters[:n] not in codes), str(len(codes)))

    def _own_code(self, heading: Heading, parent: str) -> str:
        if heading.scheme.startswith(LABEL):
            initial = heading.scheme.partition(":")[2][0].upper() if len(self.labels) > 1 else ""
            return f"{initial}{heading.shown}"
        above = parent.rpartition(".")[2] if parent else ""
        if heading.shown.startswith(f"{above}.") or heading.shown.startswith(f"{parent}."):
            return heading.shown.rpartition(".")[2]
        return heading.shown or str(heading.number or self._next(f"{parent}:"))

    def _next(self, counter: str) -> int:
        self.counts[counter] += 1
        return self.counts[counter]

    def _opens(self, mark: Mark) -> bool:
        """Whether a sign opens an item here: the first that this section has, or the next of its kind."""
        if self.aside and not self.before:
            return False
        if mark.scheme.startswith(CODE):
            return True
        if not self.by_items and not self.before:
            return False
        if mark.scheme.startswith("item") and mark.scheme != "item1":
            return False
        if mark.number and mark.number != self.last + 1:
            return False
        return not self.kind or mark.scheme == self.kind

    def _begin_item(self, n: int, mark: Mark) -> str:
        self.kind, self.last = mark.scheme or self.kind, mark.number
        own = mark.shown if mark.scheme.startswith(CODE) else ""
        correction = self.mine.get(n)
        code, form = (correction.code, correction.form) if correction else ("", "")
        if self.before and not form:
            self._into_list(n, code or own, mark)
            return BEGINS
        node = self.stack[-1] if self.stack else None
        place = node.code if node else ""
        form = form or (INTRO if own and node and self._has_sections(n, node) else DASHED)
        if form == INTRO:
            number = self._intro_code(node)
        elif form == OBJECTIVE:
            place, number = "", f"O.{self._next('O/')}"
        else:
            number = f"{place}.{self._next(f'{place}/')}".lstrip(".")
        self._begin(n, Paragraph(code or own or number, place, form, mark.shown), mark.end)
        return BEGINS

    def _has_sections(self, n: int, node: Node) -> bool:
        below = (h for m, h in sorted(self.headings.items()) if m > n and h.level)
        following = next(below, None)
        return following is not None and following.level > node.level

    def _intro_code(self, node: Node | None) -> str:
        return f"{node.code}{'.0' * (self.depth - node.level + 1)}" if node else "0"

    def _into_list(self, n: int, code: str, mark: Mark) -> None:
        """An item before the first chapter: of the list that goes on, or of a new one."""
        if self.current is None or not self.lists:
            above = next((self.lines[m].text for m in range(n - 1, -1, -1) if m not in self.out), "")
            self.lists.append([])
            self.introduced.append(bool(LEADS_IN.search(above)))
        paragraph = Paragraph(code, "", OBJECTIVE, mark.shown)
        self.lists[-1].append(paragraph)
        self._extend(paragraph, n, mark.end)
        self.current = paragraph

    def _text(self, n: int, line: Line, by_hand: str) -> str:
        if self.before:
            if self.current is not None and not ENDED.search(self.current.text) and not LEADS_IN.search(line.text):
                return self._join(n)
            self.current, self.kind, self.last = None, "", 0
            self._into_front(n)
            return "out:front"
        if self.aside or not self.stack:
            return "out:aside"
        goes_on = self.current is not None and (self.by_items or not ENDED.search(self.current.text))
        if self.current is not None and (by_hand == JOINS or (goes_on and by_hand != BEGINS)):
            return self._join(n)
        if self.by_items:
            node = self.stack[-1]
            self._begin(n, Paragraph(self._intro_code(node), node.code, INTRO), 0)
        else:
            place = self.stack[-1].code
            self._begin(n, Paragraph(f"{place}.{self._next(f'{place}/')}", place, DASHED), 0)
        return BEGINS

    def _join(self, n: int) -> str:
        if self.current is not None:
            self._extend(self.current, n, 0)
        return JOINS

    def _note(self, n: int, match: re.Match[str] | None) -> str:
        """A note joins the paragraph that bears its mark, or the one above it."""
        everywhere = [*self.result.paragraphs, *(each for items in self.lists for each in items)]
        marked = [each for each in everywhere if match and match["marker"] in each.text]
        owner = marked[-1] if marked else self.current
        if owner is None:
            return "out:front" if self.before else "out:aside"
        self._extend(owner, n, match.end() if match else 0)
        return JOINS

    def _into_front(self, n: int) -> None:
        self._extend(self.front, n, 0)

    def _begin(self, n: int, paragraph: Paragraph, start: int) -> None:
        self.result.paragraphs.append(paragraph)
        self._extend(paragraph, n, start)
        self.current = paragraph

    def _extend(self, paragraph: Paragraph, n: int, start: int) -> None:
        line = self.lines[n]
        if not paragraph.lines and start < line.bold and (start or line.bold < len(line.text)):
            paragraph.heading = line.text[start : line.bold].strip(" .:")
            paragraph.bold = line.bold - start
        paragraph.lines.append(n)
        paragraph.text = f"{paragraph.text} {line.text[start:]}" if paragraph.text else line.text[start:]

    # At the end.

    def _finish(self) -> None:
        result = self.result
        introduced = [items for items, is_so in zip(self.lists, self.introduced, strict=True) if is_so]
        lists = (introduced or self.lists)[-1:] if self.by_items else []
        objectives = [each for items in lists for each in items]
        for number, each in enumerate(objectives, start=1):
            each.code = each.code or f"O.{number}"
        for items in self.lists:
            for each in items:
                if each not in objectives:
                    for n in each.lines:
                        result.roles[n] = "out:front"
        result.paragraphs[:0] = objectives
        if self.front.lines and result.nodes and not self.by_items:
            self.front.code = f"{result.nodes[0].code}.0"
            result.front = self.front
        self._say()

    def _say(self) -> None:
        remarks, result = self.result.remarks, self.result
        if not result.nodes:
            remarks.append(
                (None, _("No chapters: no line is numbered or set as a heading. Say which lines are headings."))
            )
        elif not self.by_items:
            sentence = _("Its paragraphs have no dashes, bullets or numbers: each paragraph counts as one.")
            remarks.append((None, sentence))
        first = next((h for h in self.headings.values() if h.level), None)
        if first and first.number > 1 and first.shown:
            sentence = _("The first chapter is %(number)s: this is an extract, or a heading was not recognised.")
            remarks.append((first.line, sentence % {"number": first.shown}))
        for code, times in Counter(each.code for each in result.paragraphs).items():
            if times > 1:
                remarks.append((None, _("Code %(code)s stands %(times)d times.") % {"code": code, "times": times}))
        remarks += self._lost_lists()

    def _lost_lists(self) -> Iterable[tuple[int, str]]:
        """Lines that end as those of a list do and bear no sign of one."""
        sentence = _("Lines %(first)d to %(last)d look like a list that has lost its signs: they became one paragraph.")
        run: list[int] = []
        for n, line in enumerate(self.lines):
            is_text = self.result.roles[n] in (BEGINS, JOINS) and n not in self.mine and self._item(n) is None
            if is_text and LOST_LIST.search(line.text):
                run.append(n)
                continue
            if len(run) > 1:
                yield run[0], sentence % {"first": run[0] + 1, "last": run[-1] + 1 + is_text}
            run = []
        if len(run) > 1:
            yield run[0], sentence % {"first": run[0] + 1, "last": run[-1] + 1}
