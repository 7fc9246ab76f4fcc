"""backup and restore: the whole site in one file, from either database into either, and nothing half done."""

import contextlib
import datetime
import decimal
import errno
import functools
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models import QuerySet
from django.test import Client, override_settings
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pyrage import passphrase

from tracker.actions.changes import amend
from tracker.actions.drafts import discard
from tracker.actions.progress import publish, submit
from tracker.actions.reports import send
from tracker.backup import archive, rows
from tracker.models import Commitment, Evidence, LedgerEntry, Norm, UnsavedForm, Update, guards
from tracker.models.roles import EDITOR, REVIEWER
from tracker.serving import disk

from . import databases, drafts
from .conftest import VELLMARK_TEXT, somebody
from .drafts import redact
from .office import JPEG, PDF, PNG, WEBP
from .registering import link, recommend
from .test_concurrency import fresh_database, run
from .test_reports_of_readers import sent
from .test_uploads import drafted, published, stored

SECRET = "Jorun of the third house"
WORDS = "correct horse battery staple"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """A folder for the files of each test."""
    settings.FILES = tmp_path / "files"
    return settings.FILES


@pytest.fixture
def place(tmp_path):
    """Where backups lie."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def _its_files():
    """Where the files of the site lie that tests begin with."""
    return Path(os.environ[databases.RUN]) / f"files-{connection.vendor}"


def fill_a_site():
    """Published and redacted rows, drafts, files, a report, people with a second factor, words that were not saved."""
    edith, rana = somebody("edith", EDITOR), somebody("rana", REVIEWER)
    with override_settings(FILES=_its_files()):
        published(edith, rana, drafts.value(83), content=PNG, name="scan.png")
        told = published(edith, rana, drafts.value(84, summary=f"{SECRET} counted."), content=PDF)
        redact(record=told, reason="A witness could be found.", by=rana)
        drafted(edith, drafts.value("85.250000"), content=WEBP, name="draft.webp")
        sent(Client(), file=SimpleUploadedFile("clocks.jpg", JPEG))
    TOTPDevice.objects.create(user=rana, name="phone", confirmed=True)
    fields = {"b": ["é\u2028"], "a": 1.5}
    UnsavedForm.objects.create(person=edith, key="k", address="/admin/", fields=fields, at=timezone.now())


databases.add("site_with_files", after="vellmark_progress", fill=fill_a_site, module=__name__)


@pytest.fixture
def site_with_files(db, edith, rana, files):
    """All of that, with files of its own."""
    shutil.copytree(_its_files(), files)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_site_that_the_others_begin_with_is_intact(site_with_files):
    call_command("verify_ledger", stdout=io.StringIO())


def backup(place, **options):
    """The one archive that the command writes now."""
    before = set(place.glob("*.zip"))
    call_command("backup", place, stdout=io.StringIO(), **options)
    (path,) = set(place.glob("*.zip")) - before
    return path.rename(path.with_name(f"{len(before)}.zip"))


def restore(path, **options):
    """What the command says."""
    out = io.StringIO()
    call_command("restore", path, stdout=out, stderr=out, **options)
    return out.getvalue()


def manifest_of(path):
    with zipfile.ZipFile(path) as opened:
        return json.loads(opened.read("manifest.json"))


def state():
    """Everything that is stored, to the letter."""
    return {model._meta.db_table: list(rows.lines(model)) for model in rows.tables()}, rows.last_numbers()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.both_databases
def test_what_is_restored_is_what_was_kept_to_the_letter(site_with_files, place, files, edith, rana):
    path, before, head = backup(place), state(), LedgerEntry.objects.head()
    kept = {name: (files / name).read_bytes() for name in stored(files)}
    assert path.stat().st_mode & 0o777 == 0o600
    drafts.published(drafts.value(90), edith, rana)  # what is lost
    Update.objects.get(value="85.25", state="draft").evidence.all().delete()
    for name in kept:
        (files / name).unlink()
    outcome = restore(path, overwrite=True)
    assert f"What was here before ended with log entry {head + 1}" in outcome
    assert f"log entry {head}, head {LedgerEntry.objects.get(seq=head).hash}" in outcome
    assert state() == before
    assert {name: (files / name).read_bytes() for name in stored(files)} == kept
    assert guards.amiss(thorough=True) == []
    again, first = manifest_of(backup(place)), manifest_of(path)
    assert (again["parts"], again["last_numbers"]) == (first["parts"], first["last_numbers"])
    drafts.published(drafts.value(91), edith, rana)  # it goes on where it stopped
    assert LedgerEntry.objects.head() == head + 1
    call_command("verify_ledger", stdout=io.StringIO())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.both_databases
def test_numbers_that_were_given_out_are_not_given_out_again(site_with_files, place, edith):
    last = drafts.drafted(drafts.value(87), edith)
    discard(record=last, by=edith)
    restore(backup(place), overwrite=True)
    assert drafts.drafted(drafts.value(88), edith).pk > last.pk


@pytest.mark.django_db
def test_what_was_taken_away_is_in_no_part_and_nobody_is_signed_in_by_it(site_with_files, place, edith, signed_in):
    key = signed_in(edith).session.session_key
    assert Session.objects.filter(pk=key).exists()
    with zipfile.ZipFile(backup(place)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    assert len([name for name in parts if name.startswith("files/")]) == 3
    for content in parts.values():
        assert SECRET.encode() not in content
        assert content != PDF
        assert key.encode() not in content
    assert b"counted in" not in parts["tables/tracker_searchtext.jsonl"]


@pytest.mark.slow
@pytest.mark.django_db
def test_it_refuses_a_database_that_is_not_empty(site_with_files, place):
    path, before = backup(place), state()
    with pytest.raises(CommandError, match=r"The database is not empty \(.* With --overwrite"):
        restore(path)
    assert state() == before


@pytest.mark.django_db
@pytest.mark.both_databases
def test_migrations_alone_leave_a_database_that_is_empty(db):
    assert rows.holding() == []
    get_user_model().objects.create(username="somebody")
    assert rows.holding() == ["auth_user"]


def rewritten(path, change):
    """An archive whose parts were changed: ``change`` gets them by name."""
    with zipfile.ZipFile(path) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name, content)


def told(files, **more):
    """Change what the manifest says."""
    files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | more).encode()


def consistent(files, name, content):
    """Change a part, or add one, and what the manifest says of it."""
    files[name] = content
    said = json.loads(files["manifest.json"])["parts"]
    said[name] = {"sha256": hashlib.sha256(content).hexdigest(), "lines": content.count(b"\n")}
    told(files, parts=said)


BODY = "tables/tracker_body.jsonl"
BROKEN = {
    "a part is another": (lambda p: p.update({BODY: p[BODY] + b" "}), "damaged: tables/tracker_body.jsonl is not what"),
    "a part is missing": (lambda p: p.pop(BODY), "does not hold the parts"),
    "there is one more": (lambda p: p.update(more=b""), "does not hold the parts"),
    "no manifest": (lambda p: p.pop("manifest.json"), "no backup of this site, or it is damaged"),
    "no JSON": (lambda p: p.update({"manifest.json": b"{"}), "no backup of this site, or it is damaged"),
    "another format": (lambda p: told(p, format=2), "another format"),
    "another release": (lambda p: told(p, migrations=["tracker.0001_x"], release="abc"), "those of release abc"),
    "another head": (lambda p: told(p, head="0" * 64), "does not end with the head"),
    "other columns": (lambda p: consistent(p, BODY, b'["id"]\n'), "tracker_body has other columns"),
    "a row cut short": (lambda p: consistent(p, BODY, p[BODY].splitlines(True)[0] + b"[1]\n"), "cannot be read"),
    "a row is gone": (lambda p: consistent(p, BODY, p[BODY][: p[BODY].rindex(b"[")]), "not restored"),
    "a changed row": (lambda p: consistent(p, BODY, p[BODY].replace(b"Chancery", b"Changery")), "Nothing was restored"),
    "a file out of place": (lambda p: consistent(p, "files/../x", b""), "names a file that is none of this site"),
}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_broken_archive_is_refused_and_everything_is_as_it_was(site_with_files, place, files):
    path, before, kept = backup(place), state(), stored(files)
    whole = path.read_bytes()
    for name in kept[1:]:
        (files / name).unlink()
    for change, sentence in BROKEN.values():
        path.write_bytes(whole)
        rewritten(path, change)
        with pytest.raises(CommandError, match=re.escape(sentence)):
            restore(path, overwrite=True)
        assert (state(), stored(files), guards.missing()) == (before, kept[:1], [])


@pytest.mark.slow
@pytest.mark.django_db
def test_one_that_broke_off_or_lost_a_bit_is_refused(site_with_files, place, tmp_path):
    whole = backup(place).read_bytes()
    spoilt = [whole[: len(whole) // 2], whole[:-1], b"", b"Not a backup", b"\0" * 1000]
    at = len(whole) // 3
    spoilt.append(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    for content in spoilt:
        (tmp_path / "spoilt.zip").write_bytes(content)
        with pytest.raises(CommandError, match="was not restored: It "):
            restore(tmp_path / "spoilt.zip", check=True)
    with pytest.raises(CommandError, match="No such file"):
        restore(tmp_path / "missing.zip")


@pytest.mark.slow
@pytest.mark.django_db
def test_check_reads_all_of_it_and_writes_nothing(site_with_files, place):
    path, before = backup(place), state()
    assert " is whole: made 20" in restore(path, check=True)
    assert state() == before


@pytest.mark.slow
@pytest.mark.django_db
def test_an_encrypted_one_opens_with_its_passphrase_alone_and_with_age(site_with_files, place, tmp_path, monkeypatch):
    monkeypatch.setattr(passphrase, "decrypt", functools.cache(passphrase.decrypt))  # a second each, by design
    words = tmp_path / "passphrase"
    words.write_text(f"{WORDS}\n")
    path, before = backup(place, passphrase_file=words), state()
    with zipfile.ZipFile(path) as outer:
        assert outer.namelist() == ["key.age", "backup.zip.age"]
        assert passphrase.decrypt(outer.read("key.age"), WORDS).startswith(b"AGE-SECRET-KEY-1")
    assert b"manifest.json" not in path.read_bytes()
    restore(path, overwrite=True, passphrase_file=words)
    assert state() == before
    words.write_text(f"{WORDS}.\n")
    with pytest.raises(CommandError, match="The passphrase does not open it"):
        restore(path, overwrite=True, passphrase_file=words)
    with pytest.raises(CommandError, match="It is encrypted: name the file"):
        restore(path, overwrite=True)
    words.write_text("short\n")
    with pytest.raises(CommandError, match="shorter than 12 characters"):
        backup(place, passphrase_file=words)
    words.write_text(f"{WORDS}\n")
    rewritten(path, lambda parts: parts.update({"backup.zip.age": parts["backup.zip.age"][:-20]}))
    with pytest.raises(CommandError, match="It is damaged: what is encrypted"):
        restore(path, overwrite=True, passphrase_file=words)
    assert state() == before


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("encrypted", [False, True])
def test_a_full_disk_leaves_no_half_of_a_backup(site_with_files, place, tmp_path, monkeypatch, encrypted):
    words = tmp_path / "passphrase"
    words.write_text(f"{WORDS}\n")
    opened = open

    class Full(io.FileIO):
        def write(self, content):
            if self.tell() > 20_000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(content)

    def little(file, mode="r", *more, **named):
        return Full(file, "x+", **named) if mode == "x+b" else opened(file, mode, *more, **named)

    monkeypatch.setattr(disk, "open", little, raising=False)
    monkeypatch.setattr(passphrase, "encrypt", lambda key, _words: key)  # a second, by design
    with pytest.raises(CommandError, match=r"earlier ones are as they were: .*No space left on device"):
        call_command("backup", place, passphrase_file=words if encrypted else None)
    assert list(place.iterdir()) == []


@pytest.mark.django_db
def test_a_missing_folder_is_not_made(site_with_files, place):
    with pytest.raises(CommandError, match="is no folder"):
        call_command("backup", place / "disk")
    assert not (place / "disk").exists()


@pytest.mark.django_db
def test_only_the_newest_are_kept_and_what_is_not_ours_stays(site_with_files, place):
    others = ["127.0.0.1-notes.zip", "example.org-2020-01-01T00-00-00Z.zip", "README"]
    mine = [f"127.0.0.1-202{n}-01-01T00-00-00Z.zip" for n in range(4)]
    left = [place / f".{digit * 16}.part" for digit in "01"]
    for path in (*left, *(place / name for name in (*others, *mine))):
        path.touch()
    os.utime(left[0], (0, 0))  # of a process that was killed; the other one may be another's just now
    call_command("backup", place, keep=2, stdout=io.StringIO())
    names = {path.name for path in place.iterdir()}
    assert names.issuperset({*others, mine[-1]})
    assert len(names) == len(others) + 2 + 1
    assert [path.exists() for path in left] == [False, True]


@pytest.mark.slow
@pytest.mark.django_db
def test_a_site_that_is_not_whole_is_kept_all_the_same_and_said_to_be_so(site_with_files, place, files, capsys):
    public = Evidence.objects.get(file_name="scan.png")
    (files / public.stored).unlink()
    with pytest.raises(CommandError, match="The backup was written, but the site is not whole: The file of evidence"):
        call_command("backup", place, stdout=io.StringIO(), keep=1)
    assert f"The file {public.stored}, which a row names, is not there." in capsys.readouterr().err
    (path,) = place.iterdir()
    assert manifest_of(path)["lost"] == [public.stored]
    before = state()
    with pytest.raises(CommandError, match="Nothing was restored: 1 rows are not what the log says"):
        restore(path, overwrite=True)
    assert "Restored even so: 1 rows" in restore(path, overwrite=True, even_so=True)
    assert state() == before


@pytest.mark.slow
@pytest.mark.django_db
def test_where_a_file_is_taken_away_meanwhile_it_reads_once_more(site_with_files, place, monkeypatch):
    names, asked = archive.named, []

    def named():
        asked.append(1)
        return names() | ({"0" * 32} if len(asked) == 1 else set())

    monkeypatch.setattr(archive, "named", named)
    assert manifest_of(backup(place))["lost"] == []
    assert len(asked) == 2


@pytest.mark.slow
@pytest.mark.django_db
def test_another_file_of_the_same_name_is_not_overwritten(site_with_files, place, files):
    path, name = backup(place), stored(files)[0]
    (files / name).write_bytes(b"Somebody's.")
    with pytest.raises(CommandError, match="is there already and is another file"):
        restore(path, overwrite=True)
    assert (files / name).read_bytes() == b"Somebody's."


ODD = 'é\u2028\\"x'
SAMPLES = {  # of a kind of column; the first that fits
    models.BooleanField: True,
    models.DateTimeField: datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.UTC),
    models.DateField: datetime.date(2025, 1, 31),
    models.JSONField: {"b": [ODD, None], "a": 1.5, "": {}},
    models.DecimalField: decimal.Decimal("1.5"),
    models.UUIDField: uuid.UUID(int=7),
    models.FloatField: 0.1,
    models.IntegerField: 7,
    models.GenericIPAddressField: "2001:db8::1",
    models.BinaryField: b"\0\xff",
    models.Field: ODD,
}


def sample(field):
    """A value for a column: an odd one where any would do, else the first that there is."""
    if isinstance(field, models.ForeignKey):
        return QuerySet(field.related_model).order_by("pk").values_list("pk", flat=True).first()
    if field.choices:
        return next(value for value, _words in field.flatchoices if value)
    value = next(value for kind, value in SAMPLES.items() if isinstance(field, kind))
    return value[: field.max_length] if isinstance(value, str) else value


def fill_every_table():
    """A row at least in each table that a backup keeps: what is in the log by its actions, the rest as it comes."""
    edith, rana = (get_user_model().objects.get(username=name) for name in ("edith", "rana-0"))
    link(recommend(edith, norms=[Norm.objects.first()]), "I.1.1a", edith)
    beside = amend(
        record=Commitment.objects.get(code="I.2.2a"),
        changes={"beside": ["real-wages"]},
        reason="It bears on it.",
        by=edith,
    )
    submit(record=beside, by=edith)
    publish(record=beside, by=rana)
    told = drafts.published(drafts.finding(), edith, rana)
    redact(
        record=drafts.published(drafts.finding(as_of="2026-05-02"), edith, rana), reason="Somebody is named.", by=rana
    )
    send(about=told, wrong="fact", text=ODD, token="t" * 43).entries.add(told.entry)
    call_command("attach_source", str(VELLMARK_TEXT), stdout=io.StringIO())
    apart = {
        "tracker_assignment": {"commitment_id": None, "category_id": None},
        "tracker_preparation": {"submitted_by_id": None, "reviewer_id": None, "entry_id": None, "opened_at": None},
    }
    for _round in range(2):  # a table may come before those to which its rows point
        for model in rows.tables():
            if not QuerySet(model).exists():
                fields = [each for each in model._meta.local_concrete_fields if not isinstance(each, models.AutoField)]
                given = {each.attname: sample(each) for each in fields} | apart.get(model._meta.db_table, {})
                with contextlib.suppress(IntegrityError), transaction.atomic():
                    QuerySet(model).bulk_create([model(**given)])


# In one process, since each takes a second to begin: restored, kept once more, and gone on from there.
ELSEWHERE = """import sys
from django.core.management import call_command as call
from tests.publishing import one_by_one
call("restore", sys.argv[1]); call("backup", sys.argv[2]); one_by_one(5); call("verify_ledger")"""


@contextlib.contextmanager
def empty_database(folder, vendor):
    """The environment of a process whose database has tables without rows, or not even tables on SQLite."""
    folder.mkdir()
    if vendor == "sqlite":
        yield os.environ | {"VAR": str(folder), "SITE_URL": "", "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}
    else:
        with fresh_database(folder, like="empty") as env:
            yield env


@pytest.mark.slow
@pytest.mark.both_databases
def test_a_drill_kept_under_writes_restored_elsewhere_and_back(tmp_path, place, django_db_blocker):
    """One process publishes without a pause while another one makes the backup; both databases have it afterwards.

    There is a row in each table, and each comes back to the letter.
    """
    (tmp_path / "site").mkdir()
    with django_db_blocker.unblock(), fresh_database(tmp_path / "site", like="figures_waiting") as site:
        with databases.another(site["DATABASE_URL"]):
            fill_every_table()
        command = [sys.executable, "-m", "tests.publishing", "one-by-one"]
        writer = subprocess.Popen(command, cwd=site_settings.BASE_DIR, env=site, stdout=subprocess.PIPE, text=True)
        writer.stdout.readline()  # it is at it
        said = run(site, "manage.py", "backup", str(place))
        published = len(writer.communicate()[0].splitlines()) + 1
        assert writer.returncode == 0
        assert published > 2
    entry, head = re.search(r"log entry (\d+), head ([0-9a-f]{64})", said).groups()
    (path,) = place.iterdir()
    first = manifest_of(path)
    assert (str(first["entries"]), first["head"], first["amiss"]) == (entry, head, [])
    tables = {name: part["lines"] for name, part in first["parts"].items() if name.startswith("tables/")}
    assert " ".join(name for name, lines in tables.items() if lines < 2) == ""
    for vendor in dict.fromkeys(("sqlite", connection.vendor)):
        with django_db_blocker.unblock(), empty_database(tmp_path / f"elsewhere-{vendor}", vendor) as env:
            (tmp_path / vendor).mkdir()
            said = run(env, "-c", ELSEWHERE, str(path), str(tmp_path / vendor))
            assert f"Intact: {entry} entries, head {head}. Tables and log agree." in said
            assert said.endswith("Tables and log agree.\n")
            assert said.count("Tables and log agree.") == 2
            (path,) = (tmp_path / vendor).iterdir()
            again = manifest_of(path)
            assert again["database"] == vendor
            assert (again["parts"], again["last_numbers"]) == (first["parts"], first["last_numbers"])
