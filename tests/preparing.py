"""Seed files put into a preparation by the actions that pages use, as somebody would who types them in."""

from tracker.actions.preparation import begin, prepare_all
from tracker.loader.files import read_folder
from tracker.loader.load import RegistryLoad
from tracker.models import Plan
from tracker.schema import CATEGORIES, MANY, ONE, PLAN, TABLES


def prepare_folder(folder, by, tables=TABLES):
    """All records of a plan's seed files, in a preparation; each table's in the order of its files."""
    reading = read_folder(folder)
    assert not reading.problems
    plan = reading.rows[PLAN][0].code
    preparation = begin(by=by, subject=f"plan {plan}", of_plan=True)
    order = RegistryLoad.__dict__["_order"]  # as the loader numbers what stands in files
    by_model = {}
    for table in tables:
        known = {each.code: each for each in table.model.objects.all()} if table.shared else {}
        by_model[table.model] = known
        records = []
        for row in reading.rows[table]:
            if row.code in known:
                continue
            record, relations = table.model(), {}
            if table.of_plan:
                record.plan = by_model[Plan][plan]
                record.order = order(type("Loaded", (), {"by_model": by_model}), table, row)
            for key in table.keys:
                value = row.values[key.name]
                if key.type == MANY:
                    relations[key.name] = [by_model[key.to][code] for code in value or ()]
                    continue
                if key.type == ONE:
                    value = by_model[key.to].get(value)
                elif value is None:
                    value = table.model._meta.get_field(key.name).get_default()
                setattr(record, key.name, value)
            known[row.code] = record
            records.append((record, relations))
            if table is CATEGORIES:  # each may name the one before as its parent
                prepare_all(preparation=preparation, records=records, by=by)
                records = []
        prepare_all(preparation=preparation, records=records, by=by)
    preparation.refresh_from_db()
    return preparation
