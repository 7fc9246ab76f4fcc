"""What readers report: the form without account, its refusals, the desk, the public list, and what is forgotten."""

import csv
import datetime
import html
import io
import json
import re
import threading
import time

import pytest
from defusedxml import ElementTree
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tracker.actions import reports
from tracker.actions.progress import publish, submit
from tracker.corrections import stamp
from tracker.models import Assessment, Evidence, LedgerEntry, Message, ReaderReport, ReaderSending, TrailEntry, Update
from tracker.models.reports import SETTLED

from .drafts import source
from .office import PDF
from .reading import page_of, words_of

pytestmark = pytest.mark.django_db

PROMISE = "/corrections/report/promise/vellmark-2030/I.1.1a/"
SECRETS = ("Zebedee Quill", "zebedee@quill.example", "the brass clocks", "https://clocks.example/1")


@pytest.fixture
def files(settings, tmp_path):
    settings.FILES = tmp_path / "files"
    return settings.FILES


def typed(**more):
    """What a reader writes."""
    sent = {"wrong": "fact", "text": "It was 78: see the brass clocks.", "link": SECRETS[3]}
    return sent | {"name": SECRETS[0], "contact": SECRETS[1]} | more


def opened(path=PROMISE, ago=30):
    """A stamp of a form that was opened some seconds ago."""
    with pytest.MonkeyPatch.context() as patch:
        now = time.time()
        patch.setattr(stamp.time, "time", lambda: now - ago)
        return stamp.new(path)


def sent(client, path=PROMISE, ago=30, **more):
    """The answer to a form as a browser sends it."""
    return client.post(path, {"stamp": opened(path, ago)} | typed(**more))


def problems_of(response):
    """The sentences above and beside the fields."""
    page = html.unescape(response.content.decode())
    parts = re.findall(r'<div class="problems".*?</div>|<p class="error".*?</p>', page, re.S)
    return words_of(" ".join(parts))


def decision(report, **more):
    return {"seen_version": ReaderReport.objects.get(pk=report.pk).version} | more


@pytest.mark.slow
@pytest.mark.both_databases
def test_a_report_goes_from_the_form_to_the_list_of_corrections(client, vellmark, edith, rana, signed_in, files):
    """One walk, without script: a reader, an editor who drafts, a reviewer who publishes, and the public."""
    promise = page_of(client, "/vellmark-2030/commitments/I.1.1a/")
    assert f'href="{PROMISE}">Something wrong or missing?</a>' in promise
    form = client.get(PROMISE)
    assert "promise: I.1.1a" in words_of(html.unescape(form.content.decode())).casefold().replace("i.1.1a", "I.1.1a")
    assert not form.cookies
    carried = re.search(r'name="stamp" value="([^"]*)"', form.content.decode())[1]
    assert stamp.read(carried, PROMISE).text == carried
    answer = sent(client, file=SimpleUploadedFile("clocks.pdf", PDF))
    assert answer.status_code == 302
    assert not answer.cookies
    outcome = answer["Location"]
    assert re.fullmatch(r"/corrections/outcome/[0-9a-f]{40}/", outcome)
    report = ReaderReport.objects.get()
    page = page_of(client, outcome)
    assert "Not looked at yet" in page
    assert f"http://127.0.0.1:8000{outcome}" in page
    assert "of 1" in words_of(page_of(client, "/corrections/"))

    # Staff are told once, and see words and file.
    desk = signed_in(edith)
    assert {message.to.username for message in Message.objects.all()} == {"edith", "rana"}
    assert 'Reports <span class="count">1</span>' in page_of(desk, "/desk/")
    assert f'href="/desk/reports/{report.pk}/"' in page_of(desk, "/desk/messages/")
    assert "What is wrong" not in page_of(desk, "/desk/reports/")
    page = page_of(desk, f"/desk/reports/{report.pk}/")
    assert all(secret in page for secret in SECRETS)
    file = desk.get(f"/desk/reports/{report.pk}/file/")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert file["Content-Disposition"] == 'attachment; filename="clocks.pdf"'

    # One press makes a draft; its form has the report beside it and its file at hand, and cannot be handed in as it is.
    pressed = desk.post(f"/desk/reports/{report.pk}/", decision(report, _update="1"))
    draft = Update.objects.get()
    assert pressed["Location"] == f"/admin/tracker/update/{draft.pk}/change/"
    assert (draft.what, draft.metric.code) == ("value", "village-homes-with-piped-water")
    page = page_of(desk, pressed["Location"])
    assert "the brass clocks" in page
    assert f'name="evidence-0-kept_files" value="{report.file_hash}"' in page
    fields = {
        **dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)),
        "metric": draft.metric_id,
        "value": "78",
        "bound": "exact",
        "fits": "same",
        "how": "reported",
        "as_of": "2026-06-30",
        "precision": "day",
        "origin": source().publisher_id,
        "summary": draft.summary,
        "evidence-TOTAL_FORMS": 1,
        "evidence-INITIAL_FORMS": 0,
        "evidence-0-source": source().pk,
        "evidence-0-kept_files": report.file_hash,
    }
    refused = desk.post(pressed["Location"], fields | {"_submit": "1"})
    assert "Say what it records, in our own words." in html.unescape(refused.content.decode())
    fields["seen_version"] = draft.version
    saved = desk.post(
        pressed["Location"], fields | {"summary": "Fewer homes.", "_submit": "1", "meant": meant(refused)}
    )
    assert saved.status_code == 302, problems_of(saved)
    assert Evidence.objects.get().stored == report.stored
    assert "Being worked on" in page_of(client, outcome)

    # A second person publishes it, and the report leads to the entry of the log.
    publish(record=Update.objects.get(), by=rana)
    entry = Update.objects.get().entry_id
    for address in (outcome, "/corrections/"):
        page = page_of(client, address)
        assert "Something was changed" in page, address
        assert f"#log-{entry}" in page, address
    trail = list(TrailEntry.objects.filter(kind="readerreport").values_list("deed", "by__username"))
    assert trail == [("report", "edith")]
    assert not Message.objects.filter(notice="report", read_at__isnull=True).exists()
    nothing_says(client, (desk, signed_in(rana)))


def meant(response):
    """Every doubt answered with “I mean it”."""
    return re.findall(r'name="meant" value="([^"]*)"', response.content.decode())


def nothing_says(client, staff):
    """Neither who sent it nor a word of it stands on a public page, in a file, the log, the trail or a message."""
    places = ["/corrections/", "/vellmark-2030/commitments/I.1.1a/", "/vellmark-2030/", "/ledger/", "/about/"]
    for address in places:
        assert not [secret for secret in SECRETS if secret in page_of(client, address)], address
    for address in ("/ledger.jsonl", "/data/updates.json", "/data/sources.csv", "/vellmark-2030/commitments.json"):
        content = b"".join(client.get(address).streaming_content).decode()
        assert not [secret for secret in SECRETS if secret in content], address
    contents = json.dumps([list(model.objects.values()) for model in (TrailEntry, Message, Update)], default=str)
    assert not [secret for secret in SECRETS if secret in contents]
    for someone in staff:
        assert not [secret for secret in SECRETS if secret in page_of(someone, "/desk/messages/")]


def test_who_sent_it_is_forgotten_after_report_days_and_the_rest_once_it_is_decided(client, vellmark, edith, files):
    for text in ("the first", "the second"):
        sent(client, text=text, file=SimpleUploadedFile("clocks.pdf", PDF))
    first, second = ReaderReport.objects.order_by("pk")
    reports.decide(report=second, became="answered", by=edith, answer="It says 78 in the table.")
    assert reports.purge() == 0
    ReaderReport.objects.update(at=timezone.now() - datetime.timedelta(days=91))
    ReaderSending.objects.update(at=timezone.now() - datetime.timedelta(days=2))
    call_command("purge", verbosity=0)
    for row in (first, second):
        row.refresh_from_db()
        assert (row.name, row.contact) == ("", "")
    assert (first.text, first.link, bool(first.stored)) == ("the first", SECRETS[3], True)
    assert (second.text, second.link, second.answer, second.stored) == ("", "", "", "")
    assert not ReaderSending.objects.exists()
    call_command("sweep_files", delete=True)
    assert reports.purge() == 0
    assert reports.storage.exists(first.stored)
    assert "Looked at; nothing had to be changed" in page_of(client, "/corrections/")


SENTENCES = {
    "nothing": ({"wrong": "", "text": " "}, "Choose what comes nearest. Say what is wrong or missing."),
    "a trap": ({"homepage": "https://buy.example"}, "A field that stays blank was filled in"),
    "too fast": ({"ago": 1}, "That was very fast"),
    "too old": ({"ago": 25 * 60 * 60}, "open for more than a day"),
    "another form": ({"stamp": "x"}, "did not come from this page"),
    "null": ({"text": "a\0b"}, "Nobody sees character 2, after “a”: delete it (null, U+0000)."),
    "turned": ({"name": "a\u202eb"}, "Nobody sees character 2"),
    "too long": ({"text": "a" * 2001}, "Ensure this value has at most 2000 characters"),
    "no address": ({"link": "https://"}, "This address cannot be read"),
    "a program": ({"file": SimpleUploadedFile("a.pdf", b"MZ" + bytes(200))}, "this is none by its content"),
}


@pytest.mark.parametrize("what", SENTENCES)
def test_what_is_refused_gets_a_sentence_and_keeps_the_words(client, vellmark, files, what):
    more, sentence = SENTENCES[what]
    response = sent(client, **more)
    assert response.status_code == 400
    assert sentence in problems_of(response)
    assert SECRETS[1] in response.content.decode()
    assert not ReaderReport.objects.exists()


def test_a_second_press_leads_to_the_same_report(client, vellmark):
    carried = opened()
    first, second = (client.post(PROMISE, {"stamp": carried} | typed()) for _press in range(2))
    assert first["Location"] == second["Location"]
    assert ReaderReport.objects.count() == 1


def test_one_address_sends_ten_in_an_hour_and_no_address_is_kept(client, vellmark, settings):
    settings.TRUST_PROXY = True
    for n in range(11):
        last = client.post(
            PROMISE,
            {"stamp": opened()} | typed(text=f"no. {n}"),
            HTTP_X_FORWARDED_FOR=f"2001:db8:1:2::{n + 1:x}",  # of one household
        )
    assert last.status_code == 429
    assert "send it again in an hour" in problems_of(last)
    assert "no. 10" in last.content.decode()
    assert ReaderReport.objects.count() == 10
    other = client.post(PROMISE, {"stamp": opened()} | typed(), HTTP_X_FORWARDED_FOR="2001:db8:1:3::1")
    assert other.status_code == 302
    assert "2001" not in json.dumps(list(ReaderSending.objects.values()), default=str)
    assert len(set(ReaderSending.objects.values_list("key", flat=True))) == 2


@pytest.mark.both_databases
def test_those_of_one_address_at_once_are_counted_one_after_the_other(lasting_db):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time, and here in memory")
    gate, now, let_in = threading.Barrier(12), timezone.now(), []

    def send_two():
        gate.wait()
        let_in.extend(reports.count_sending(address="192.0.2.1", now=now) for _time in range(2))
        connection.close()

    threads = [threading.Thread(target=send_two) for _sender in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (let_in.count(True), len(let_in)) == (10, 24)


def test_under_load_a_proof_or_a_minute_is_asked_for_and_no_file_is_taken(client, vellmark, monkeypatch):
    assert "data-stamp" not in client.get(PROMISE).content.decode()
    monkeypatch.setattr(stamp, "BUSY", -1)
    page = client.get(PROMISE).content.decode()
    assert re.search(r"/tracker/reports[.\w]*\.js", page)
    assert 'type="file"' not in page
    assert re.search(r"Very many reports come in just now: wait [1-3]\d seconds", problems_of(sent(client)))
    assert sent(client, ago=61).status_code == 302
    carried = opened()
    proof = next(n for n in range(10**7) if stamp.is_proof(carried, str(n)))
    assert client.post(PROMISE, {"stamp": carried, "proof": str(proof)} | typed()).status_code == 302
    monkeypatch.setattr(stamp, "FULL", -1)
    assert sent(client).status_code == 429


def test_it_is_about_a_promise_a_finding_or_a_source_that_is_public(client, accounts):
    finding = Assessment.objects.published().filter(commitment__isnull=False).first()
    public = f"/corrections/report/finding/{finding.entry_id}/"
    cited = f"/corrections/report/source/{source().code}/"
    assert f'href="{public}"' in page_of(client, finding.commitment.get_absolute_url())
    assert f'href="{cited}"' in page_of(client, f"/sources/{source().code}/")
    for address in (public, cited):
        assert sent(client, address).status_code == 302
    assert [row.assessment or row.source for row in ReaderReport.objects.order_by("pk")] == [finding, source()]
    for address in ("promise/vellmark-2030/X/", "finding/999999/", "finding/1/", "source/x/", "promise/x/I.1.1a/"):
        assert client.get(f"/corrections/report/{address}").status_code == 404, address
    assert client.get(f"{PROMISE}?on=2026-01-01").status_code == 400
    assert client.get("/corrections/outcome/abc/").status_code == 404


@pytest.mark.both_databases
def test_the_database_refuses_a_report_about_nothing_or_refused_without_a_reason(client, vellmark):
    sent(client)
    for spoilt in ({"commitment": None}, {"became": "refused"}, {"file_hash": "0" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReaderReport.objects.update(**spoilt)


def test_a_reply_is_drafted_as_a_finding_that_names_what_it_answers(client, accounts, edith, rana, signed_in):
    finding = Assessment.objects.published().filter(origin__side="un", commitment__isnull=False).first()
    sent(client, f"/corrections/report/finding/{finding.entry_id}/", wrong="reply")
    report, desk = ReaderReport.objects.get(), signed_in(edith)
    wrong = desk.post(f"/desk/reports/{report.pk}/", decision(report, _reply="1", origin="nobody-at-all"))
    assert "There is no body with the code “nobody-at-all”." in html.unescape(wrong.content.decode())
    desk.post(f"/desk/reports/{report.pk}/", decision(report, _reply="1", origin="lake-council · The council"))
    draft = Assessment.objects.exclude(state="published").get()
    assert (draft.replies_to, draft.origin.code) == (finding, "lake-council")
    assert (draft.commitment, draft.category) == (finding.commitment, finding.category)
    draft.summary = "The council has another count."
    draft.save()
    Evidence(assessment=draft, source=source()).save()
    submit(record=draft, by=edith)
    publish(record=Assessment.objects.get(pk=draft.pk), by=rana)
    page = words_of(page_of(client, finding.commitment.get_absolute_url()))
    assert f"Answers the finding of {finding.origin.name}" in page
    assert f"Answered by {draft.origin.name}" in page


def test_deciding_is_for_those_who_write_and_sees_what_a_colleague_did(client, vellmark, anna, edith, signed_in):
    sent(client)
    report = ReaderReport.objects.get()
    address = f"/desk/reports/{report.pk}/"
    for place in ("/desk/reports/", address, f"{address}file/"):
        assert client.get(place)["Location"].startswith("/admin/login/")
        assert signed_in(anna).get(place).status_code == 403
    desk = signed_in(edith)
    assert desk.get(f"{address}file/").status_code == 404
    for more, sentence in (
        ({}, "Choose what becomes of it."),
        ({"became": "refused"}, "Say why it is not followed."),
        ({"became": "duplicate"}, "Give the number of the other report."),
        ({"became": "duplicate", "same_as": str(2**80)}, f"There is no report {2**80}."),
        ({"became": "duplicate", "same_as": "-1"}, "There is no report -1."),
        ({"became": "changed"}, "Give the number of the log"),
        ({"became": "changed", "entries": "4, 99999"}, "The log has no entry 99999."),
        ({"became": "changed", "entries": "x"}, "“x” is no number of the log."),
    ):
        answer = desk.post(address, decision(report, answer="Kept words", **more))
        assert answer.status_code == 400
        assert sentence in html.unescape(answer.content.decode())
        assert "Kept words" in answer.content.decode()
    stale = decision(report, became="answered")
    assert desk.post(address, decision(report, became="refused", because="opinion")).status_code == 302
    assert "A colleague has decided on this report" in desk.post(address, stale).content.decode()
    assert "Not followed</strong>: it is an opinion on the promise" in page_of(client, "/corrections/")
    assert desk.post(address, decision(report, became="no_report")).status_code == 302
    report.refresh_from_db()
    assert (report.name, report.contact, report.text, report.link) == ("", "", "", "")
    assert "opinion" not in page_of(client, "/corrections/")
    assert TrailEntry.objects.filter(kind="readerreport").count() == 2


def test_the_list_has_what_was_corrected_without_a_report_and_costs_the_same_however_long(
    client, accounts, edith, rana, django_assert_num_queries
):
    corrected = LedgerEntry.objects.filter(action__in=("correct", "withdraw", "amend", "redact")).count()
    page = page_of(client, "/corrections/")
    assert f'Put right without a report</dt><dd class="num">{corrected}</dd>' in page
    first = client.get("/corrections/")
    assert client.get("/corrections/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    for n in range(12):
        sent(client, text=f"no. {n}") if n < 9 else None
    for report in ReaderReport.objects.all():
        reports.decide(report=report, became="changed", by=edith, entries=[3, 4])
    assert client.get("/corrections/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200
    with django_assert_num_queries(9):
        page = page_of(client, "/corrections/")
    assert page.count("report ") >= 9
    assert client.get("/corrections/?page=9").status_code == 400


def json_of(response):
    return json.loads(b"".join(response.streaming_content))


def test_the_list_is_taken_along_as_csv_json_and_feed_without_a_word_of_the_reader(client, accounts, edith):
    corrected = LedgerEntry.objects.filter(action__in=("correct", "withdraw", "amend", "redact"))
    sent(client)
    report = ReaderReport.objects.get()
    empty = client.get("/corrections.json")
    assert len(json_of(empty)["results"]) == corrected.count()  # what is not decided on is not in it
    assert client.get("/corrections.json", HTTP_IF_NONE_MATCH=empty["ETag"]).status_code == 304
    reports.decide(report=report, became="refused", because="opinion", by=edith)
    document = json_of(client.get("/corrections.json"))
    rows = document["results"]
    assert document["about"]["count"] == len(rows) == corrected.count() + 1
    (mine,) = [row for row in rows if row["report"]]
    assert (mine["about"], mine["code"], mine["wrong"]) == ("commitment", "I.1.1a", "fact")
    assert (mine["outcome"], mine["because"], mine["entries"]) == ("refused", "opinion", [])
    assert mine["url"] == "http://127.0.0.1:8000/vellmark-2030/commitments/I.1.1a/"
    theirs = [row for row in rows if not row["report"]]
    assert {row["entries"][0] for row in theirs} == {str(entry.seq) for entry in corrected}
    assert all(row["reason"] for row in theirs)
    assert rows == sorted(rows, key=lambda row: row["when"], reverse=True)

    csv_file = b"".join(client.get("/corrections.csv").streaming_content).decode("utf-8-sig")
    read = list(csv.DictReader(io.StringIO(csv_file)))
    assert [row["code"] for row in read] == [row["code"] for row in rows]
    described = client.get("/corrections.csv-metadata.json").json()["tableSchema"]["columns"]
    assert [column["name"] for column in described] == list(read[0]) == list(rows[0])
    assert {row["outcome"] for row in read} <= {*SETTLED, "correct", "withdraw", "amend", "redact"}

    feed = client.get("/feeds/corrections.atom")
    assert feed["Content-Type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(feed.content).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == len(rows)
    titles = [each.findtext("{http://www.w3.org/2005/Atom}title") for each in entries]
    assert [title for title in titles if title.startswith("I.1.1a ") and title.endswith(": not followed")]
    assert len({each.findtext("{http://www.w3.org/2005/Atom}id") for each in entries}) == len(entries)
    text = feed.content.decode() + csv_file + json.dumps(document)
    assert not [secret for secret in SECRETS if secret in text]
    assert client.get("/feeds/corrections.atom?page=9").status_code == 400
    assert client.get("/corrections.csv?colour=red").status_code == 400
    assert 'href="/feeds/corrections.atom"' in page_of(client, "/corrections/")
