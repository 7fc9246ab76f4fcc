"""What the log says: an entry's linked fields, and everything public about a row of progress, in plain values."""

from tracker.models.progress import AMENDED
from tracker.schema import EXCEPTIONS, ONE, PROGRESS, plain_value
from tracker.text.plain import plain_number

ENTRY_FIELDS = ("seq", "at", "action", "subject", "role", "body_hash", "prev", "hash")
# What a row of each kind says in plain values: as in its seed file, and what it says beside that.
LOGGED = {table.model: [k.name for k in table.keys if k.type != ONE and k.name not in EXCEPTIONS] for table in PROGRESS}
LOGGED_BESIDE = ("changes", "withdrawn", "reason", "people")


def public_content(record, evidence=None):
    """A row as the log keeps it: its public fields, what it is about, whose it is, what it replaces, its evidence.

    ``evidence`` stands in for rows that are not written yet.
    """
    content = {name: plain_value(getattr(record, name)) for name in LOGGED[type(record)]}
    content |= {name: plain_value(getattr(record, name, None)) for name in LOGGED_BESIDE}
    if content.get("value") is not None:
        content["value"] = str(plain_number(record.value))
    for name in (*AMENDED, "origin"):
        related = getattr(record, name, None)
        content[name] = related.code if related is not None else None
    content["plan"] = content["plan"] or getattr(getattr(record.about, "plan", None), "code", None)
    content["replaces"] = record.replaces.entry_id if record.replaces_id else None
    replied = getattr(record, "replies_to", None)
    content["replies_to"] = replied.entry_id if replied is not None else None
    cited = sorted(record.evidence.all(), key=lambda each: each.pk) if evidence is None else evidence
    content["evidence"] = [_cited(e) for e in cited]
    return {name: value for name, value in content.items() if value not in (None, "", [], False)}


def _cited(evidence):
    """A piece of evidence; what there is to say of its file only where it has one."""
    content = {"source": evidence.source.code, "locator": evidence.locator, "note": evidence.note}
    if evidence.file_hash:
        content |= {"file": evidence.file_hash, "file_type": evidence.file_type, "file_size": evidence.file_size}
        content["file_name"] = evidence.file_name
    return content


def public_entry(entry):
    """An entry as the log file gives it, without its text."""
    row = {name: getattr(entry, name) for name in ENTRY_FIELDS}
    return row | {"at": entry.at.isoformat()}
