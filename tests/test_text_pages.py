"""A plan from its text in the browser: the file, its cut, rights and paragraphs made of it, words made a promise."""

import re
from urllib.parse import parse_qs, urlparse

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tracker.models import Body, Category, Commitment, Metric, PlanText, Preparation, Provision

from .conftest import VELLMARK_TEXT
from .reading import words_of
from .test_admin import Fields
from .test_preparation_pages import add, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(edith, signed_in, settings, tmp_path):
    """The editor's browser, a plan in preparation with its own line, and the address of its text."""
    settings.VAR = tmp_path  # a file that was sent lies under the number of its preparation, which others have too
    editor = signed_in(edith)
    editor.post("/desk/preparations/", {"code": "vellmark-2040"})
    bundle = Preparation.objects.get()
    whose = {"kind": "government", "side": "official", "state": "Vellmark", "name": "Chancery", "why": "It made it."}
    add(editor, "body", bundle.pk, **whose)
    names = {"title": "Rights Programme of Vellmark (2026-2030)", "short_title": "Vellmark", "language": "en"}
    days = {"published_on": "2026-02-03", "starts_on": "2026-01-01", "ends_on": "2030-12-31"}
    given = {"publisher": Body.everything.get(preparation=bundle).pk}
    add(editor, "plan", bundle.pk, code="vellmark-2040", state="Vellmark", **names, **days, **given)
    return editor, bundle, f"/desk/preparations/{bundle.pk}/text/"


def send(editor, at, content=None, name="plan.txt"):
    file = SimpleUploadedFile(name, VELLMARK_TEXT.read_bytes() if content is None else content)
    return editor.post(at, {"file": file}, follow=True)


def make(editor, at):
    version = PlanText.objects.get().version
    return editor.post(f"{at}make/", {"text-version": version}, follow=True)


def test_a_text_becomes_rights_paragraphs_and_promises(begun):
    editor, bundle, at = begun
    words = words_of(send(editor, at).content.decode())
    assert "2 chapters" in words
    assert "2 sections" in words
    assert "not made yet" in words
    assert make(editor, at).status_code == 200
    rights = list(Category.everything.filter(preparation=bundle).order_by("order").values_list("code", flat=True))
    assert rights == ["I", "I.1", "I.2", "II"]
    paragraphs = Provision.everything.filter(preparation=bundle)
    assert {"I.1.1", "I.2.1"} <= set(paragraphs.values_list("code", flat=True))
    assert "They are as this cut has them." in words_of(editor.get(at).content.decode())

    # Words of a paragraph become a promise whose form is filled in from them.
    one = editor.get(f"{at}I.1.1/", {"words": "piped water to 88 percent or more of village homes"})
    (address,) = re.findall(r'href="(/admin/tracker/commitment/add/[^"]*)"', one.content.decode())
    given = parse_qs(urlparse(address.replace("&amp;", "&")).query)
    assert given["quote"] == ["piped water to 88 percent or more of village homes"]
    assert (given["kind"], given["comparator"], given["target_value"]) == (["quantity"], ["≥"], ["88"])
    assert given["deadline"] == ["2030-12-31"]
    sent = Fields(editor.get(address.replace("&amp;", "&"))).sent
    assert sent["quote"] == given["quote"][0]
    assert sent["target_value"] == "88"
    metric = {"name": "Piped water", "definition": "Homes with piped water.", "scope": "rural", "shape": "number"}
    metric |= {"nature": "stock", "unit": "percent", "decimals": "0", "statistic": "The census."}
    add(editor, "metric", bundle.pk, **metric)
    number = Metric.everything.get(preparation=bundle).pk
    told = {"title": "Piped water in 88 percent or more", "test": "Kept if 88 or more.", "level": "outcome"}
    saved = editor.post(address.replace("&amp;", "&"), sent | told | {"metric": number})
    assert saved.status_code == 302, page(saved)
    assert saved["Location"] == f"{at}I.1.1/"
    promise = Commitment.everything.get(preparation=bundle)
    assert (promise.code, promise.quote) == ("I.1.1a", given["quote"][0])

    # What is left is said until nothing is.
    left = words_of(editor.get(f"/desk/preparations/{bundle.pk}/").content.decode())
    assert "paragraphs without a promise:" in left
    shown = words_of(editor.get(f"{at}I.1.1/").content.decode())
    assert "“15” is neither a target nor set aside." in shown
    text = PlanText.objects.get()
    aside = {"figure": "15", "reason": "a number of wells without a test", "version": text.version}
    assert editor.post(f"{at}I.1.1/", aside).status_code == 302
    assert "“15” is neither" not in words_of(editor.get(f"{at}I.1.1/").content.decode())
    assert Provision.everything.get(preparation=bundle, code="I.1.1").other_figures == [f"15: {aside['reason']}"]


def test_words_that_stand_nowhere_are_told(begun):
    editor, _bundle, at = begun
    send(editor, at)
    make(editor, at)
    words = words_of(editor.get(f"{at}I.1.1/", {"words": "free beer for all"}).content.decode())
    assert "These words do not stand in the paragraph to the letter." in words


def test_the_cut_is_put_right_line_by_line_and_what_is_made_of_it_follows(begun):
    editor, bundle, at = begun
    send(editor, at)
    make(editor, at)
    lines = PlanText.objects.get().lines
    n = next(n for n, line in enumerate(lines) if line["text"].startswith("The 1998 Well Charter"))
    shown = editor.get(f"{at}lines/?from={n}")
    assert "The 1998 Well Charter" in shown.content.decode()
    answer = {f"is-{n}": "begins", "version": PlanText.objects.get().version}
    assert editor.post(f"{at}lines/?from={n}", answer).status_code == 302
    assert "Added: I.1.2" in words_of(editor.get(at).content.decode())
    make(editor, at)
    assert Provision.everything.filter(preparation=bundle, code="I.1.2").exists()
    undone = {f"is-{n}": "", "version": PlanText.objects.get().version}
    editor.post(f"{at}lines/?from={n}", undone)
    make(editor, at)
    assert not Provision.everything.filter(preparation=bundle, code="I.1.2").exists()
    stale = editor.post(f"{at}lines/?from={n}", {f"is-{n}": "out", "version": 1})
    assert stale.status_code == 409
    assert "A colleague changed this text meanwhile" in stale.content.decode()


@pytest.mark.parametrize(
    ("what", "code", "sentence"),
    [
        ("begins", "x y", "Use letters and digits"),
        ("begins", "lines", "take another code"),
        ("begins", "9" * 41, "take another code"),
        ("", "I.9.9", "say what the line is, too"),
    ],
)
def test_a_code_that_no_address_can_have_is_refused_and_stays_in_its_box(begun, what, code, sentence):
    editor, _bundle, at = begun
    send(editor, at)
    n = next(n for n, line in enumerate(PlanText.objects.get().lines) if line["text"].startswith("The 1998 Well"))
    answer = {f"is-{n}": what, f"code-{n}": code, "version": PlanText.objects.get().version}
    refused = editor.post(f"{at}lines/?from={n}", answer)
    assert refused.status_code == 409
    assert sentence in refused.content.decode()
    assert f'value="{code}"' in refused.content.decode()
    assert PlanText.objects.get().corrections == []
    assert editor.get(at).status_code == 200


def test_only_a_figure_of_the_paragraph_is_set_aside(begun):
    editor, _bundle, at = begun
    send(editor, at)
    answer = {"figure": "abc", "reason": "a guess", "version": PlanText.objects.get().version}
    refused = editor.post(f"{at}I.1.1/", answer)
    assert refused.status_code == 409
    assert "no such figure that is still open" in refused.content.decode()
    assert PlanText.objects.get().aside == {}


def test_a_file_that_is_no_text_is_refused_in_a_sentence_and_keeps_the_one_before(begun):
    editor, _bundle, at = begun
    send(editor, at)
    words = words_of(send(editor, at, b"\x00\x01\x02" * 400, "plan.pdf").content.decode())
    assert "The last file was not read:" in words
    assert PlanText.objects.get().file_name == "plan.txt"


def test_readers_and_analysts_see_none_of_it(begun, anna, signed_in, client):
    editor, _bundle, at = begun
    send(editor, at)
    assert signed_in(anna).get(at).status_code == 403
    assert client.get(at).status_code == 302


def test_pages_cost_few_questions_and_more_rights_and_paragraphs_no_more(begun, django_assert_num_queries):
    editor, bundle, at = begun
    send(editor, at)
    make(editor, at)
    here = f"/desk/preparations/{bundle.pk}/"
    asked = {at: 17, f"{at}lines/": 11, f"{at}I.1.1/": 14, here: 30}
    more = b"".join(b"\n\n%d. Part %d\n\n- Holding %d fairs.\n" % (n, n, n) for n in range(1, 9))
    for text in (None, VELLMARK_TEXT.read_bytes() + b"\n\nIII. More Life\n" + more):
        send(editor, at, text)
        make(editor, at)
        for address, queries in asked.items():
            editor.get(address)
            with django_assert_num_queries(queries):
                editor.get(address)
    assert Category.everything.filter(preparation=bundle).count() == 13
