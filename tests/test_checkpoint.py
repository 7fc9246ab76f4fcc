"""Checkpoints of the log: signed, kept by readers, cosigned by witnesses; and what they find when it is rewritten."""

import contextlib
import functools
import hashlib
import http.server
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet
from nacl.signing import SigningKey

from hrplan.settings import env_note_key
from tracker.actions.ledger import append
from tracker.ledger import checkpoint, tree
from tracker.models import Cosignature, Evidence, LedgerBody, LedgerEntry, Update, triggers
from tracker.standalone.verify import (
    HEIGHT,
    OF_LOG,
    OF_WITNESS,
    WIDTH,
    Key,
    address_of_tile,
    canonical,
    continues,
    hash_of_body,
    hash_of_entry,
    hash_of_leaf,
    read_checkpoint,
    read_key,
    read_proof,
    root_over,
    roots,
)

from . import drafts
from .reading import page_of

pytestmark = pytest.mark.django_db

SIGNER = SigningKey(b"s" * 32)
KEY = Key("log.example/ledger", OF_LOG, bytes(SIGNER.verify_key))


@pytest.fixture(autouse=True)
def _kept_apart(settings, tmp_path):
    """Tiles in a folder of the test, and a key to sign with."""
    settings.VAR, settings.LEDGER_KEY = tmp_path / "var", (KEY.name, SIGNER)
    settings.VAR.mkdir()


@pytest.fixture
def long_log(vellmark, edith):
    """A log of more than two full tiles; how many entries it has."""
    missing = 2 * WIDTH + 40 - LedgerEntry.objects.head()
    append(changes=[("note", f"nothing {n}", {"n": n}) for n in range(missing)], by=edith)
    return LedgerEntry.objects.head()


def lengthen(by, count=3):
    append(changes=[("note", f"more {n}", {"n": n}) for n in range(count)], by=by)
    return LedgerEntry.objects.head()


def root_by_hand(size=None):
    """The root over the entries as the file of the log gives them, without a tile."""
    rows = LedgerEntry.objects.order_by("seq")[:size]
    lines = [
        {name: getattr(row, name) for name in ("seq", "action", "subject", "role", "body_hash", "prev")} for row in rows
    ]
    leaves = [canonical({**line, "at": row.at.isoformat()}).encode() for line, row in zip(lines, rows, strict=True)]
    return roots(leaves, {len(leaves)})[len(leaves)]


def text_at(client, address):
    response = client.get(address)
    assert response.status_code == 200, (address, response.content[:300])
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.content


# What the site gives out.


def test_the_checkpoint_sums_the_log_up_and_is_signed(client, long_log):
    checkpoint = read_checkpoint(text_at(client, "/ledger/checkpoint").decode())
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (KEY.name, long_log, root_by_hand())
    assert checkpoint.signed_at(KEY) == 0
    older = read_checkpoint(text_at(client, "/ledger/checkpoint?entry=300").decode())
    assert (older.size, older.root, older.signed_at(KEY)) == (300, root_by_hand(300), 0)
    assert client.get("/ledger/checkpoint")["Content-Type"] == "text/plain; charset=utf-8"


def test_without_a_key_it_is_not_signed_and_says_so(client, long_log, settings):
    settings.LEDGER_KEY = None
    text = text_at(client, "/ledger/checkpoint").decode()
    checkpoint = read_checkpoint(text)
    assert text.splitlines()[3:] == ["not signed: this site has no key"]
    assert (checkpoint.origin, checkpoint.size, checkpoint.signatures) == ("127.0.0.1:8000/ledger", long_log, ())
    page = page_of(client, "/ledger/")
    assert "This site has no key, so that its checkpoints are not signed." in page
    assert "the signature of this site" not in page
    assert "python3 verify.py http://127.0.0.1:8000/ledger checkpoint</code>" in page


def test_an_empty_log_has_a_checkpoint(client, db):
    checkpoint = read_checkpoint(text_at(client, "/ledger/checkpoint").decode())
    assert (checkpoint.size, checkpoint.root) == (0, hashlib.sha256(b"").digest())
    assert client.get("/ledger/1/").status_code == client.get("/ledger/tile/0/000.p/1").status_code == 404


@pytest.mark.both_databases
def test_tiles_and_entries_are_those_of_the_specification(client, long_log):
    rest = long_log - 2 * WIDTH
    first, last = (text_at(client, f"/ledger/tile/entries/{name}") for name in ("000", f"002.p/{rest}"))
    entries = [*unbundled(first), *unbundled(last)]
    assert len(entries) == WIDTH + rest
    assert [json.loads(each)["seq"] for each in entries][-1] == long_log
    assert hashlib.sha256(entries[-1]).hexdigest() == LedgerEntry.objects.first().hash
    for bundle, name in ((entries[:WIDTH], "000"), (entries[WIDTH:], f"002.p/{rest}")):
        assert text_at(client, f"/ledger/tile/0/{name}") == b"".join(map(hash_of_leaf, bundle))
    above = text_at(client, "/ledger/tile/1/000.p/2")
    assert above[:32] == roots(entries[:WIDTH], {WIDTH})[WIDTH]
    response = client.get("/ledger/tile/0/000")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def unbundled(data):
    while data:
        length = 2 + int.from_bytes(data[:2], "big")
        yield data[2:length]
        data = data[length:]


def test_a_tile_that_is_not_there_and_another_spelling_are_404s(client, long_log):
    rest = long_log - 2 * WIDTH
    for name in (
        *("0/002", f"0/002.p/{rest + 1}", "1/000", "1/000.p/3", "2/000.p/1", "0/000.p/256", "0/000.p/0", "0/000.p/01"),
        *("0/x000/000", "00/000", "64/000", "0/0", "0/0000", "entries/003", "leaves/000", "63/x999/x999/x999/999"),
    ):
        assert client.get(f"/ledger/tile/{name}").status_code == 404, name
    assert client.get("/ledger/tile/0/000?x=1").status_code == 400
    assert client.post("/ledger/tile/0/000").status_code == 405


@pytest.mark.both_databases
def test_an_entry_has_a_page_with_its_text_and_its_proof(client, long_log):
    page = page_of(client, "/ledger/300/")
    entry = LedgerEntry.objects.select_related("body").get(seq=300)
    assert f'<code class="hash">{entry.hash}</code>' in page
    assert json.dumps(json.loads(entry.body.text), ensure_ascii=False, indent=2).split("\n")[0] in page
    assert f"python3 verify.py entry-300.tlog-proof '{KEY}'" in page
    named, path, checkpoint = read_proof(text_at(client, "/ledger/entry-300.tlog-proof").decode())
    assert (named["index"], checkpoint.size, checkpoint.signed_at(KEY)) == ("299", long_log, 0)
    shown = re.findall(r'<td data-label="Hash"><code class="hash">([0-9a-f]{64})', page)
    assert shown == [each.hex() for each in path]
    [leaf] = tree.leaves(299, 1)
    assert root_over(299, long_log, leaf, path) == checkpoint.root == root_by_hand()
    older = read_proof(text_at(client, "/ledger/entry-300.tlog-proof?entry=300").decode())[2]
    assert (older.size, older.root) == (300, root_by_hand(300))


def test_an_entry_whose_text_was_taken_away_says_by_which(client, vellmark_progress):
    body = LedgerBody.objects.filter(text=None).first()
    page = page_of(client, f"/ledger/{body.entry_id}/")
    assert f'<a href="/ledger/{body.redacted_by_id}/">entry {body.redacted_by_id}</a>, which says why.' in page
    assert "SECRETNAME" not in page


def test_entries_that_are_not_there_are_refused_with_a_sentence(client, long_log):
    for address in ("/ledger/0/", f"/ledger/{long_log + 1}/", f"/ledger/{'9' * 40}/", "/ledger/entry-0.tlog-proof"):
        response = client.get(address)
        assert response.status_code == 404, address
        assert "The log has no entry " in response.content.decode(), address
    assert client.get(f"/ledger/consistency-{long_log + 1}.txt").status_code == 404
    for address in ("/ledger/entry-7.tlog-proof?entry=6", "/ledger/checkpoint?entry=0", "/ledger/5/?page=1"):
        assert client.get(address).status_code == 400, address


@pytest.mark.both_databases
def test_a_proof_leads_from_any_older_checkpoint_to_the_newest(client, long_log):
    for old in (0, 1, 255, 256, 257, 512, long_log - 1, long_log):
        before = read_checkpoint(
            text_at(client, f"/ledger/checkpoint?entry={old}" if old else "/ledger/checkpoint").decode()
        )
        named, path, new = read_proof(text_at(client, f"/ledger/consistency-{old}.txt").decode())
        assert (named, new.size) == ({"old": str(old)}, long_log)
        assert continues(before._replace(size=old), new, path)


# What it costs.


def test_a_tile_is_made_once_and_belongs_to_its_entries_alone(client, long_log, settings, monkeypatch):
    ranges, leaves = [], tree.leaves
    monkeypatch.setattr(tree, "leaves", lambda first, count: ranges.append((first, count)) or leaves(first, count))
    first = tree.tree(long_log).root()
    assert ranges == [(0, 256), (256, 256), (512, long_log - 512)]
    ranges.clear()
    assert tree.tree(long_log).root() == first
    assert ranges == [(512, long_log - 512)]
    for newest_row in (settings.VAR / "tiles").iterdir():
        newest_row.write_bytes(newest_row.read_bytes()[:-1])  # as a full disk leaves it
    assert tree.tree(long_log).root() == first
    triggers.remove()
    QuerySet(LedgerEntry).filter(seq=256).update(hash="f" * 64)
    ranges.clear()
    tree.tree(long_log).root()
    assert (0, 256) in ranges
    triggers.install()


def test_no_request_makes_more_than_it_may_and_the_next_one_goes_on(client, long_log, monkeypatch):
    monkeypatch.setattr("tracker.ledger.checkpoint.IN_ONE_REQUEST", 1)
    monkeypatch.setattr("tracker.ledger.checkpoint.checkpoint.__defaults__", (1,))
    first = client.get("/ledger/checkpoint")
    assert (first.status_code, first["Retry-After"]) == (503, "1")
    assert "ask again in a second" in first.content.decode()
    assert "ETag" not in first
    assert client.get("/ledger/checkpoint").status_code == 200


@pytest.mark.both_databases
def test_checkpoint_tile_and_proof_ask_a_few_questions(client, long_log, django_assert_max_num_queries):
    tree.keep_tiles(long_log)
    for address in ("/ledger/checkpoint", "/ledger/tile/0/000", "/ledger/300/", "/ledger/consistency-257.txt"):
        client.get(address)
        with django_assert_max_num_queries(9):
            client.get(address)


def test_an_unchanged_checkpoint_is_a_304_until_a_witness_signs_it(client, long_log):
    for address in ("/ledger/checkpoint", "/ledger/"):
        etag = client.get(address)["ETag"]
        assert client.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 304
        Cosignature.objects.create(
            size=1, text=f"{KEY.name}\n{address}", witness="w", at="2026-11-01T00:00Z", line="— w AA=="
        )
        assert client.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 200
        Cosignature.objects.all().delete()


# What a reader proves.


@pytest.fixture
def run(tmp_path):
    """Run verify.py as anyone does: no site, no packages. The files of the test are beside it."""
    shutil.copy(configured.BASE_DIR / "tracker" / "standalone" / "verify.py", tmp_path)

    def ended(*arguments):
        command = [sys.executable, "-I", "-S", "verify.py", *map(str, arguments)]
        done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, timeout=60)
        assert done.stderr == ""
        return done.returncode, done.stdout.splitlines()

    return ended


def save(client, folder, address, name):
    """Save what an address gives as a file."""
    response = client.get(address)
    assert response.status_code == 200, address
    data = b"".join(response.streaming_content) if response.streaming else response.content
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


@pytest.fixture
def published(client, tmp_path):
    """A plain file server: call it to put the checkpoint and tiles of now on it; the address of the log there."""
    handler = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_words: None})
    folder = tmp_path / "www"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def publish():
        shutil.rmtree(folder, ignore_errors=True)
        size, level = LedgerEntry.objects.head(), 0
        save(client, folder, "/ledger/checkpoint", "ledger/checkpoint")
        while width := size >> (HEIGHT * level):
            for number in range((width + WIDTH - 1) // WIDTH):
                name = f"ledger/{address_of_tile(level, number, min(WIDTH, width - number * WIDTH))}"
                save(client, folder, f"/{name}", name)
            level += 1
        return f"http://127.0.0.1:{server.server_port}/ledger"

    yield publish
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_everything_that_a_reader_downloads_verifies(client, long_log, edith, run, published, tmp_path):
    save(client, tmp_path, "/ledger/checkpoint", "checkpoint")
    head = lengthen(edith)
    save(client, tmp_path, "/ledger.jsonl", "ledger.jsonl")
    save(client, tmp_path, f"/ledger/consistency-{long_log}.txt", "consistency.txt")
    save(client, tmp_path, "/ledger/entry-300.tlog-proof", "entry-300.tlog-proof")
    intact = f"Intact: the {long_log} entries that you kept a checkpoint of are the first of the {head} of now."
    for code, output in (run("consistency.txt", "checkpoint", KEY), run(published(), "checkpoint", KEY)):
        assert (code, output[-1]) == (0, intact)
        assert f"{KEY.name} signed the checkpoint of {long_log} entries." in output
    code, output = run("ledger.jsonl", "checkpoint", KEY)
    assert code == 0
    assert f"The first {long_log} entries are those of the checkpoint that you kept." in output
    assert output[-2].startswith(f"Intact: {head} entries, head ")
    entry = LedgerEntry.objects.get(seq=300)
    code, output = run("entry-300.tlog-proof", KEY, entry.hash)
    assert (code, output[-1]) == (0, f"is in the log of {head} entries. Its hash is {entry.hash}.")
    assert run("entry-300.tlog-proof", KEY, "checkpoint")[0] == 0
    code, output = run(published())
    assert (code, output[0]) == (0, "Whose it is was not checked: give the key of the site too, as you noted it.")
    assert output[1].startswith(f"Checkpoint and tiles agree on {head} entries.")


@pytest.mark.slow
def test_what_is_forged_or_of_somebody_else_is_named(client, long_log, run, published, tmp_path):
    for address, name in (("/ledger/checkpoint", "checkpoint"), ("/ledger/entry-300.tlog-proof", "proof")):
        save(client, tmp_path, address, name)
    text, note = (tmp_path / "proof").read_text(), (tmp_path / "checkpoint").read_text()
    other = Key(KEY.name, OF_LOG, bytes(SigningKey(b"o" * 32).verify_key))
    assert run("proof", other) == (1, [f"BROKEN. {KEY.name} did not sign the checkpoint of {long_log} entries."])
    (tmp_path / "proof").write_text(text.replace("index 299", "index 298"))
    assert run("proof", KEY) == (1, ["BROKEN. The proof does not lead from this entry to the checkpoint in it."])
    (tmp_path / "proof").write_text(text.replace(f"\n{long_log}\n", f"\n{long_log + 1}\n"))
    assert run("proof", KEY)[0] == 1
    (tmp_path / "proof").write_text(text)
    assert run("proof", "f" * 64) == (1, ["BROKEN. It is not the entry whose hash you noted."])
    (tmp_path / "signed").write_text(note[:-8] + ("AAA" if note[-8:-5] != "AAA" else "BBB") + note[-5:])
    code, output = run("proof", "signed", KEY)
    assert (code, "is not by its key" in output[-1]) == (1, True)
    witness = Key("w.example", OF_WITNESS, bytes(SIGNER.verify_key))
    assert run("proof", KEY, witness)[1][-1] == "BROKEN. w.example signed none of these checkpoints."
    log = published()
    tile = next((tmp_path / "www/ledger/tile/0").glob("002.p/*"))
    tile.write_bytes(b"\0" * len(tile.read_bytes()))
    assert run(log) == (1, ["BROKEN. The tiles that the log gives out are not those of its checkpoint."])
    tile.write_bytes(b"")
    assert run(log)[0] == 2
    (tmp_path / "other").write_text(note.replace("log.example/ledger\n", "other.example/ledger\n"))
    code, output = run(published(), "other")
    assert (code, output) == (
        1,
        ["BROKEN. The checkpoint that you kept is of other.example/ledger, and this is of log.example/ledger."],
    )
    for spoilt in ("extra W10=", "extra eyJzZXEiOiAzMDB9", "extra x", "extra", "index -1"):  # [], {"seq": 300}, …
        (tmp_path / "spoilt").write_text(re.sub(rf"^{spoilt.split()[0]} .*$", spoilt, text, flags=re.M))
        assert run("spoilt")[0] in (1, 2), spoilt
    assert run("ledger.jsonl")[0] == run("proof", "verify.py")[0] == run("http://127.0.0.1:1/ledger")[0] == 2


# What its owner does to it.


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def cut_short(row):
    """The owner of the database takes the last publication away, with its entry, and puts the guards back."""
    connection.check_constraints()
    triggers.remove()
    for model, which in ((Evidence, {"entry": row.entry}), (Update, {"pk": row.pk})):
        QuerySet(model).filter(**which)._raw_delete(connection.alias)
    for model, name in ((LedgerBody, "entry_id"), (LedgerEntry, "seq")):
        sql(f"DELETE FROM {model._meta.db_table} WHERE {name} = %s", row.entry_id)  # noqa: S608
    triggers.install()
    call_command("index_search", verbosity=0)  # or it would find what is gone


def write_anew(role):
    """The owner gives one old entry another role, and computes every later hash again: a chain that is whole."""
    triggers.remove()
    prev = None
    for entry in LedgerEntry.objects.select_related("body").order_by("seq"):
        entry.role = role if entry.seq == 2 else entry.role
        entry.prev = prev or entry.prev
        entry.hash = prev = hash_of_entry({**vars(entry), "at": entry.at.isoformat()})
        QuerySet(LedgerEntry).filter(pk=entry.pk).update(role=entry.role, prev=entry.prev, hash=entry.hash)
    triggers.install()


@pytest.fixture
def newest_row(client, vellmark, edith, rana, tmp_path):
    """A reader kept a checkpoint; the newest row of the log, published before that."""
    row = drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    save(client, tmp_path, "/ledger/checkpoint", "checkpoint")
    return row


@pytest.mark.slow
def test_a_log_that_was_cut_short_is_found_by_whoever_kept_a_checkpoint(client, newest_row, run, published, tmp_path):
    had = newest_row.entry_id
    cut_short(newest_row)
    save(client, tmp_path, "/ledger.jsonl", "ledger.jsonl")
    call_command("verify_ledger", verbosity=0)  # the site itself sees nothing
    assert run("ledger.jsonl")[0] == 0  # nor does who kept nothing
    sentence = f"BROKEN. The checkpoint that you kept has {had} entries, the log {had - 1}: it was cut short."
    assert run("ledger.jsonl", "checkpoint", KEY) == (1, [sentence])
    assert run(published(), "checkpoint", KEY) == (1, [sentence])


@pytest.mark.slow
def test_nor_does_it_help_to_put_other_entries_in_their_place(client, newest_row, rana, run, published, tmp_path):
    had = newest_row.entry_id
    cut_short(newest_row)
    head = lengthen(rana)
    save(client, tmp_path, "/ledger.jsonl", "ledger.jsonl")
    save(client, tmp_path, f"/ledger/consistency-{had}.txt", "consistency.txt")
    assert (head > had, run("ledger.jsonl")[0]) == (True, 0)
    sentence = f"BROKEN. The first {had} entries are not those that you kept a checkpoint of: written anew."
    for what in ("ledger.jsonl", "consistency.txt", published()):
        assert run(what, "checkpoint", KEY) == (1, [sentence])


@pytest.mark.slow
def test_a_log_that_was_written_anew_is_found_by_whoever_kept_a_checkpoint(
    client, newest_row, rana, run, published, tmp_path
):
    had = newest_row.entry_id
    write_anew("editor")
    lengthen(rana)
    save(client, tmp_path, "/ledger.jsonl", "ledger.jsonl")
    save(client, tmp_path, f"/ledger/consistency-{had}.txt", "consistency.txt")
    assert run("ledger.jsonl")[0] == 0
    sentence = f"BROKEN. The first {had} entries are not those that you kept a checkpoint of: written anew."
    for what in ("ledger.jsonl", "consistency.txt", published()):
        assert run(what, "checkpoint", KEY) == (1, [sentence])


@pytest.mark.slow
def test_one_entry_changed_under_its_old_hash_is_found_too(client, newest_row, run, published, tmp_path):
    triggers.remove()
    text, salt = canonical({"other": "words"}), LedgerBody.objects.get(pk=2).salt
    LedgerBody.objects.filter(pk=2).update(text=text)
    QuerySet(LedgerEntry).filter(pk=2).update(body_hash=hash_of_body(salt, text))
    triggers.install()
    assert run(published(), "checkpoint", KEY)[0] == 1


# Witnesses.


class Witness:
    """One who follows C2SP tlog-witness: remembers the newest checkpoint of a log, and signs what continues it."""

    def __init__(self):
        self.signer = SigningKey(b"w" * 32)
        self.key = Key("witness.example/w1", OF_WITNESS, bytes(self.signer.verify_key))
        self.logs, self.seen, self.asked, self.says = {KEY.name: KEY}, None, [], None
        witness = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                assert self.path == "/w1/add-checkpoint"
                status, text = witness.add(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_words):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server.server_port}/w1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, body):
        """Status and text of the answer to a checkpoint."""
        if self.says is not None:
            return self.says
        named, path, new = read_proof(body)
        old, seen = int(named["old"]), self.seen.size if self.seen else 0
        self.asked.append(old)
        if new.origin not in self.logs:
            return 404, "unknown log"
        if new.signed_at(self.logs[new.origin]) is None:
            return 403, "unknown key"
        if old > new.size:
            return 400, "older than old"
        if old != seen or (self.seen and old == new.size and self.seen.root != new.root):
            return 409, f"{seen}\n"
        if self.seen and not continues(self.seen, new, path):
            return 422, "no proof"
        self.seen = new
        return 200, self.line(new.text)

    def line(self, text, at=None):
        at = int(time.time()) if at is None else at
        signature = self.signer.sign(f"cosignature/v1\ntime {at}\n{text}".encode()).signature
        return f"— {self.key.name} {checkpoint._base64(self.key.id + at.to_bytes(8, 'big') + signature)}\n"


@pytest.fixture
def witness(settings):
    """A witness whom the settings name."""
    one = Witness()
    settings.WITNESSES = [(one.key, one.address)]
    yield one
    one.server.shutdown()
    one.server.server_close()


def refused(capsys):
    """What ``manage.py checkpoint --send`` says was wrong; it ends with an error."""
    with pytest.raises(CommandError):
        call_command("checkpoint", "--send")
    return capsys.readouterr().err.splitlines()


@pytest.mark.slow
@pytest.mark.both_databases
def test_a_witness_cosigns_what_continues_what_it_signed_before(
    client, long_log, witness, edith, run, tmp_path, capsys
):
    call_command("checkpoint", "--send")
    assert capsys.readouterr().out == f"{witness.key.name} cosigned {long_log} entries.\n"
    head = lengthen(edith)
    call_command("checkpoint", "--send")
    call_command("checkpoint", "--send")  # again for the day, though nothing was added
    assert witness.asked == [0, long_log, head]
    assert Cosignature.objects.count() == 2
    note = read_checkpoint(text_at(client, "/ledger/checkpoint").decode())
    assert note.signed_at(KEY) == 0
    assert abs(note.signed_at(witness.key) - time.time()) < 60
    page = page_of(client, "/ledger/")
    assert "witness.example/w1, on " in page
    assert f'<a href="/ledger/checkpoint?entry={head}">{head:,} entries</a>' in page
    save(client, tmp_path, "/ledger/checkpoint", "checkpoint")
    save(client, tmp_path, "/ledger.jsonl", "ledger.jsonl")
    code, output = run("ledger.jsonl", "checkpoint", KEY, witness.key)
    assert code == 0
    assert any(line.startswith(f"witness.example/w1 signed the checkpoint of {head} entries on ") for line in output)


@pytest.mark.slow
def test_a_witness_that_knows_more_says_from_where_to_prove(long_log, witness):
    call_command("checkpoint", "--send")
    Cosignature.objects.all().delete()  # a backup of before
    call_command("checkpoint", "--send")
    assert witness.asked == [0, 0, long_log]


@pytest.mark.slow
def test_a_log_that_was_cut_or_written_anew_finds_no_witness(newest_row, witness, rana, capsys, settings):
    had = newest_row.entry_id
    call_command("checkpoint", "--send")
    capsys.readouterr()
    cut_short(newest_row)
    cut = f"{witness.key.name} cosigned {had} entries, and the log has {had - 1}: it was cut short."
    assert refused(capsys)[0] == cut
    ours = cut.replace(f"{witness.key.name} cosigned", "This site sent out")
    with pytest.raises(CommandError, match="The log does not continue 2 checkpoints"):
        call_command("verify_ledger", verbosity=0)
    assert capsys.readouterr().err == f"{cut}\n{ours}\n"
    Cosignature.objects.all().delete()  # whoever owns the database owns these too, and not the witness
    assert refused(capsys)[0] == ours  # what lies beside the database knows it as well
    (settings.VAR / "checkpoint").unlink()
    assert refused(capsys) == [f"{witness.key.name} has seen {had} entries, this log has {had - 1}: it was cut short."]
    lengthen(rana)
    other = f"{witness.key.name} has seen another log, which this one does not continue: it was written anew."
    assert refused(capsys) == [other]
    assert witness.seen.size == had


@pytest.mark.slow
def test_what_a_witness_says_against_it_is_a_sentence(long_log, witness, settings, capsys):
    name = witness.key.name
    for says, sentence in {
        (404, "unknown log"): f"{name} does not know this log or its key: send its operator the public key.",
        (403, ""): f"{name} does not know this log or its key: send its operator the public key.",
        (500, "<html>"): f"{name} answered 500.",
        (409, f"{0}\n"): f"{name} has seen another log, which this one does not continue: it was written anew.",
        (409, "many"): f"{name} answered 409.",
        (409, "9" * 5000): f"{name} answered 409.",
        (409, "٤٢"): f"{name} answered 409.",
        (200, "— " * 40_000): f"{name} gave no signature by its key.",
        (200, witness.line(checkpoint.text_of(1, b""), at=0)): f"{name} gave no signature by its key.",
        (200, "hello"): f"{name} gave no signature by its key.",
        (200, "— a b c\n— x AA==\n"): f"{name} gave no signature by its key.",
        (200, witness.line("another text\n")): f"{name} gave no signature by its key.",
    }.items():
        witness.says = says
        assert refused(capsys) == [sentence]
    assert not Cosignature.objects.exists()
    settings.WITNESSES = [(witness.key, "http://127.0.0.1:1/w1")]
    assert re.fullmatch(rf"{name} cannot be reached: .*refused.*\.", refused(capsys)[0])


@contextlib.contextmanager
def answering(settings, key, *pieces, pause=0.0):
    """A witness that writes these bytes to whoever connects, slowly; what it was asked, one request a line."""
    requests, done = [], threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def answer():
        with contextlib.suppress(OSError):
            while True:
                connection, _from = listening.accept()
                with connection:
                    requests.append(connection.recv(65536).partition(b"\r\n")[0])
                    for piece in pieces:
                        connection.sendall(piece)
                        done.wait(pause)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):  # closed upon what comes yet, it would be reset
                        pass

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    settings.WITNESSES = [(key, f"http://127.0.0.1:{listening.getsockname()[1]}/w1")]
    yield requests
    done.set()
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(10)


@pytest.mark.slow
def test_a_witness_that_leads_elsewhere_is_not_followed(long_log, witness, settings, capsys):
    within = witness.address.replace("/w1", "/secrets")
    for status in (301, 302, 303, 307, 308):
        redirect = f"HTTP/1.1 {status} There\r\nLocation: {within}\r\nContent-Length: 0\r\n\r\n"
        with answering(settings, witness.key, redirect.encode()) as requests:
            assert refused(capsys) == [f"{witness.key.name} answered {status}."]
        assert requests == [b"POST /w1/add-checkpoint HTTP/1.1"]
    assert witness.asked == []


@pytest.mark.slow
def test_a_witness_that_is_slow_or_breaks_off_holds_nobody_up(long_log, witness, settings, monkeypatch, capsys):
    monkeypatch.setattr(checkpoint, "SECONDS", 0.5)
    monkeypatch.setattr(checkpoint, "MOST_SECONDS", 2)
    begun, reached = time.monotonic(), f"{witness.key.name} cannot be reached: "
    with answering(settings, witness.key, *(b"HTTP/1.1 200 OK\r\n", *[b"A: b\r\n"] * 60), pause=0.2):
        assert refused(capsys) == [f"{reached}it took more than 2 seconds."]
    for pieces in ((b"",), (b"HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n",)):
        with answering(settings, witness.key, *pieces, pause=5):
            assert refused(capsys) == [f"{reached}timed out."]
    for says in (b"\0\xff\r\n\r\n", b""):
        with answering(settings, witness.key, says):
            assert refused(capsys)[0].startswith(reached)
    with answering(settings, witness.key, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"):
        assert refused(capsys) == [f"{witness.key.name} gave no signature by its key."]
    assert time.monotonic() - begun < 20


@pytest.mark.slow
def test_the_checkpoint_is_mailed_with_what_witnesses_signed_or_refused(long_log, witness, settings, capsys):
    settings.CHECKPOINT_MAIL = ["a@desk.example", "b@desk.example"]
    call_command("checkpoint", "--send")
    assert [each.to for each in mail.outbox] == [["a@desk.example"], ["b@desk.example"]]  # nobody learns of the other
    sent = mail.outbox[0]
    assert sent.subject == f"{KEY.name} has {long_log} entries"
    note = sent.body[sent.body.index(f"{KEY.name}\n{long_log}\n") :].split("\nTo prove it")[0]
    assert read_checkpoint(note).signed_at(KEY) == 0
    assert read_checkpoint(note).signed_at(witness.key)
    assert f"python3 verify.py http://127.0.0.1:8000/ledger checkpoint '{KEY}'" in sent.body
    witness.says = (422, "")
    capsys.readouterr()
    assert refused(capsys)
    assert mail.outbox[-1].body.startswith(f"ATTENTION: {witness.key.name} has seen another log")


def test_a_mail_that_does_not_go_is_named(long_log, settings, monkeypatch, capsys):
    settings.CHECKPOINT_MAIL = ["a@desk.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert refused(capsys)[0].startswith("The mail to a@desk.example did not go: ")


def test_the_command_prints_it_and_sends_it_to_nobody_unasked(long_log, settings, capsys):
    call_command("checkpoint")
    assert read_checkpoint(capsys.readouterr().out).signed_at(KEY) == 0
    with pytest.raises(CommandError, match="There is nobody to send it to: set WITNESSES or CHECKPOINT_MAIL"):
        call_command("checkpoint", "--send")


def test_a_new_key_is_one_that_the_settings_take_and_is_kept_nowhere(db, capsys, monkeypatch, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    call_command("checkpoint", "--new-key")
    call_command("checkpoint", "--new-key", "plan.example/log")
    lines = capsys.readouterr().out.splitlines()
    for line, public, name in zip(lines[::2], lines[1::2], ("127.0.0.1:8000/ledger", "plan.example/log"), strict=True):
        monkeypatch.setenv("LEDGER_KEY", line.removeprefix("LEDGER_KEY="))
        signs_as, signer = env_note_key("LEDGER_KEY")
        key = read_key(public.removeprefix("Its public key, for readers and witnesses: "))
        assert (signs_as, bytes(signer.verify_key)) == (name, key.public)
    assert lines[0] != lines[2]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    with pytest.raises(CommandError, match="is no name of a key"):
        call_command("checkpoint", "--new-key", "my log")
