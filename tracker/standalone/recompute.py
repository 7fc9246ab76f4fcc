"""Compute every status anew from the public files alone: ``python recompute.py FOLDER``, or a ZIP archive of them.

Needs Python 3.11 or newer, ``assess.py`` beside it, and nothing else: no database, no packages, none of the site's
other code. The folder is the one that ``manage.py export_public`` writes; the archive has the same files. It reads
promises, values and stages, judgements and searches, and others' findings; asks the method; and says where the site's
own columns differ.
"""

import datetime
import json
import sys
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

try:
    from . import assess
except ImportError:  # copied to a folder of its own
    import assess  # type: ignore[no-redef]

FileRow = dict[str, Any]  # as JSON has it
Tables = dict[str, list[FileRow]]

FILES = ("plans", "metrics", "commitments", "updates", "assessments", "bodies", "sources")
USAGE = "usage: recompute.py FOLDER or ZIP"
ENDS = "Ends with 0 where all agree, 1 where the site differs, 2 for a call or files that make no sense."
SIX_PLACES = Decimal("0.000001")


class Unreadable(Exception):
    """The files are not what they should be. The message is a sentence for people."""


def read(folder: str | Path) -> tuple[Tables, FileRow]:
    """The results of every file, by the file's name, and what the files say of themselves."""
    tables, abouts = {}, {}
    root = zipfile.Path(folder) if zipfile.is_zipfile(folder) else Path(folder)
    for name in FILES:
        path = root / f"{name}.json"
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            tables[name], abouts[name] = document["results"], document["about"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"{path} cannot be read: {type(error).__name__}: {error}") from error
    states = {(about.get("as_of"), about.get("ledger_head")) for about in abouts.values()}
    if len(states) > 1:
        raise Unreadable("The files are of different days or states of the site.")
    return tables, abouts["commitments"]


def day(text: Any) -> Any:
    """A date of a file; ``None`` for a blank."""
    return datetime.date.fromisoformat(text) if text else None


def exact(text: Any) -> Any:
    """A number of a file without loss; ``None`` for a blank."""
    return Fraction(text) if text is not None else None


class Files:
    """The public files, put in the order in which promises ask for them."""

    def __init__(self, tables: Tables) -> None:
        self.promises = tables["commitments"]
        self.plans = {row["code"]: row for row in tables["plans"]}
        self.metrics = {row["code"]: row for row in tables["metrics"]}
        self.bodies = {row["code"]: row for row in tables["bodies"]}
        self.sources = {row["code"]: row for row in tables["sources"]}
        self.updates, self.findings = defaultdict(list), defaultdict(list)
        for row in tables["updates"]:
            self.updates[row["metric"] or (row["plan"], row["commitment"])].append(row)
        for row in tables["assessments"]:
            if row["commitment"]:
                self.findings[row["plan"], row["commitment"]].append(row)

    def side(self, plan: str, body: str | None) -> str | None:
        """The side on which a body stands to a plan; ``None`` where the files know no such body."""
        if body not in self.bodies:
            return None
        row, state = self.bodies[body], self.plans[plan]["state"] or ""
        return assess.side_of(row["kind"], row["side"], row["state"] or "", state)

    def rows_of(self, promise: FileRow) -> tuple[list[FileRow], list[FileRow]]:
        """Updates and findings that speak of a promise."""
        key = (promise["plan"], promise["code"])
        of_metric = self.updates.get(promise["metric"], []) if promise["metric"] else []
        return [*self.updates.get(key, []), *of_metric], self.findings.get(key, [])

    def addressed(self, row: FileRow) -> bool:
        """Whether a publication with a confirmed address is cited."""
        return any(self.sources[cited["source"]]["address"] for cited in row["evidence"])

    def promise(self, row: FileRow) -> assess.Promise:
        """A promise as the method sees it."""
        plan, metric = self.plans[row["plan"]], self.metrics.get(row["metric"], {})
        return assess.Promise(
            code=row["code"],
            rule=row["rule"],
            deadline=day(row["deadline"]),
            plan_starts=day(plan["starts_on"]),
            plan_published=day(plan["published_on"]),
            comparator=row["comparator"] or "",
            target=exact(row["target_value"]),
            tolerance=exact(row["tolerance"]),
            target_rung=row["target_rung"] or "",
            rungs=tuple(metric.get("rungs") or ()),
            base_date=day(row["base_date"]),
            nature=metric.get("nature") or "",
            lag_months=metric.get("lag_months"),
            period=metric.get("period") or "calendar_year",
            period_ends=metric.get("period_ends") or 12,
            term_years=metric.get("term_years"),
            only_grows=bool(metric.get("only_grows_because")),
            has_statistic=not metric.get("no_statistic_because"),
        )

    def record(self, plan: str, updates: list[FileRow], findings: list[FileRow]) -> assess.Record:
        """Rows about a promise of a plan as the method sees them."""

        def rows(kind: str) -> list[FileRow]:
            return [row for row in updates if row["what"] == kind]

        def whose(row: FileRow) -> FileRow:
            side = self.side(plan, row["origin"]) or "official"
            return {"origin": row["origin"] or "", "side": side, "precision": row["precision"]}

        return assess.Record(
            values=tuple(
                assess.Value(
                    entry=row["entry"],
                    value=exact(row["value"]),
                    bound=row["bound"],
                    as_of=day(row["as_of"]),
                    starts_on=day(row["starts_on"]),
                    fits=row["fits"],
                    scope=row["scope"] or "",
                    year_stated=not row["year_not_stated"],
                    addressed=self.addressed(row),
                    **whose(row),
                )
                for row in rows("value")
            ),
            rungs=tuple(
                assess.Rung(row["entry"], row["rung"], day(row["as_of"]), addressed=self.addressed(row), **whose(row))
                for row in rows("rung")
            ),
            judgements=tuple(
                assess.Judgement(
                    row["entry"],
                    row["verdict"],
                    day(row["as_of"]),
                    tuple({self.sources[cited["source"]]["publisher"] for cited in row["evidence"]}),
                    self.addressed(row),
                    row["precision"],
                )
                for row in rows("judgement")
            ),
            searches=tuple(
                assess.Search(
                    row["entry"], day(row["as_of"]), bool(row["withheld"]), row["reach"] == "full", row["precision"]
                )
                for row in rows("search")
            ),
            findings=tuple(
                assess.Finding(
                    entry=row["entry"],
                    says=row["says"],
                    as_of=day(row["as_of"]),
                    starts_on=day(row["starts_on"]),
                    ends_on=day(row["ends_on"]),
                    finds_harm=bool(row["finds_harm"]),
                    addressed=self.addressed(row),
                    **whose(row),
                )
                for row in findings
            ),
        )


def number(fraction: Fraction | None) -> str | None:
    """A number as the files have it: a text with six places at most and no trailing zeros; ``None`` for nothing."""
    if fraction is None:
        return None
    rounded = (Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(SIX_PLACES, ROUND_HALF_EVEN)
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def first_day(row: FileRow) -> datetime.date:
    """The first day that the date of a row may be."""
    return assess.earliest(datetime.date.fromisoformat(row["as_of"]), row["precision"])


def says(files: Files, findings: list[FileRow], side: str, on: datetime.date) -> str | None:
    """What one side says: its verdict, ``mixed`` where it says different things, else its newest word."""
    spoken = [row for row in findings if files.side(row["plan"], row["origin"]) == side and first_day(row) <= on]
    verdicts = {row["says"] for row in spoken} & {"kept", "partly", "not_kept"}
    if verdicts:
        return verdicts.pop() if len(verdicts) == 1 else "mixed"
    return max(spoken, key=lambda row: (row["as_of"], row["entry"]))["says"] if spoken else None


def columns(files: Files, row: FileRow, on: datetime.date) -> FileRow:
    """The computed columns of a promise, as the files have them, by name."""
    updates, findings = files.rows_of(row)
    result = assess.assess(files.promise(row), files.record(row["plan"], updates, findings), on)
    value, baseline = result.value, result.baseline
    return {
        "status": result.status,
        "group": result.group,
        "status_basis": result.basis,
        "missing": result.missing or None,
        "decided_by": list(result.inputs),
        "flags": list(result.flags),
        "value": number(value.value) if value else None,
        "value_bound": (value.bound or None) if value else None,
        "value_starts_on": str(value.starts_on) if value and value.starts_on else None,
        "value_as_of": str(value.as_of) if value else None,
        "baseline_value": number(baseline.value) if baseline else None,
        "baseline_date": str(baseline.as_of) if baseline else None,
        "distance": number(result.distance),
        "pace": number(result.pace),
        "projected": number(result.projected),
        **{f"{side}_says": says(files, findings, side, on) for side in ("official", "un", "independent")},
        "evidence_count": len({cited["source"] for each in (*updates, *findings) for cited in each["evidence"]}),
    }


def recompute(folder: str | Path) -> tuple[FileRow, int, list[tuple[Any, ...]]]:
    """Compute everything anew. Returns what the files say of themselves, the number of promises, and differences.

    Each difference names plan, code, column, the site's value and the one computed. Raises ``Unreadable``.
    """
    tables, about = read(folder)
    try:
        files, on = Files(tables), day(about["as_of"])
        differences = [
            (row["plan"], row["code"], name, row[name], value)
            for row in files.promises
            for name, value in columns(files, row, on).items()
            if row[name] != value
        ]
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise Unreadable(f"The files do not fit one another: {type(error).__name__}: {error}") from error
    return about, len(files.promises), differences


def main(arguments: Sequence[str]) -> int:
    """Print what was found; 0 where all agree, 1 where the site differs, 2 for a call or files that make no sense."""
    if set(arguments) & {"-h", "--help"}:
        print(f"{USAGE}\n\n{__doc__}\n{ENDS}")
        return 0
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(USAGE)
        return 2
    try:
        about, count, differences = recompute(arguments[0])
    except Unreadable as error:
        print(error)
        return 2
    for plan, code, name, shown, computed in differences:
        print(f"{plan} {code}: {name} is {shown} on the site and {computed} computed anew.")
    if about.get("method") != assess.METHOD:
        print(f"The site computed with method {about.get('method')}; this is method {assess.METHOD}.")
    print(f"{count} promises computed anew as of {about['as_of']}, log entry {about.get('ledger_entry')}.")
    differing = len({(plan, code) for plan, code, *_rest in differences})
    print(f"DIFFERENT: {differing} of them." if differences else "All agree with the site.")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
