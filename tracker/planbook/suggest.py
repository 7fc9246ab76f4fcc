"""What a person may leave blank: codes, letters, forms, deadlines, filled in from the rest; and names made codes."""

import difflib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from tracker import schema
from tracker.models import Comparator, DeadlineBasis, Form, Rule, Shape, Side
from tracker.models.commitments import RULES_BY_KIND
from tracker.schema import MANY, ONE, REPEATED, Table
from tracker.text.numbering import as_letters, as_roman
from tracker.text.plain import folded, plain_number

from .reading import Book, Line
from .sheets import (
    BASELINE,
    BODIES,
    GROUPS,
    METRICS,
    PARAGRAPHS,
    PLAN,
    PROMISES,
    RIGHTS,
    SHEETS,
    SOURCES,
    STAGES,
    Sheet,
)

LONGEST_CODE = 60
NEAR = 3  # names that a sentence about an unknown one offers
SHORT = 60


def name_in(table: Table) -> str:
    """The key that a record is named by, beside its code."""
    names = [key.name for key in table.keys]
    return next((name for name in ("name", "title") if name in names), "code")


class Names:
    """Records of one table that rows may name: those of the file first, then those on record."""

    def __init__(self, on_record: Iterable[Any], table: Table) -> None:
        self.table, self.name = table, name_in(table)
        self.on_record = {each.code: each for each in on_record}
        self.codes: dict[str, str] = {code: getattr(each, self.name) for code, each in self.on_record.items()}
        self.in_file: dict[str, set[str]] = defaultdict(set)
        self.known: dict[str, set[str]] = defaultdict(set)
        for code, name in self.codes.items():
            self.known[folded(name)].add(code)

    def add(self, line: Line) -> None:
        """A row of the file, which has its code now."""
        code, name = str(line.entry.get("code", "")), str(line.entry.get(self.name, ""))
        if code:
            self.codes[code] = name
            self.in_file[folded(name)].add(code)

    def find(self, written: str) -> str | None:
        """The code of what is written as code or as name; ``None`` for nothing, or for several of one name."""
        if written in self.codes:
            return written
        plain = folded(written)
        codes = self.in_file.get(plain) or self.known.get(plain) or set()
        return next(iter(codes)) if len(codes) == 1 else None

    def why_not(self, written: str) -> str:
        """The sentence about a name that nothing has, or that several have."""
        values = {"noun": self.table.model._meta.verbose_name, "name": written[:80]}
        plain = folded(written)
        if several := self.in_file.get(plain) or self.known.get(plain):
            values["codes"] = ", ".join(sorted(several))
            return _("“%(name)s” is the name of several: write one of the codes %(codes)s.") % values
        names = {form: name or code for code, name in self.codes.items() for form in (folded(code), folded(name))}
        near = [names[each] for each in difflib.get_close_matches(plain, names, n=NEAR, cutoff=0.5)]
        if near:
            values["near"] = ", ".join(f"“{each[:80]}”" for each in dict.fromkeys(near))
            return _("There is no %(noun)s with the code or name “%(name)s”. Near it: %(near)s.") % values
        return _("There is no %(noun)s with the code or name “%(name)s”.") % values


class Completion:
    """One file on its way from what was typed to rows that are whole; ``book`` is changed."""

    def __init__(self, book: Book, plan: str = "") -> None:
        self.book, self.plan = book, plan
        self.names = {t.model: Names(t.model.objects.all() if t.shared else (), t) for t in schema.TABLES}
        self.state = next((line.entry.get("state", "") for line in book.of(PLAN)), "")
        self.rungs: dict[str, list[Line]] = defaultdict(list)
        self.ends_on: Any = None  # of the plan, once its sheet is read

    def run(self) -> None:
        """Fill what is blank, and put codes in the place of names, sheet by sheet."""
        for sheet in (BODIES, GROUPS, SOURCES, METRICS):
            self._sluggish(sheet)
        self._stages()
        for line in self.book.of(METRICS):
            self._metric(line)
        others = [each for each in SHEETS if each not in (*(BODIES, GROUPS, SOURCES, METRICS, STAGES, BASELINE),)]
        fill = {PLAN: self._plan, RIGHTS: self._right, PARAGRAPHS: self._paragraph, PROMISES: self._promise}
        for sheet in others:
            self.above: Line | None = None
            self.codes = {line.entry["code"] for line in self.book.of(sheet) if "code" in line.entry}
            for line in self.book.of(sheet):
                if sheet in fill:
                    fill[sheet](line)
                else:
                    self._resolve(line)
                self.names[sheet.table.model].add(line)
                self.above = line
        self._sluggish(BASELINE)

    def _resolve(self, line: Line) -> None:
        """Put codes in the place of names; what names nothing is noted."""
        for column in line.sheet.columns:
            key, written = line.sheet.key(column), line.entry.get(column.key)
            if written is None:
                continue
            if key.type == ONE:
                code = self._code(line, key, written)
                line.entry.pop(key.name)  # what names nothing was said already
                line.entry |= {} if code is None else {key.name: code}
            elif key.type == MANY:
                line.entry[key.name] = [code for each in written if (code := self._code(line, key, each)) is not None]
            elif key.type == REPEATED:
                cited = [(each, self._code(line, key, each.get("source", ""))) for each in written]
                line.entry[key.name] = [each | {"source": code} for each, code in cited if code is not None]

    def _code(self, line: Line, key: schema.Key, written: str) -> str | None:
        names = self.names[key.to]
        code = names.find(written)
        if code is None:
            line.wrong.add(key.name)
            self.book.problems.append(line.problem(key.name, names.why_not(written)))
        return code

    def _sluggish(self, sheet: Sheet) -> None:
        """Rows whose codes are made of their names."""
        names = self.names[sheet.table.model]
        codes = {line.entry["code"] for line in self.book.of(sheet) if "code" in line.entry} | names.on_record.keys()
        for line in self.book.of(sheet):
            self._resolve(line)
            official = sheet is BODIES and line.entry.get("side") == Side.OFFICIAL
            if self.state and (official or sheet is METRICS):
                line.suggest("state", self.state)
            if line.lacks("code") and (name := line.entry.get(names.name)):
                line.suggest("code", self._slug(line, name, names, codes))
                codes.add(line.entry["code"])
            names.add(line)

    def _slug(self, line: Line, name: str, names: Names, codes: set[str]) -> str:
        base = slugify(folded(name)).replace("_", "-")[:LONGEST_CODE].strip("-") or line.sheet.table.name
        public = names.on_record.get(base)
        if public is not None and folded(getattr(public, names.name)) == folded(name):
            row = line.sheet.table.row_of(public)
            if all(row.get(key) == value for key, value in line.entry.items()):
                return base
            values = {"place": line.problem("code", "").place, "name": name, "code": base}
            sentence = _(
                "%(place)s: “%(name)s” is on record already, and says something else there. If it is the same, "
                "take this row out and name it; if it is another, nothing is to be done."
            )
            self.book.notes.append(sentence % values)
        return _free(base, codes, "-")

    def _stages(self) -> None:
        """Stages by the code of their metric, a row's metric being that of the row above where it says none."""
        metrics, above = self.names[schema.METRICS.model], None
        own = {line.entry.get("code") for line in self.book.of(METRICS)}
        for line in self.book.of(STAGES):
            if line.lacks("metric") and above is not None:
                line.suggest("metric", above)
            else:
                self._resolve(line)
            metric = line.entry.get("metric")
            if metric is None and "metric" not in line.wrong:
                self.book.problems.append(line.problem("metric", _("This is missing.")))
            elif metric not in own and "metric" not in line.wrong:
                message = _("“%(metric)s” is no row of the sheet “%(sheet)s”: its stages are on record already.")
                values = {"metric": metrics.codes.get(metric or "", metric), "sheet": METRICS.name}
                self.book.problems.append(line.problem("metric", message % values))
            if "stage" not in line.entry and "stage" not in line.wrong:
                self.book.problems.append(line.problem("stage", _("This is missing.")))
            elif metric is not None:
                self.rungs[metric].append(line)
            above = metric or above

    def _metric(self, line: Line) -> None:
        stages = self.rungs.get(line.entry.get("code", ""), [])
        if stages:
            line.entry["rungs"] = [each.entry["stage"] for each in stages]
        line.suggest("shape", str(Shape.LADDER if stages else Shape.NUMBER))
        line.suggest("scope", "national")

    def _plan(self, line: Line) -> None:
        self._resolve(line)
        line.suggest("short_title", _if_short(title := line.entry.get("title", "")))
        line.suggest("code", self.plan or slugify(folded(title))[:LONGEST_CODE].strip("-") or "plan")
        line.suggest("language", "en")
        self.ends_on = line.entry.get("ends_on")

    def _right(self, line: Line) -> None:
        self._resolve(line)
        code = line.entry.get("code", "")
        above = code.rpartition(".")[0]
        line.suggest("parent", above if above in self.names[RIGHTS.table.model].codes else None)
        if line.lacks("code") and "parent" not in line.wrong:
            parent = line.entry.get("parent", "")
            before = self._children(parent)
            line.suggest("code", self._free_number(f"{parent}." if parent else "", before + 1, roman=not parent))
        line.suggest("short_title", _if_short(line.entry.get("title", "")))

    def _children(self, parent: str) -> int:
        rows = self.book.of(RIGHTS)
        before = rows[: rows.index(self.above) + 1] if self.above else []
        return sum(each.entry.get("parent", "") == parent for each in before)

    def _free_number(self, start: str, number: int, *, roman: bool = False) -> str:
        while (code := f"{start}{as_roman(number) if roman else number}") in self.codes:
            number += 1
        self.codes.add(code)
        return code

    def _paragraph(self, line: Line) -> None:
        self._resolve(line)
        category = line.entry.get("category", "")
        line.suggest("form", str(Form.DASH if category or "category" in line.wrong else Form.OBJECTIVE))
        if not line.lacks("code") or "category" in line.wrong:
            return
        form = line.entry.get("form")
        if form == Form.INTRO and category:
            rights = (each.entry for each in self.book.of(RIGHTS))
            nested = any(each.get("parent") for each in rights if each.get("code") == category)
            code = f"{category}.0" if nested else f"{category}.0.0"
            line.suggest("code", _free(code, self.codes, "."))
            self.codes.add(line.entry["code"])
        else:
            line.suggest("code", self._free_number(f"{category}." if category else "O.", 1))

    def _promise(self, line: Line) -> None:
        if line.lacks("provision") and self.above is not None and "provision" in self.above.entry:
            line.suggest("provision", self.above.entry["provision"])
        self._resolve(line)
        entry = line.entry
        if line.lacks("code") and "provision" in entry and "provision" not in line.wrong:
            n = 1
            while (code := f"{entry['provision']}{as_letters(n)}") in self.codes:
                n += 1
            self.codes.add(code)
            line.suggest("code", code)
        rules = RULES_BY_KIND.get(entry.get("kind", ""), ())
        line.suggest("rule", str(rules[0]) if len(rules) == 1 else None)
        if entry.get("comparator") == Comparator.ABOUT and entry.get("target_value"):
            line.suggest("tolerance", plain_number(abs(entry["target_value"]) / 10))
        line.suggest("deadline", self.ends_on)
        if "deadline" in entry:
            of_plan = DeadlineBasis.PERIOD_END if entry["deadline"] == self.ends_on else DeadlineBasis.STATED
            line.suggest("deadline_basis", str(DeadlineBasis.STANDING if entry.get("rule") == Rule.UPHOLD else of_plan))


def _if_short(title: str) -> str | None:
    """A title that can stand for its short form."""
    return title if 0 < len(title) <= SHORT else None


def _free(base: str, codes: Iterable[str], mark: str) -> str:
    """The code, or with a number behind it where it is taken."""
    code, n = base, 1
    while code in codes:
        n += 1
        code = f"{base}{mark}{n}"
    return code


def suggestions(book: Book) -> list[tuple[Line, str, Any]]:
    """Every cell that was filled: the row, the key, what was suggested."""
    return [
        (line, key, value) for lines in book.lines.values() for line in lines for key, value in line.suggested.items()
    ]
