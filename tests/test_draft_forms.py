"""The forms in which staff record: what they say is to be mended, what they fill in, and what they remember."""

import re

import pytest

from tracker.admin.fields import CitationsField
from tracker.models import Plan, Update

from . import drafts
from .factories import BaselineFigureFactory
from .forms import evidence_form, value_form
from .test_admin import Fields
from .test_review import ADD, VALUE, address, page

pytestmark = pytest.mark.django_db
FINDING = "/admin/tracker/assessment/add/"
SEARCH = f"{ADD}?what=search&commitment=vellmark-2030/I.2.2a"


@pytest.fixture
def editor(vellmark, edith, signed_in):
    """The browser of the editor."""
    return signed_in(edith)


def to_mend(answer):
    """What the top of a form says is to be mended or lacks: each sentence with the address of its field."""
    html = answer.content.decode()
    lines = re.findall(r'<li class="error">(?:<a href="#([^"]+)">[^<]*</a>:)? *([^<]+)</li>', html)
    for at, _sentence in lines:
        assert not at or f'id="{at}"' in html, at
    return {at: sentence.strip() for at, sentence in lines}


def ticked(answer):
    """Which questions a form asks, and which of them are answered."""
    boxes = re.findall(r'name="meant" value="([^"]+)"\s+aria-describedby="[^"]+"( checked)?', answer.content.decode())
    return {key: bool(checked) for key, checked in boxes}


@pytest.mark.parametrize(
    ("at", "sent", "place"),
    [
        (VALUE, {"as_of": "03/04/2026"}, "id_as_of"),
        (VALUE, {"as_of": "2090", "_submit": "1"}, "id_as_of"),
        (VALUE, {"origin": "", "_submit": "1"}, "id_origin"),
        (VALUE, {"evidence-TOTAL_FORMS": 0, "_submit": "1"}, "evidence-group"),
        (VALUE, {"evidence-0-new_title": "Both", "evidence-0-new_publisher": "chancery"}, "id_evidence-0-source"),
        (VALUE, {"starts_on": "2027-01-01"}, "id_starts_on"),
        (SEARCH, {"commitment": "I.2.2a", "reach": "", "_submit": "1"}, "id_reach_0"),
        (FINDING, {"commitment": "I.1.1e", "category": "I.1", "says": "notes"}, "id_category"),
    ],
)
def test_what_is_to_be_mended_is_named_at_the_top_with_a_link_to_its_field(editor, at, sent, place):
    answer = editor.post(at, value_form() | sent)
    assert place in to_mend(answer)
    words = page(answer)
    assert words.count(to_mend(answer)[place].replace("&#x27;", "'")[:40]) >= (1 if "evidence-0" in place else 2)
    assert Update.objects.count() == 0


def test_the_forms_of_the_registry_name_the_field_too(vellmark, adam, signed_in):
    answer = signed_in(adam).post("/admin/tracker/source/add/", {"title": "Gauges", "publisher": drafts.body().pk})
    assert to_mend(answer)["id_address"].startswith("A source has an address")


def test_a_preview_and_a_draft_say_what_they_lack_before_they_are_handed_in(editor):
    sent = value_form(as_of="2090", origin="", summary="Too early.")
    answer = editor.post(VALUE, sent | {"_preview": "1"})
    assert to_mend(answer).keys() == {"id_as_of", "id_origin"}
    assert "Before it can be handed in" in page(answer)
    editor.post(VALUE, sent)
    assert to_mend(editor.get(address(Update.objects.get()))).keys() == {"id_as_of", "id_origin"}


@pytest.mark.slow
def test_an_answer_is_kept_with_the_draft_until_what_it_was_asked_about_changes(editor, edith, rana):
    drafts.published(drafts.value(81, "2025-12-31"), edith, rana)
    far = value_form("9290", evidence=())
    key = next(each for each in ticked(editor.post(VALUE, far | {"_preview": "1"})) if each.startswith("percent"))
    questions = ticked(editor.post(VALUE, far | {"_submit": "1"}))
    assert not any(questions.values())
    editor.post(VALUE, far | {"meant": list(questions)})
    draft = Update.objects.order_by("-pk")[0]
    opened = editor.get(address(draft))
    assert ticked(opened) == dict.fromkeys(questions, True)
    sent = Fields(opened).sent
    other = ticked(editor.post(address(draft), sent | {"value": "9291", "meant": list(questions), "_preview": "1"}))
    assert key not in other
    assert not any(other.values())
    editor.post(address(draft), sent | {"meant": [each for each in questions if each != key]})
    draft.refresh_from_db()
    assert ticked(editor.get(address(draft)))[key] is False
    editor.post(address(draft), Fields(editor.get(address(draft))).sent | {"meant": list(questions)})
    draft.refresh_from_db()
    # Handed in by the button of a list, where nobody is asked again.
    listed = {"action": "submit_selected", "_selected_action": [draft.pk], f"seen-update-{draft.pk}": draft.version}
    editor.post("/admin/tracker/update/", listed)
    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_the_summary_of_a_search_is_made_of_its_fields(editor):
    sent = {"commitment": "I.2.2a", "as_of": "2026-05-03", "reach": "limited", "places": "the gazette."}
    assert editor.post(SEARCH, sent | {"words": "lake", **evidence_form()}).status_code == 302
    assert Update.objects.get().summary == (
        "Looked for on 3 May 2026, and nothing was found. Places: the gazette. Words: lake."
    )


@pytest.mark.slow
def test_what_the_same_person_has_on_its_way_of_the_same_is_offered(editor, edith):
    assert "on its way" not in page(editor.get(VALUE))
    editor.post(VALUE, value_form())
    draft = Update.objects.get()
    assert "what is saved here becomes another: 81.5 percent, 30 June 2026 (draft)" in page(editor.get(VALUE))
    assert f'href="{address(draft)}"' in editor.get(VALUE).content.decode()
    assert "on its way" not in page(editor.get(address(draft)))
    editor.post(VALUE, value_form(value="82", as_of="2026-03-31"))
    assert "You have this on its way as well, about the same: 82 percent" in page(editor.get(address(draft)))


def test_a_form_that_does_not_fit_its_promise_says_what_does(editor):
    words = page(editor.get(f"{ADD}?what=value&commitment=vellmark-2030/I.2.2a"))
    assert "is not answered by a value. What can be recorded of it: A judgement against the test" in words
    assert "is not answered by" not in page(editor.get(f"{ADD}?what=search&commitment=vellmark-2030/I.2.2a"))


def test_one_match_says_once_what_can_be_recorded(editor):
    html = editor.get(f"{ADD}?q=I.1.1d").content.decode()
    assert html.count("A stage reached</a>") == 1
    assert editor.get(ADD).content.decode().count("A stage reached</a>") == 1


def test_a_form_names_units_beside_it_and_what_handing_in_needs(editor, edith, rana):
    drafts.published(drafts.value(81, "2025-12-31"), edith, rana)
    assert "Last on record: 81 percent," in page(editor.get(f"{ADD}?what=search&commitment=vellmark-2030/I.1.1a"))
    assert "Whose finding (required to hand in)" in page(editor.get(FINDING))


def test_the_enter_key_previews_and_the_first_button_hands_in(editor):
    form = editor.get(VALUE).content.decode().split('id="update_form"')[1]
    pressed = re.findall(r'<button type="submit" name="(\w+)"', form)
    assert pressed == ["_preview", "_more", "_submit", "_preview", "_save"]


def test_a_text_of_limited_length_says_how_long_it_may_be(editor):
    html = editor.get(VALUE).content.decode()
    assert re.search(r'name="as_published"[^>]*data-most="120"', html)
    assert "120 characters at most." in page(editor.get(VALUE))


def test_the_citations_of_a_figure_are_lines(vellmark, adam, signed_in):
    field, two = CitationsField(), "look-back-2025 | I.1\nvalley-post-2025 | 3 | many homes | wording"
    figure = BaselineFigureFactory(plan=Plan.objects.get())
    rows = field.to_python(two)
    assert rows[0] == {"source": "look-back-2025", "place": "I.1"}
    assert rows[1] == {"source": "valley-post-2025", "place": "3", "said": "many homes", "differs": "wording"}
    assert field.prepare_value(rows) == two
    at = f"/admin/tracker/baselinefigure/{figure.pk}/change/"
    browser = signed_in(adam)
    shown = Fields(browser.get(at)).sent
    assert shown["citations"] == f"{figure.source.code} | {figure.place}"
    for wrong, sentence in (("look-back-2025", "is not “source | place”"), ("atlantis | 1", "No source has the code")):
        assert sentence in page(browser.post(at, shown | {"citations": wrong, "reason": "Two places."}))
    answer = browser.post(at, shown | {"citations": f"{shown['citations']}\n{two}", "reason": "Two places."})
    assert answer.status_code == 302, to_mend(answer)
    assert len(Update.objects.get().changes["citations"][1]) == 3
