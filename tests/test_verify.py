"""verify.py alone, as anyone runs it: the file that the site gives out and the log that it gives out, nothing else."""

import json
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from tracker.actions.changes import correct
from tracker.actions.progress import publish, submit
from tracker.ledger import log
from tracker.models.roles import EDITOR, REVIEWER
from tracker.standalone.verify import hash_of_body, hash_of_entry

from . import databases, drafts
from .conftest import somebody
from .drafts import redact

pytestmark = pytest.mark.django_db


def _tell_of_a_redaction():
    """A figure, its correction, its redaction, and one more figure."""
    edith, rana = somebody("edith", EDITOR), somebody("rana", REVIEWER)
    first = drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    row = correct(published=first, changes={"value": 81}, reason="Misread.", by=edith)
    publish(record=submit(record=row, by=edith), by=rana)
    redact(record=first, reason="Names a witness.", by=rana)
    drafts.published(drafts.value(82, "2026-06-30"), edith, rana)


databases.STATES["told_of_a_redaction"] = ("vellmark", _tell_of_a_redaction)


@pytest.fixture
def told_of_a_redaction(vellmark):
    assert databases.holds("told_of_a_redaction")


@pytest.fixture
def folder(told_of_a_redaction, tmp_path):
    """A folder with the program and a log that holds a figure, its correction and a redaction."""
    shutil.copy(settings.BASE_DIR / "tracker" / "standalone" / "verify.py", tmp_path)
    (tmp_path / "ledger.jsonl").write_text("".join(log.lines()), encoding="utf-8")
    return tmp_path


def run(folder, *arguments):
    """Run the program without the site: no environment, no packages, nothing but the standard library."""
    command = [sys.executable, "-I", "-S", "verify.py", *(arguments or ["ledger.jsonl"])]
    ended = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=60)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout.splitlines()


def entries(folder):
    return [json.loads(line) for line in (folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]


def write(folder, entries):
    lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in entries]
    (folder / "ledger.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def linked_anew(entries):
    """The chain with every hash made to fit, as somebody would who owns the database."""
    prev = "0" * 64
    for entry in entries:
        if entry["text"] is not None:
            entry["body_hash"] = hash_of_body(entry["salt"], entry["text"])
        entry["prev"] = prev
        entry["hash"] = prev = hash_of_entry(entry)
    return entries


def test_an_intact_log_is_called_intact_and_what_is_redacted_is_named(folder):
    chain = entries(folder)
    redaction = next(e for e in chain if e["action"] == "redact")
    taken = json.loads(redaction["text"])["entry"]
    code, output = run(folder)
    assert code == 0
    assert output[:2] == [
        f"Entry {taken} is redacted; entry {redaction['seq']} says why.",
        f"Intact: {len(chain)} entries, head {chain[-1]['hash']}.",
    ]
    assert output[2].startswith("Compare this head with the foot of the site's pages")


@pytest.mark.parametrize("field", ["at", "action", "subject", "role", "body_hash"])
def test_a_changed_field_breaks_the_entry_that_holds_it(folder, field):
    chain = entries(folder)
    chain[4][field] += "x"
    write(folder, chain)
    assert run(folder) == (1, ["BROKEN. Entry 5 was changed: its hash does not fit its fields."])


def test_a_changed_text_or_salt_breaks_its_entry(folder):
    for field in ("text", "salt"):
        chain = entries(folder)
        chain[4][field] = "other"
        write(folder, chain)
        assert run(folder) == (1, ["BROKEN. The text of entry 5 was changed: its hash does not fit."])
        chain[4][field] = entries(folder)[4][field]
        folder.joinpath("ledger.jsonl").write_text("".join(log.lines()), encoding="utf-8")


@pytest.mark.slow
def test_an_entry_that_was_dropped_moved_or_doubled_is_named(folder):
    chain = entries(folder)
    write(folder, chain[:4] + chain[5:])
    assert run(folder) == (1, ["BROKEN. Entry 5 is missing; line 5 holds entry 6."])
    write(folder, [*chain[:4], chain[5], chain[4], *chain[6:]])
    assert run(folder) == (1, ["BROKEN. Entry 5 is missing; line 5 holds entry 6."])
    write(folder, [*chain[:5], *chain[4:]])
    assert run(folder) == (1, ["BROKEN. Entry 6 is missing; line 6 holds entry 5."])
    write(folder, chain[1:])
    assert run(folder) == (1, ["BROKEN. Entry 1 is missing; line 1 holds entry 2."])


def test_an_entry_put_in_with_a_hash_that_fits_does_not_carry_the_next(folder):
    chain = entries(folder)
    chain[4]["subject"] = "Mine"
    chain[4]["hash"] = hash_of_entry(chain[4])
    write(folder, chain)
    assert run(folder) == (1, ["BROKEN. Entry 6 does not follow on entry 5: its link is another."])


@pytest.mark.slow
def test_a_text_taken_away_without_a_redaction_is_named(folder):
    chain = entries(folder)
    redaction = next(e["seq"] for e in chain if e["action"] == "redact")
    for by in (None, redaction, 1, "redact", True, 10**9):
        broken = [dict(e) for e in chain]
        broken[4] |= {"text": None, "salt": "", "redacted_by": by}
        write(folder, broken)
        assert run(folder)[0] == 1
        assert run(folder)[1][-1] == "BROKEN. The text of entry 5 is gone and no entry says why."


@pytest.mark.slow
def test_a_chain_cut_short_or_written_anew_does_not_hold_the_hash_that_was_noted(folder):
    chain = entries(folder)
    noted = chain[-1]["hash"]
    assert f"The hash that you noted is that of entry {len(chain)}." in run(folder, "ledger.jsonl", noted)[1]
    assert "The hash that you noted is that of entry 3." in run(folder, "ledger.jsonl", chain[2]["hash"])[1]
    sentence = "BROKEN. No entry has the hash that you noted: the chain was cut short or written anew."
    for other in (chain[:-1], linked_anew([dict(e, role="editor") for e in chain])):
        write(folder, other)
        code, output = run(folder, "ledger.jsonl", noted)
        assert (code, output[-1]) == (1, sentence)


@pytest.mark.parametrize(
    "line",
    ["x", "5", "null", '"seq"', "[]", '{"seq": 1', '"\\ud800"', "[" * 100_000, "NaN"],
    ids=["word", "number", "null", "text", "list", "half", "surrogate", "deep", "NaN"],
)
def test_a_line_that_is_no_entry_is_named_without_a_crash(folder, line):
    write(folder, [*entries(folder)[:4], line])
    assert run(folder) == (1, ["BROKEN. Line 5 is not an entry."])


@pytest.mark.parametrize(
    "changed", [{"salt": None}, {"text": 5}, {"text": "\ud800"}], ids=["salt", "number", "surrogate"]
)
def test_a_field_of_another_kind_is_named_without_a_crash(folder, changed):
    chain = entries(folder)
    chain[4] |= changed
    (folder / "ledger.jsonl").write_text("\n".join(map(json.dumps, chain)), encoding="utf-8")
    assert run(folder) == (1, ["BROKEN. Line 5 is not an entry."])


def test_a_missing_field_is_named(folder):
    chain = entries(folder)
    del chain[4]["salt"], chain[4]["role"]
    write(folder, chain)
    assert run(folder) == (1, ["BROKEN. Line 5 lacks role, salt."])


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_download_that_broke_off_between_two_lines_is_not_called_intact(folder, cut):
    chain = entries(folder)
    assert [each.get("last") for each in chain] == [*[None] * (len(chain) - 1), True]
    chain_read = chain[:-cut]
    write(folder, chain_read)
    code, output = run(folder)
    fits = f"{len(chain_read)} entries fit, head {chain_read[-1]['hash']}; the file does not say that it ends there."
    assert (code, output[-2]) == (1, f"NOT KNOWN TO BE WHOLE. {fits}")
    assert run(folder, "ledger.jsonl", chain[2]["hash"])[0] == 1  # which says nothing of how it ends


def test_a_file_from_before_the_mark_is_whole_by_the_hash_of_its_last_entry_alone(folder):
    chain = [{name: value for name, value in each.items() if name != "last"} for each in entries(folder)]
    write(folder, chain)
    assert run(folder)[0] == 1
    code, output = run(folder, "ledger.jsonl", chain[-1]["hash"])
    assert code == 0
    assert f"Intact: {len(chain)} entries, head {chain[-1]['hash']}." in output


@pytest.mark.parametrize("earlier", ["2020-01-01T00:00:00+00:00", "2020-01-01T00:00:00.000001+00:00"])
def test_a_log_whose_dates_go_back_is_broken_though_its_hashes_fit(folder, earlier):
    chain = entries(folder)
    chain[4]["at"] = earlier
    write(folder, linked_anew(chain))
    assert run(folder) == (1, ["BROKEN. Entry 5 is dated before entry 4: the dates of the log go back."])
    for entry in chain:  # with microseconds and without, and all at one moment
        entry["at"] = earlier
    write(folder, linked_anew(chain))
    assert run(folder)[0] == 0


def test_a_date_that_is_none_is_named_without_a_crash(folder):
    chain = entries(folder)
    chain[4]["at"] = "yesterday"
    write(folder, linked_anew(chain))
    assert run(folder) == (1, ["BROKEN. Line 5 is not an entry."])


@pytest.mark.slow
def test_no_log_at_all_and_an_empty_one_are_said(folder):
    assert run(folder, "absent.jsonl")[0] == 2
    assert run(folder, "ledger.jsonl", "absent") == (
        2,
        ["ledger.jsonl absent cannot be read: [Errno 2] No such file or directory: 'absent'"],
    )
    status, output = run(folder, "--help")
    assert (status, output[0]) == (0, "usage: verify.py WHAT [KEPT ...]")
    assert len(output) > 1
    (folder / "ledger.jsonl").write_bytes(b"\xff\xfe")
    assert run(folder)[0] == 2
    (folder / "ledger.jsonl").write_text("\n\n")
    assert run(folder) == (1, ["BROKEN. There is no entry in it."])
