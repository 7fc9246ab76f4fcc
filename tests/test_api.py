"""The API: lists and details of everything public, for reading by anyone, as JSON."""

import json
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.examples import NIGHTLY
from tests.registering import link, recommend, register
from tracker.actions.changes import withdraw
from tracker.actions.progress import publish, submit
from tracker.api.resources import RESOURCES
from tracker.exports.tables import table
from tracker.ledger import log
from tracker.models import Commitment, LedgerEntry
from tracker.records.registry import COMMITMENT_COLUMNS
from tracker.snapshot.cache import forget, read_snapshot

from . import drafts, factories

pytestmark = pytest.mark.django_db

LISTS = [each.name for each in RESOURCES]
DETAILS = {
    "plans": "vellmark-2030",
    "categories": "vellmark-2030/I.1",
    "provisions": "vellmark-2030/I.1.1",
    "commitments": "vellmark-2030/I.1.1a",
    "baseline": "vellmark-2030/wells-in-use-2025",
    "metrics": "water-law",
    "sources": "gazette",
    "bodies": "lake-council",
    "groups": "children",
    "ledger": "1",
}
ADDRESSES = [f"/api/v1/{name}/" for name in LISTS] + [f"/api/v1/{name}/{key}/" for name, key in DETAILS.items()]
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def ask(client):
    """What an address of the API answers, as plain values."""

    def answer(address, **query):
        response = client.get(f"/api/v1/{address}", query)
        assert response.status_code == 200, response.content
        return response.json()

    return answer


@pytest.fixture
def codes(ask):
    """Codes, or numbers of entries, of a list that was asked for."""

    def listed(address, **query):
        return [row.get("code") or row.get("entry") for row in ask(address, **{"page_size": 1000, **query})["results"]]

    return listed


def refused(client, address, sentence, status=400):
    response = client.get(f"/api/v1/{address}")
    assert (response.status_code, response.json()) == (status, {"error": sentence})
    return response


def test_it_begins_with_the_address_of_every_list(client, vellmark_progress):
    start = client.get("/api/v1/").json()
    assert list(start["lists"]) == LISTS
    for address in (*start["lists"].values(), start["openapi"], start["documentation"]):
        assert client.get(address.removeprefix(SITE)).status_code == 200, address
    snapshot = read_snapshot()
    assert (start["ledger_entry"], start["ledger_head"]) == (snapshot.known, snapshot.head_hash)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_a_page_of_rows_each_of_which_is_a_detail(client, ask, vellmark_progress, edith, name):
    link(recommend(edith), "I.1.1a", edith)  # the invented plan has none
    page = ask(f"{name}/")
    assert list(page) == ["count", "next", "previous", "results"]
    assert page["count"] >= len(page["results"]) > 0
    resource = next(each for each in RESOURCES if each.name == name)
    for row in page["results"][:5]:
        assert list(row) == [column.name for column in resource.columns]
        key = [str(row["seq" if name == "ledger" else part]) for part in resource.key]
        assert ask(f"{name}/{'/'.join(key)}/") == row


@pytest.mark.parametrize("name", ["metrics", "commitments", "baseline", "updates", "assessments", "bodies", "sources"])
def test_rows_are_those_of_the_public_files(ask, vellmark_progress, name):
    rows = ask(f"{name}/", page_size=1000)
    assert rows["results"] == list(table(name).rows(read_snapshot()))
    assert rows["count"] == len(rows["results"])


def test_rows_of_the_log_are_the_lines_of_its_file(ask, vellmark_progress):
    lines = [json.loads(line) for line in log.lines()]
    assert lines[-1].pop("last") is True  # of the file, and so of no row
    rows = ask("ledger/", page_size=1000)["results"]
    assert [row["seq"] for row in rows] == list(range(1, len(lines) + 1))
    for row, line in zip(rows, lines, strict=True):
        assert {name: value for name, value in row.items() if value is not None} == {
            name: value for name, value in line.items() if value not in (None, "")
        }
    assert [row["redacted_by"] for row in rows if row["text"] is None]


def test_the_log_can_be_read_on_from_an_entry(ask, vellmark):
    last = read_snapshot().head
    assert [row["seq"] for row in ask("ledger/", after=last - 2)["results"]] == [last - 1, last]
    assert ask("ledger/", after=last) == {"count": 0, "next": None, "previous": None, "results": []}
    assert ask("ledger/", after=last + 5)["count"] == 0


def test_exact_numbers_are_texts_and_blanks_are_null(ask, vellmark_progress):
    row = ask("commitments/vellmark-2030/I.1.1a/")
    assert (row["target_value"], row["target_rung"], row["evidence_count"]) == ("88", None, 2)


EXPLORED = [
    "kind=law",
    "kind=law&kind=quantity&level=outcome",
    "category=I.1&sort=-title",
    "q=water",
    "beneficiary=children&beneficiary=everyone",
    "body=none&has_evidence=no",
    "group=not_known&missing=nobody_looked",
    "status=not_known&flag=none",
    "says=notes&origin_side=un",
    "deadline_after=2028-01-01&deadline_before=2030-12-31&rule=reach",
    "on=2026-05-01&sort=status",
]


@pytest.mark.parametrize("query", EXPLORED)
def test_commitments_are_chosen_as_the_explorer_chooses(client, vellmark_progress, query):
    file = client.get(f"/vellmark-2030/commitments.json?{query}")
    expected = [row["code"] for row in json.loads(b"".join(file.streaming_content))["results"]]
    page = client.get(f"/api/v1/commitments/?page_size=1000&plan=vellmark-2030&{query}").json()
    assert [row["code"] for row in page["results"]] == expected
    assert client.get(f"/api/v1/commitments/?page_size=1000&{query}").json() == page


def test_without_a_plan_commitments_of_all_plans_are_listed(client, codes, vellmark):
    other = factories.PlanFactory(code="oster-2031", title="Programme of Oster")
    right = factories.CategoryFactory(plan=other, code="X", title="Right of way")
    paragraph = factories.ProvisionFactory(plan=other, category=right, code="X.1")
    factories.CommitmentFactory(plan=other, provision=paragraph, code="X.1a", title="Aardvarks counted")
    forget()
    assert len(codes("commitments/")) == 15
    assert codes("commitments/", plan="oster-2031") == ["X.1a"]
    assert "X.1a" not in codes("commitments/", plan="vellmark-2030")
    assert codes("commitments/", category="X") == ["X.1a"]
    assert set(codes("commitments/", category=["X", "I.2"])) == {"X.1a", *codes("commitments/", category="I.2")}
    assert codes("commitments/", sort="title")[0] == "X.1a"
    assert codes("commitments/", category="X", body="lake-council") == []
    assert client.get("/api/v1/commitments/?plan=vellmark-2030&category=X").status_code == 400


FILTERED = {
    "categories/?plan=vellmark-2030": lambda row: row["plan"] == "vellmark-2030",
    "provisions/?form=objective": lambda row: row["form"] == "objective",
    "provisions/?category=I.1": lambda row: row["category"] == "I.1",
    "metrics/?shape=ladder": lambda row: row["shape"] == "ladder",
    "metrics/?producer=office-of-numbers": lambda row: row["producer"] == "office-of-numbers",
    "updates/?what=rung&what=search": lambda row: row["what"] in ("rung", "search"),
    "updates/?metric=water-law": lambda row: row["metric"] == "water-law",
    "updates/?origin=office-of-numbers": lambda row: row["origin"] == "office-of-numbers",
    "updates/?as_of_after=2026-06-01": lambda row: row["as_of"] >= "2026-06-01",
    "updates/?as_of_before=2026-06-01": lambda row: row["as_of"] <= "2026-06-01",
    "updates/?on=2026-06-01": lambda row: row["as_of"] <= "2026-06-01",
    "assessments/?side=un": lambda row: row["side"] == "un",
    "assessments/?says=notes&origin=chancery": lambda row: (row["says"], row["origin"]) == ("notes", "chancery"),
    "assessments/?commitment=I.1.1e": lambda row: row["commitment"] == "I.1.1e",
    "assessments/?category=I.1&side=un": lambda row: row["side"] == "un",
    "assessments/?category=I.1&plan=vellmark-2030&commitment=I.1.1e": lambda row: row["commitment"] == "I.1.1e",
    "sources/?publisher=lake-council": lambda row: row["publisher"] == "lake-council",
    "bodies/?side=official&kind=government": lambda row: (row["side"], row["kind"]) == ("official", "government"),
}


@pytest.mark.parametrize("address", FILTERED)
def test_a_filter_lists_exactly_the_rows_that_fit(ask, vellmark_progress, address):
    path, query = address.split("?")
    every, rows = ask(f"{path}?page_size=1000")["results"], ask(f"{path}?page_size=1000&{query}")["results"]
    assert rows == [row for row in every if FILTERED[address](row)]
    assert len(rows) > 0, "a filter that finds nothing tries nothing"
    assert len(rows) < len(every) or path == "categories/"


def test_a_value_of_a_metric_is_of_every_promise_that_the_metric_answers(ask, vellmark_progress):
    answered = Commitment.objects.filter(metric__code="village-homes-with-piped-water")
    rows = ask("updates/", commitment=[c.code for c in answered], plan="vellmark-2030", what="value")["results"]
    assert {row["metric"] for row in rows} == {"village-homes-with-piped-water"}


def test_a_corrected_update_is_no_longer_there_and_the_log_has_both(client, codes, vellmark_progress):
    wrong, fixed = vellmark_progress["wrong"].entry_id, vellmark_progress["fixed"].entry_id
    assert fixed in codes("updates/")
    assert wrong not in codes("updates/")
    refused(client, f"updates/{wrong}/", f"Log entry {wrong} is no update that counts on that day.", 404)
    assert client.get(f"/api/v1/ledger/{wrong}/").status_code == 200


def test_what_is_a_draft_or_names_staff_appears_nowhere(client, vellmark_progress, edith, rana):
    drafts.submitted(drafts.value(77, "2026-03-31", summary="SECRET-DRAFT"), edith)
    forget()
    for address in (*ADDRESSES, "/api/v1/updates/", "/api/v1/assessments/", "/api/v1/openapi.json"):
        text = client.get(address, {"page_size": 1000} if address.endswith("s/") and address.count("/") == 4 else {})
        assert text.status_code == 200, address
        for word in ("SECRET-DRAFT", "edith", "rana"):
            assert word not in text.content.decode(), (address, word)


def test_pages_follow_one_another_without_a_gap(client, codes, vellmark):
    address, seen = f"{SITE}/api/v1/commitments/?page_size=5&fields=code&kind=law&kind=quantity&kind=aim", []
    while address:
        response = client.get(address.removeprefix(SITE))
        page = response.json()
        seen += [row["code"] for row in page["results"]]
        assert (f'<{page["next"]}>; rel="next"' in response.get("Link", "")) == bool(page["next"])
        address = page["next"]
    assert seen == codes("commitments/", kind=["law", "quantity", "aim"])
    assert len(seen) > 5


@pytest.mark.slow
@pytest.mark.parametrize("name", ["commitments", "updates", "assessments", "ledger"])
def test_what_is_published_while_a_list_is_read_moves_none_of_its_pages(client, vellmark_progress, edith, rana, name):
    def asked(address):
        return client.get(address.removeprefix(SITE)).json()

    whole = asked(f"/api/v1/{name}/?page_size=1000")["results"]
    size = 4 if NIGHTLY else max(4, len(whole) // 3)
    page = asked(f"/api/v1/{name}/?page_size={size}")
    rows = page["results"]
    while page["next"]:
        drafts.published(drafts.finding("notes", "2020-01-01"), edith, rana)
        drafts.published(drafts.value(77, "2020-12-31"), edith, rana)
        row = drafts.published(drafts.finding("not_kept", "2020-01-01"), edith, rana)
        publish(record=submit(record=withdraw(published=row, reason="Not so.", by=edith), by=edith), by=rana)
        page = asked(page["next"])
        rows += page["results"]
        assert page["count"] == len(whole)
        assert asked(page["previous"])["results"] == rows[: -len(page["results"])][-size:]
    assert rows == whole
    assert asked(f"/api/v1/{name}/?page_size=1000")["results"] != whole


def test_a_page_of_a_list_that_grew_costs_no_other_snapshot(client, vellmark_progress, edith, rana):
    following = client.get("/api/v1/commitments/?page_size=4").json()["next"].removeprefix(SITE)
    drafts.published(drafts.value(77, "2020-12-31"), edith, rana)
    client.get("/api/v1/commitments/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(following).status_code == 200
    # What is newest, three times; which of those that are kept is of this log; whether anything was taken away.
    assert len(queries) == 5, [query["sql"] for query in queries]


def test_a_log_entry_that_makes_no_sense_is_refused(client, vellmark):
    head, today = LedgerEntry.objects.head(), timezone.localdate()
    for entry in (0, -1, "x", "1.0", 10**9):
        refused(client, f"plans/?entry={entry}", f"entry={entry}: give a whole number from 1 to 999999999.")
    sentence = f"entry={head + 1}: the log has no such entry yet; its last is {head}."
    for name in ("plans", "updates", "ledger"):
        refused(client, f"{name}/?entry={head + 1}", sentence)
    refused(client, f"plans/?entry={head}&known={today}", f"known={today}, entry={head}: give one of the two.")


def test_keys_can_be_chosen_in_either_way_and_stand_in_the_order_of_the_record(ask, vellmark):
    for fields in ("title,code", ["title", "code"]):
        rows = ask("commitments/", fields=fields)["results"]
        assert {tuple(row) for row in rows} == {("code", "title")}
    assert list(ask("commitments/vellmark-2030/I.1.1a/", fields="url")) == ["url"]
    every = ask("commitments/", fields=",".join(COMMITMENT_COLUMNS))
    assert every == ask("commitments/")


def test_it_answers_as_of_a_past_day(client, ask, vellmark_progress):
    then = client.get("/api/v1/commitments/vellmark-2030/I.1.1d/?on=2026-02-01")
    assert then["As-Of"] == "2026-02-01"
    assert (then.json()["status"], ask("commitments/vellmark-2030/I.1.1d/")["status"]) == ("not_known", "under_way")
    assert ask("updates/", on="2020-01-01")["count"] == 0


def test_a_day_before_the_site_began_or_after_today_is_refused(client, vellmark):
    assert "this site began on" in client.get("/api/v1/metrics/?known=2020-01-01").json()["error"]
    refused(client, "updates/?on=2999-01-01", "on=2999-01-01: that day is still to come.")


@pytest.mark.parametrize("name", LISTS)
def test_what_it_does_not_know_is_refused_by_name(client, vellmark_progress, name):
    for address in (f"{name}/?colour=red", f"{name}/?page_size=0", f"{name}/?page_size=1001", f"{name}/?fields=colour"):
        response = client.get(f"/api/v1/{address}")
        assert response.status_code == 400, address
        assert address.split("?")[1].split("=")[0] in response.json()["error"]
    assert "There is no parameter “colour”. Known are: " in client.get(f"/api/v1/{name}/?colour=1").json()["error"]


def test_a_refusal_says_what_would_do(client, vellmark):
    refused(client, "bodies/?side=blue", "side=blue: choose from official, un, independent, unknown.")
    refused(client, "updates/?as_of_after=2026-1-1", "as_of_after=2026-1-1: give a day such as 2025-12-31.")
    refused(client, "updates/?as_of_after=2026-13-01", "as_of_after=2026-13-01: give a day such as 2025-12-31.")
    refused(client, "updates/?metric=gold", "metric=gold: there is nothing with this code.")
    refused(client, "plans/?page=1&page=2", "The parameter “page” stands twice; give it once.")
    refused(client, "plans/?page=2", "page=2: there is 1 page.")
    refused(client, "commitments/?kind=x", "kind=x: Select a valid choice. x is not one of the available choices.")
    for number in ("0", "-1", "1.5", "x", "٣", "9" * 5000):
        assert client.get("/api/v1/plans/", {"page": number}).status_code == 400, number


def test_a_blank_parameter_says_nothing(ask, vellmark):
    assert ask("commitments/", kind="", page="", fields="")["count"] == 14


def test_what_is_not_there_is_a_404_with_a_sentence(client, vellmark):
    for address, sentence in {
        "plans/atlantis/": "There is no plan with the code atlantis.",
        "commitments/atlantis/I.1.1a/": "There is no plan with the code atlantis.",
        "commitments/vellmark-2030/X/": "There is no commitment with the code X.",
        "categories/vellmark-2030/X/": "There is no chapter or section with the code X.",
        "metrics/x/": "There is no metric with the code x.",
        "updates/9999/": "Log entry 9999 is no update that counts on that day.",
        "nothing/": "There is no page at this address.",
        "updates/" + "9" * 5000 + "/": "There is no page at this address.",
    }.items():
        refused(client, address, sentence, 404)
    assert client.get("/api/v1/ledger/99999999999999999999/").status_code == 404
    assert client.get("/api/v1/ledger/0/").status_code == 404


def test_it_can_only_be_read(client, vellmark_progress):
    for address in ("/api/v1/", *ADDRESSES):
        for method in ("post", "put", "patch", "delete", "trace"):
            response = getattr(client, method)(address)
            assert response.status_code == 405, (method, address)
            assert response["Allow"] == "GET, HEAD, OPTIONS"
            sentence = f"This API is for reading: it takes GET, HEAD and OPTIONS, not {method.upper()}."
            assert response.json() == {"error": sentence}
        head, full = client.head(address), client.get(address)
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", full["ETag"])


def test_it_answers_in_json_alone_to_browsers_too(client, vellmark):
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "application/*", "application/json"):
        assert client.get("/api/v1/plans/", HTTP_ACCEPT=accept)["Content-Type"] == "application/json"
    response = client.get("/api/v1/plans/", HTTP_ACCEPT="text/html")
    assert response.status_code == 406
    assert response.json() == {"error": "This API answers in JSON alone: ask for application/json."}


def test_pages_of_other_sites_may_read_it_failures_and_redirects_included(client, vellmark_progress):
    for address in (
        *ADDRESSES,
        "/api/v1/nothing/",
        "/api/v1/plans",
        "/api/v1/plans/?x=1",
        "/api/v1/plans/?utm_source=x",
    ):
        response = client.get(address, HTTP_ORIGIN="https://example.org")
        assert response["Access-Control-Allow-Origin"] == "*", address
        assert {"ETag", "Link", "Retry-After"} <= set(response["Access-Control-Expose-Headers"].split(", "))
        assert "Access-Control-Allow-Credentials" not in response
    assert "Access-Control-Allow-Origin" not in client.get("/plans/")


def test_a_browser_that_asks_first_is_let_through(client, vellmark):
    response = client.options(
        "/api/v1/plans/", HTTP_ORIGIN="https://example.org", HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET"
    )
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response["Access-Control-Allow-Headers"] == "If-None-Match"


def test_an_unchanged_answer_is_a_304_and_a_changed_one_is_not(client, vellmark_progress, edith):
    etags = {}
    for address in (*ADDRESSES, "/api/v1/", "/api/v1/openapi.json"):
        first = client.get(address)
        again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), address
        assert first["Cache-Control"] == "public, no-cache"
        etags[address] = first["ETag"]
    register(record=factories.BodyFactory.build(), by=edith)
    for address, etag in etags.items():
        changed = client.get(address, HTTP_IF_NONE_MATCH=etag)
        assert (changed.status_code, changed["ETag"] == etag) == (200, False), address


def test_a_failure_has_no_version_and_a_version_that_is_demanded_is_refused_in_json(client, vellmark):
    assert "ETag" not in client.get("/api/v1/plans/?x=1")
    response = client.get("/api/v1/plans/", HTTP_IF_MATCH='"1"')
    assert (response.status_code, list(response.json())) == (412, ["error"])


def test_a_long_answer_is_packed_for_those_who_ask(client, vellmark):
    response = client.get("/api/v1/commitments/", HTTP_ACCEPT_ENCODING="gzip")
    assert response["Content-Encoding"] == "gzip"
    assert response["ETag"] == client.get("/api/v1/commitments/")["ETag"]


def test_too_many_requests_from_one_address_are_refused_with_how_long_to_wait(
    client, vellmark, settings, tmp_path, monkeypatch
):
    settings.LIMITED, settings.VAR, settings.API_RATE = True, tmp_path, "3/minute"
    now = time.time() // 60 * 60 + 15  # in a minute that does not end meanwhile
    monkeypatch.setattr(time, "time", lambda: now)
    for _n in range(3):
        assert client.get("/api/v1/plans/?x=1").status_code == 400
    response = client.get("/api/v1/plans/")
    assert response.status_code == 429
    assert response["Retry-After"] == "45"
    sentence = "More than 3 requests in one minute came from your address: wait 45 seconds."
    assert response.json() == {"error": sentence}
    assert client.get("/api/v1/plans/", REMOTE_ADDR="10.0.0.7").status_code == 200
    assert client.get("/plans/").status_code == 200


def test_nobody_gets_past_the_limit_by_naming_another_address(client, vellmark, settings, tmp_path):
    settings.LIMITED, settings.VAR, settings.API_RATE = True, tmp_path, "1/hour"
    assert client.get("/api/v1/plans/", HTTP_X_FORWARDED_FOR="1.1.1.1").status_code == 200
    assert client.get("/api/v1/plans/", HTTP_X_FORWARDED_FOR="2.2.2.2").status_code == 429
    settings.TRUST_PROXY = True
    assert client.get("/api/v1/plans/", HTTP_X_FORWARDED_FOR="3.3.3.3, 4.4.4.4").status_code == 200
    assert client.get("/api/v1/plans/", HTTP_X_FORWARDED_FOR="5.5.5.5, 4.4.4.4").status_code == 429


def test_what_fails_on_our_side_is_json_as_well(client, vellmark, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("tracker.views.page.read_snapshot", lambda: 1 / 0)
    response = client.get("/api/v1/plans/")
    assert response.status_code == 500
    assert response.json() == {"error": "Something failed on our side. Nothing was lost; please try again in a minute."}
    assert response["Access-Control-Allow-Origin"] == "*"


def test_staff_who_are_signed_in_get_what_a_stranger_gets(client, vellmark_progress, edith, signed_in):
    staff = signed_in(edith)
    for address in ADDRESSES:
        response = staff.get(address)
        assert response.content == client.get(address).content
        assert not response.cookies
        assert "cookie" not in response.get("Vary", "").lower()


def test_it_asks_the_database_once_and_the_log_once_more(client, vellmark_progress, django_assert_num_queries):
    for address in (*ADDRESSES, "/api/v1/openapi.json", "/api/v1/updates/?plan=vellmark-2030&what=value"):
        client.get(address)
        with django_assert_num_queries(2 if "ledger" in address else 1):
            assert client.get(address).status_code == 200


def test_ten_times_the_commitments_cost_no_more_questions(client, vellmark, django_assert_num_queries):
    some = Commitment.objects.get(code="I.1.1a")
    factories.CommitmentFactory.create_batch(140, provision=some.provision, metric=some.metric)
    forget()
    with CaptureQueriesContext(connection) as cold:
        assert client.get("/api/v1/commitments/?page_size=1000").json()["count"] == 154
    assert len(cold) <= 35  # recommendations and the links to them are two of these
    questions = {"commitments/?page_size=1000": 1, "metrics/": 1, "commitments/?q=water": 2}  # words cost one more
    for address, number in questions.items():
        with django_assert_num_queries(number):
            client.get(f"/api/v1/{address}")


def test_before_any_plan_is_loaded_every_list_is_empty(client, db):
    for name in LISTS:
        page = client.get(f"/api/v1/{name}/").json()
        assert page == {"count": 0, "next": None, "previous": None, "results": []}
    assert client.get("/api/v1/openapi.json").status_code == 200


# The baseline


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"form": "act"}, ["lake-law-2023"]),
        ({"category": "I.2"}, ["advice-offices-by-2025"]),
        ({"metric": "deep-wells-dug"}, ["wells-in-use-2025"]),
        ({"commitment": "I.1.1b"}, ["wells-in-use-2025", "wells-dug-2024"]),
        ({"q": "any depth"}, ["wells-in-use-2025"]),
        ({"q": "!"}, []),
        ({"undated": "yes"}, ["advice-offices-by-2025"]),
        ({"told": "differs"}, ["cost-of-wells-2024"]),
        ({"plan": "vellmark-2030", "has_commitment": "no", "nature": "flow"}, ["cost-of-wells-2024"]),
    ],
)
def test_a_baseline_is_found_by_the_filters_of_its_page(codes, vellmark, query, expected):
    assert codes("baseline/", **query) == expected


def test_a_baseline_refuses_what_it_does_not_know(client, vellmark):
    refused(client, "baseline/?commitment=IX.9z", "commitment=IX.9z: there is nothing with this code.")
    nothing = "There is no figure or act of the baseline with the code nothing."
    refused(client, "baseline/vellmark-2030/nothing/", nothing, status=404)


def test_what_repeats_a_figure_comes_with_it(ask, vellmark):
    row = ask("baseline/vellmark-2030/cost-of-wells-2024/", fields="value,citations")
    assert row["value"] == "3.2"
    assert [each["differs"] for each in row["citations"]] == [None, "currency"]
