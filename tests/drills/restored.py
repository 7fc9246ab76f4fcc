"""A backup restored that is older than the checkpoint that witnesses signed, on either database; and what is done then.

``python -m tests.drills.restored [sqlite|postgresql]``. A witness, a reader who kept a checkpoint, and the site itself
by what lies in VAR find it; then the steps of docs/checkpoints.md are followed, one after the other.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrplan.settings")
django.setup()

# ruff: noqa: E402  (the witness of the tests needs the settings)
from tests.test_checkpoint import Witness
from tracker.standalone.verify import read_key

from . import data
from .data import Person, manage, publish, run, served, within
from .stage import Drill

NAME = "127.0.0.1:8000/ledger"
ALARM = "it was cut short"


def new_key(name):
    """Settings with a key of this name, and its public half."""
    with tempfile.TemporaryDirectory(prefix="drill-key-") as var:
        env = data.environment("unused", var)
        said = manage(env, "checkpoint", "--new-key", name)[1]
    private, public = re.search(r"LEDGER_KEY=(\S+)", said)[1], re.search(r"witnesses: (\S+)", said)[1]
    return {"LEDGER_KEY": private}, public


def main(vendors=data.VENDORS):
    """All of it, on each database."""
    with Drill("A backup that is older than the checkpoint of yesterday") as drill:
        for vendor in vendors:
            drill.say(f"on {vendor}")
            with tempfile.TemporaryDirectory(prefix="drill-") as folder:
                rehearse(drill, vendor, Path(folder))


def rehearse(drill, vendor, folder):
    """The bad day and the day after."""
    key, public = new_key(NAME)
    witness = Witness()
    witness.logs = {NAME: read_key(public)}
    key["WITNESSES"] = f"{witness.key} {witness.address}"
    (folder / "site").mkdir()
    (folder / "backups").mkdir()
    with data.site(vendor, folder / "site", figures=6, **key) as env, served(env) as port:
        rana, reader = Person(port, "rana-0"), Person(port)
        first, *rest = within(env, "state")["waiting"]
        publish(rana, first)
        manage(env, "backup", folder / "backups", "-v0")
        for pk in rest[:3]:
            publish(rana, pk)
        status, said = manage(env, "checkpoint", "--send")
        drill.promise("the checkpoint is sent and cosigned", status == 0, said)
        head = within(env, "state")["entries"]
        for name in ("checkpoint", "ledger.jsonl", "verify.py"):
            address = {"checkpoint": "/ledger/checkpoint", "ledger.jsonl": "/ledger.jsonl", "verify.py": "/verify.py"}[
                name
            ]
            (folder / name).write_bytes(reader.get(address).body)
    (backup,) = (folder / "backups").glob("*.zip")
    with data.site(vendor, _made(folder / "again"), figures=6, **key) as env:
        found(drill, env, backup, folder, head, public)
        followed(drill, env, folder, head, witness)
    witness.server.shutdown()


def _made(path):
    path.mkdir()
    return path


def alarm_in(said):
    """The line of what a command said that names what is missing; all of it where none does."""
    return next((line for line in said.splitlines() if ALARM in line), said)


def found(drill, env, backup, folder, head, public):
    """Who finds it, and by what."""
    # VAR is still that of the site, whose database alone was lost.
    (Path(env["VAR"]) / "checkpoint").write_bytes((folder / "site" / "checkpoint").read_bytes())
    status, said = manage(env, "restore", "--overwrite", backup, fine=False)
    drill.promise("restore says what is missing", status == 0 and ALARM in said, alarm_in(said))
    status, said = manage(env, "serve", "--prepare-only", fine=False)
    drill.promise("the start says so", status == 0 and ALARM in said, alarm_in(said))
    status, said = manage(env, "verify_ledger", "-v0", fine=False)
    drill.promise("verify_ledger ends with an error", status == 1 and ALARM in said, said[-300:])
    (Path(env["VAR"]) / "checkpoint").unlink()  # and where VAR was lost as well
    status, said = manage(env, "checkpoint", "--send", fine=False)
    drill.promise(
        "checkpoint --send ends with the witness's refusal", status == 1 and f"has seen {head} entries" in said, said
    )
    with served(env) as port:
        (folder / "shorter.jsonl").write_bytes(Person(port).get("/ledger.jsonl").body)
    status, said = run(env, folder / "verify.py", folder / "shorter.jsonl", folder / "checkpoint", public)
    drill.promise("a reader who kept a checkpoint finds it", status == 1 and "BROKEN" in said, said[-200:])


def followed(drill, env, folder, head, witness):
    """The steps of the document, for a site that has no newer backup."""
    name = f"{NAME}-2"
    key, public = new_key(name)
    env |= key | {"OPERATOR": f"A newsroom. The log {NAME} ended with a lost disk; {name} goes on after its backup."}
    witness.logs[name], witness.seen = read_key(public), None  # a witness keeps each log by its name
    status, said = manage(env, "checkpoint", "--send", fine=False)
    drill.promise("under a new name the witness signs again", status == 0, said)
    status, said = manage(env, "verify_ledger", fine=False)
    drill.promise("verify_ledger is content", status == 0, said[-200:])
    with served(env) as port:
        rana, reader = Person(port, "rana-0"), Person(port)
        waiting = within(env, "state")["waiting"]
        for pk in waiting[:3]:
            publish(rana, pk)
        (folder / "new-checkpoint").write_bytes(reader.get("/ledger/checkpoint").body)
        (folder / "new.jsonl").write_bytes(reader.get("/ledger.jsonl").body)
        page = reader.get("/about/").words
        drill.promise("/about/ says what happened", env["OPERATOR"] in page, env["OPERATOR"])
    drill.promise("what was lost is published once more", within(env, "state")["entries"] == head, head)
    status, said = run(env, folder / "verify.py", folder / "new.jsonl", folder / "new-checkpoint", public)
    drill.promise("readers verify the log of the new name", status == 0, said[-200:])
    status, said = manage(env, "checkpoint", "--send", fine=False)
    drill.promise("and it goes on being cosigned", status == 0, said)


if __name__ == "__main__":
    main(sys.argv[1:] or data.VENDORS)
