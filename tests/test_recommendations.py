"""What UN mechanisms recommended: the list, each one, where promises, rights and norms show it, filter, files, API."""

import datetime
import json
import tomllib

import pytest
from django.core.management import call_command

from tracker.actions.changes import amend
from tracker.actions.progress import publish, submit
from tracker.actions.registry import amendment
from tracker.loader.load import load_folder
from tracker.models import Body, Norm, Recommendation, RecommendationLink, Source, recommendation_code
from tracker.snapshot.cache import forget, read_snapshot

from . import factories
from .conftest import CHINA
from .reading import page_of, part, refused, words_of
from .registering import link, recommend
from .test_snapshot_moves import differences

pytestmark = pytest.mark.django_db

LIST, EXPLORER = "/recommendations/", "/vellmark-2030/commitments/"
WATER, REPORTS, OTHERS = "A-HRC-99-6-28.1", "CERD-C-VEL-CO-3-7-c", "A-HRC-99-6-28.2"
LINKED_BY = "Linked by this site's editors"


@pytest.fixture
def recommended(vellmark, edith):
    """Three recommendations, two of them linked to promises, one with a reply on record."""
    water = recommend(
        edith,
        paragraph="28.1",
        reply="noted",
        reply_words="Not accepted",
        reply_symbol="A/HRC/99/6/Add.1",
        reply_paragraph="7",
        norms=[Norm.objects.get(code="LAKES-3")],
    )
    reports = recommend(
        edith,
        mechanism="treaty_body",
        symbol="CERD/C/VEL/CO/3",
        paragraph="7 (c)",
        published=datetime.date(2026, 5, 4),
        text="Report to the council on time.",
        verbatim=True,
        recommended_by=[],
        themes=["reporting"],
    )
    recommend(edith, paragraph="28.2", text="Plant trees on every shore.")
    link(water, "I.1.1a", edith)
    link(water, "I.1.1e", edith)
    link(reports, "I.1.1a", edith, rationale="Both ask for the council to hear of it.")
    return [water, reports]


@pytest.mark.parametrize(
    ("symbol", "paragraph", "code"),
    [
        ("CRC/C/CHN/CO/3-4", "7 (c)", "CRC-C-CHN-CO-3-4-7-c"),
        ("E/C.12/CHN/CO/3", "90", "E-C.12-CHN-CO-3-90"),
        ("A/HRC/56/6", "28.12.", "A-HRC-56-6-28.12"),
    ],
)
def test_the_code_is_made_of_symbol_and_paragraph(symbol, paragraph, code):
    assert recommendation_code(symbol, paragraph) == code
    factories.RecommendationFactory.build(symbol=symbol, paragraph=paragraph, code=code).clean()
    factories.RecommendationFactory.build(symbol=symbol, paragraph=paragraph, code=f"{code}-2").clean()


def test_before_any_is_recorded_the_list_says_so(client, vellmark):
    assert "No recommendation is recorded yet." in words_of(page_of(client, LIST))
    for address in (f"{EXPLORER}I.1.1a/", "/vellmark-2030/rights/I.1/", "/norms/LAKES/3/"):
        assert 'id="recommended"' not in page_of(client, address)


def test_the_list_has_the_newest_document_first_and_says_what_is_no_refusal(client, recommended):
    page = page_of(client, LIST)
    text = words_of(page)
    assert "3 recommendations of United Nations mechanisms, by symbol and paragraph. 2 of them are linked" in text
    assert "Of 2 no reply of the State is on record here, which is no refusal." in text
    found = text
    assert found.index("para. 28.1") < found.index("para. 28.2") < found.index("para. 7 (c)")
    assert "“Report to the council on time.” in the document's words" in found
    assert "recommended by Osmarra · the State's reply: noted" in found
    assert "2 promises are linked to it" in found


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("mechanism=upr", [WATER, OTHERS]),
        ("mechanism=special_procedure", []),
        ("reply=none", [OTHERS, REPORTS]),
        ("reply=noted", [WATER]),
        ("category=I.1", [WATER, REPORTS]),
        ("category=II", []),
        ("plan=vellmark-2030", [WATER, REPORTS]),
        ("state=Vellmark&mechanism=treaty_body", [REPORTS]),
        ("state=Osmarra", []),
        ("q=water+vill", [WATER]),
        ("q=%22every+shore%22", [OTHERS]),
        ("q=CERD%2FC%2FVEL", [REPORTS]),
        ("q=reporting", [REPORTS]),
        ("q=%E2%80%A6", []),
    ],
)
def test_the_list_is_filtered_and_searched(client, recommended, query, codes):
    page = page_of(client, f"{LIST}?{query}")
    assert f'<h2 id="found">{len(codes)} <span' in " ".join(page.split()).replace('found"> ', 'found">')
    assert [code for code in (WATER, OTHERS, REPORTS) if f'id="recommendation-{code}"' in page] == codes


def test_what_it_cannot_be_asked_is_refused_with_a_sentence(client, recommended):
    assert refused(client, f"{LIST}?reply=refused").startswith("reply=refused:")
    assert refused(client, f"{LIST}?mechanism=x").startswith("mechanism=x:")
    assert refused(client, f"{LIST}?category=IX") == "category=IX: the plan has no such chapter or section."
    assert refused(client, f"{LIST}?plan=x") == "plan=x: there is nothing with this code."
    assert refused(client, f"{LIST}?page=2") == "page=2: there is 1 page."
    assert "takes no parameter" in refused(client, f"{LIST}?kind=upr")
    assert refused(client, f"{LIST}X/", 404) == "There is no recommendation with the code X."


@pytest.mark.slow
def test_many_stand_on_several_pages(client, vellmark, edith):
    for n in range(51):
        recommend(edith, paragraph=f"28.{n}")
    assert "1 to 50 of 51" in words_of(page_of(client, LIST))
    page = page_of(client, f"{LIST}?mechanism=upr&page=2")
    assert "51 to 51 of 51" in words_of(page)
    assert f'href="{LIST}?mechanism=upr"' in page


def test_one_says_where_it_stands_what_was_replied_and_why_promises_are_linked(client, recommended):
    page = page_of(client, f"{LIST}{WATER}/")
    text = words_of(page)
    assert "A/HRC/99/6, para. 28.1" in text
    assert "noted “Not accepted” A/HRC/99/6/Add.1, para. 7" in text
    assert 'href="https://undocs.org/A/HRC/99/6"' in page
    assert 'href="https://undocs.org/A/HRC/99/6/Add.1"' in page
    assert 'href="/norms/LAKES/3/"' in page
    assert 'href="/sources/valley-post-2025/"' in page
    assert "2 promises on the same subject: Vellmark 2026-2030" in text
    assert "Both are about water in village homes." in text
    assert f'href="{EXPLORER}?recommendation={WATER}"' in page
    assert LINKED_BY in text
    other = words_of(page_of(client, f"{LIST}{OTHERS}/"))
    assert "no reply on record It is no refusal" in other
    assert "No promise is linked to it." in other
    assert client.get(f"{LIST}{WATER.lower()}/").headers["Location"] == f"{LIST}{WATER}/"


def test_promise_right_norm_and_source_show_what_is_linked_and_who_linked_it(client, recommended):
    promise = part(page_of(client, f"{EXPLORER}I.1.1a/"), "recommended")
    assert promise.index("para. 28.1") < promise.index("para. 7 (c)")
    assert "Why it is linked: Both ask for the council to hear of it." in promise
    assert LINKED_BY in promise
    right = page_of(client, "/vellmark-2030/rights/I.1/")
    assert f'href="{LIST}?plan=vellmark-2030&category=I.1"' in right
    assert "All 2 recommendations that are linked" in part(right, "recommended")
    assert LINKED_BY in part(right, "recommended")
    norm = part(page_of(client, "/norms/LAKES/3/"), "recommended")
    assert "para. 28.1" in norm
    assert "para. 7 (c)" not in norm
    assert LINKED_BY in norm
    assert f'href="{LIST}{WATER}/"' in page_of(client, "/sources/valley-post-2025/")
    for address in (f"{EXPLORER}I.2.1a/", "/vellmark-2030/rights/II/", "/norms/LAKES/4/"):
        assert 'id="recommended"' not in page_of(client, address)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("recommendation=any", 2),
        ("recommendation=none", 12),
        (f"recommendation={REPORTS}", 1),
        (f"recommendation={WATER}&recommendation={REPORTS}", 2),
    ],
)
def test_the_explorer_asks_with_without_or_one(client, recommended, query, count):
    assert f'<h2 id="found">{count} <span' in page_of(client, f"{EXPLORER}?{query}")
    assert len(client.get(f"/api/v1/commitments/?{query}").json()["results"]) == count
    assert client.get(f"{EXPLORER[:-1]}.csv?{query}").getvalue().decode().count("\r\n") >= count


def test_the_explorer_refuses_what_no_promise_is_linked_to(client, recommended):
    assert refused(client, f"{EXPLORER}?recommendation={OTHERS}").startswith(f"recommendation={OTHERS}:")


def test_the_column_and_the_count_by_recommendation(client, recommended):
    page = words_of(page_of(client, f"{EXPLORER}?columns=recommendations&by=recommendation&recommendation=any"))
    assert "Recommendations linked to it" in page
    assert "A/HRC/99/6, para. 28.1" in page
    row = client.get("/api/v1/commitments/vellmark-2030/I.1.1a/").json()
    assert row["recommendations"] == [WATER, REPORTS]


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("recommendations/", [WATER, REPORTS, OTHERS]),
        ("recommendations/?mechanism=treaty_body", [REPORTS]),
        ("recommendations/?reply=none", [REPORTS, OTHERS]),
        ("recommendations/?reply=noted", [WATER]),
        ("recommendations/?norm=LAKES-3", [WATER]),
        ("recommendations/?commitment=I.1.1e", [WATER]),
        ("recommendations/?plan=vellmark-2030", [WATER, REPORTS]),
        ("recommendation-links/?commitment=I.1.1a", [f"I.1.1a-{WATER}", f"I.1.1a-{REPORTS}"]),
        (f"recommendation-links/?recommendation={WATER}", [f"I.1.1a-{WATER}", f"I.1.1e-{WATER}"]),
    ],
)
def test_the_api_lists_them_by_filter(client, recommended, address, codes):
    assert [row["code"] for row in client.get(f"/api/v1/{address}").json()["results"]] == codes


def test_a_missing_reply_is_a_blank_and_files_and_api_give_the_same_rows(client, recommended):
    for name in ("recommendations", "recommendation-links"):
        rows = json.loads(client.get(f"/data/{name}.json").getvalue())["results"]
        assert rows == client.get(f"/api/v1/{name}/").json()["results"]
    row = client.get(f"/api/v1/recommendations/{REPORTS}/").json()
    assert (row["reply"], row["verbatim"], row["recommended_by"]) == (None, True, [])
    assert client.get(f"/api/v1/recommendations/{WATER}/").json()["norms"] == ["LAKES-3"]


def test_pages_ask_the_database_once(client, recommended, django_assert_num_queries):
    for address in (LIST, f"{LIST}?q=water", f"{LIST}{WATER}/", f"{EXPLORER}I.1.1a/", "/vellmark-2030/rights/I.1/"):
        client.get(address)
        with django_assert_num_queries(1):
            assert client.get(address).status_code == 200


def test_a_link_that_comes_later_moves_the_snapshot_as_building_it_anew_would(recommended, edith):
    before = read_snapshot()
    link(Recommendation.objects.get(code=OTHERS), "I.1.1a", edith)
    moved = read_snapshot()
    forget()
    assert differences(moved, read_snapshot()) == []
    assert moved.plan("vellmark-2030").commitment("I.1.1a").recommendations == (WATER, REPORTS, OTHERS)
    forget()
    assert differences(read_snapshot(known=before.known), before) == []


@pytest.mark.parametrize(
    ("model", "code", "changes", "address"),
    [
        # A list as JSON, and a set.
        pytest.param(
            *(Recommendation, REPORTS, {"text": "Report yearly.", "themes": ["dialogue"]}, f"{LIST}{REPORTS}/"),
            marks=pytest.mark.both_databases,
        ),
        pytest.param(
            *(Recommendation, WATER, {"norms": ["LAKES-4", "LAKES-9"]}, f"{LIST}{WATER}/"),
            marks=pytest.mark.both_databases,
        ),
        (Recommendation, OTHERS, {"reply": "supported"}, f"{LIST}{OTHERS}/"),
        (RecommendationLink, f"I.1.1a-{WATER}", {"rationale": "Both name pipes."}, f"{EXPLORER}I.1.1a/"),
    ],
)
def test_they_change_by_amendment_of_two_people_and_the_past_is_laid_back(
    client, recommended, edith, rana, model, code, changes, address
):
    before = read_snapshot()
    row = amend(record=model.objects.get(code=code), changes=changes, reason="Seen in print.", by=edith)
    publish(record=submit(record=row, by=edith), by=rana)
    text = words_of(page_of(client, address))
    assert "Seen in print." in text
    forget()
    assert differences(read_snapshot(known=before.known), before) == []
    assert read_snapshot().recommendations != before.recommendations or model is RecommendationLink


def test_a_code_is_permanent_here_too(recommended):
    with pytest.raises(Exception, match="A code is permanent"):
        amendment(Recommendation.objects.get(code=WATER), {"code": "A-HRC-99-6-28.9"}, "Better.")


ROWS = """[[recommendation]]
code = "A-HRC-99-6-28.1"
state = "Vellmark"
mechanism = "upr"
body = "lake-council"
symbol = "A/HRC/99/6"
paragraph = "28.1"
published = 2027-03-02
published_precision = "day"
text = "Bring piped water to every village home."
recommended_by = ["Osmarra"]
norms = ["LAKES-3"]
source = "valley-post-2025"
"""
LINKS = """[[recommendation_link]]
code = "I.1.1a-A-HRC-99-6-28.1"
commitment = "I.1.1a"
recommendation = "A-HRC-99-6-28.1"
rationale = "Both are about water in village homes."
"""


@pytest.mark.both_databases
def test_seed_files_load_and_are_written_back_byte_for_byte(db, folder, tmp_path):
    files = {"recommendations.toml": ROWS, "recommendation-links.toml": LINKS}
    heads = {
        "recommendations.toml": "# What United Nations mechanisms recommended to the State, and what it replied.\n\n",
        "recommendation-links.toml": "# Links from promises to recommendations: editorial, each with a line "
        "that says why.\n\n",
    }
    for name, text in files.items():
        (folder / name).write_text(heads[name] + text, encoding="utf-8")
    load_folder(folder)
    assert Recommendation.objects.get().links.get().commitment.code == "I.1.1a"
    call_command("dump_plan", "vellmark-2030", str(tmp_path / "written"), verbosity=0)
    for name, text in files.items():
        assert (tmp_path / "written" / name).read_text(encoding="utf-8") == heads[name] + text
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}


def test_those_of_the_real_plan_have_symbol_paragraph_source_and_two_sides_of_each_link():
    rows, links = (
        tomllib.loads((CHINA / f"{name}.toml").read_text(encoding="utf-8"))[key]
        for name, key in (("recommendations", "recommendation"), ("recommendation-links", "recommendation_link"))
    )
    assert all(row["symbol"] and row["paragraph"] and row["source"] and "reply" not in row for row in rows)
    assert {each["recommendation"] for each in links} <= {row["code"] for row in rows}
    assert len({each["rationale"] for each in links}) == len(links)


def test_staff_write_one_in_the_admin_and_it_is_in_preparation(client, vellmark, edith, signed_in):
    staff = signed_in(edith)
    form = page_of(staff, "/admin/tracker/recommendation/add/")
    assert "In a review by States: who recommends it, one on each line." in words_of(form)
    sent = {
        "state": "Vellmark",
        "mechanism": "upr",
        "body": Body.objects.get(code="lake-council").pk,
        "recommended_by": "Osmarra\nBrumas",
        "symbol": "A/HRC/99/6",
        "paragraph": "28.7",
        "published": "2027-03",
        "source": Source.objects.get(code="valley-post-2025").pk,
        "text": "Bring piped water to every village home.",
        "themes": "water",
    }
    response = staff.post("/admin/tracker/recommendation/add/", sent)
    assert response.status_code == 302, words_of(response.content.decode())
    record = Recommendation.everything.get()
    assert record.preparation is not None
    assert (record.code, record.recommended_by) == ("A-HRC-99-6-28.7", ["Osmarra", "Brumas"])
    assert (str(record.published), record.published_precision) == ("2027-03-01", "month")
    assert client.get(f"{LIST}{record.code}/").status_code == 404
    assert words_of(page_of(staff, f"/desk/preparations/{record.preparation_id}/")).count("28.7") >= 1
