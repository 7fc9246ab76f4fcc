"""The rows of one plan, public or in preparation, for a spreadsheet or for seed files."""

import io
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tracker.actions.opening import contents
from tracker.loader.files import read_folder, write_rows
from tracker.models import Plan, Preparation, SeedRow
from tracker.schema import MANY, ONE, PLAN, REPEATED, TABLES, Row, Table

EXAMPLE = Path(__file__).parent / "example"


def of_plan(plan: Plan) -> dict[Table, list[Row]]:
    """Every row of a public plan, and of what plans share those that it names, or that its seed files brought."""
    records = {t: list(t.records(t.model.objects.filter(plan=plan)).order_by("order")) for t in TABLES if t.of_plan}
    records[PLAN] = list(PLAN.records(Plan.objects.filter(pk=plan.pk)))
    brought = SeedRow.objects.filter(folder=plan.code).values_list("table", "key")
    return _with_shared(records, set(brought))


def of_preparation(preparation: Preparation) -> dict[Table, list[Row]]:
    """Every row of a preparation, as it stands now."""
    return {table: [table.row_of(each) for each in records] for table, records in contents(preparation).items()}


def _with_shared(records: dict[Table, list[Any]], brought: set[tuple[str, str]]) -> dict[Table, list[Row]]:
    """Rows with those of the shared records that they name, and that these name."""
    rows = {table: [table.row_of(each) for each in records[table]] for table in records}
    codes = {table: {key for name, key in brought if name == table.name} for table in TABLES}
    by_model = {table.model: table for table in TABLES}
    for table in reversed(TABLES):  # a table names those before it
        if table.shared:
            shared = [each for each in table.records() if each.code in codes[table]]
            shared.sort(key=lambda each: each.pk if table.sorted_by == "pk" else each.code)
            rows[table] = [table.row_of(each) for each in shared]
        for row in rows.get(table, ()):
            for model, code in _named(table, row):
                codes[by_model[model]].add(code)
    return {table: rows[table] for table in TABLES if rows.get(table)}


def _named(table: Table, row: Row) -> Iterable[tuple[Any, str]]:
    for key in table.keys:
        value = row[key.name]
        if value is None or key.to is None:
            continue
        codes = {ONE: lambda v: [v], MANY: list, REPEATED: lambda v: [each["source"] for each in v]}[key.type](value)
        yield from ((key.to, code) for code in codes)


@cache
def of_example() -> dict[Table, list[Row]]:
    """The plan of an invented country, to look at and to try with."""
    return {table: [row.values for row in rows] for table, rows in read_folder(EXAMPLE).rows.items() if rows}


def archive(code: str, rows: dict[Table, list[Row]]) -> bytes:
    """Rows as a ZIP of seed files in a folder of the plan's code, such as ``load_plan`` reads."""
    file = io.BytesIO()
    with TemporaryDirectory() as name, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        folder = Path(name)
        for table, of_table in rows.items():
            write_rows(folder / table.pattern.replace("*", "all"), table, of_table)
        for path in sorted(folder.rglob("*.toml")):
            zipped.write(path, f"{code}/{path.relative_to(folder).as_posix()}")
    return file.getvalue()
