"""A plan from its text in the browser: the file, its cut, rights and paragraphs made of it, words made a promise."""

import re
from urllib.parse import parse_qs, urlparse

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from tracker.actions import fromtext
from tracker.actions.errors import Conflict
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
    publisher = {"publisher": Body.everything.get(preparation=bundle).pk}
    add(editor, "plan", bundle.pk, code="vellmark-2040", state="Vellmark", **names, **days, **publisher)
    return editor, bundle, f"/desk/preparations/{bundle.pk}/text/"


def send(editor, at, content=None, name="plan.txt"):
    file = SimpleUploadedFile(name, VELLMARK_TEXT.read_bytes() if content is None else content)
    return editor.post(at, {"file": file}, follow=True)


def make(editor, at):
    version = PlanText.objects.get().version
    return editor.post(f"{at}make/", {"text-version": version}, follow=True)


@pytest.mark.slow
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
    fields = parse_qs(urlparse(address.replace("&amp;", "&")).query)
    assert fields["quote"] == ["piped water to 88 percent or more of village homes"]
    assert (fields["kind"], fields["comparator"], fields["target_value"]) == (["quantity"], ["≥"], ["88"])
    assert fields["deadline"] == ["2030-12-31"]
    sent = Fields(editor.get(address.replace("&amp;", "&"))).sent
    assert sent["quote"] == fields["quote"][0]
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
    assert (promise.code, promise.quote) == ("I.1.1a", fields["quote"][0])

    # What is left is said until nothing is.
    left = words_of(editor.get(f"/desk/preparations/{bundle.pk}/").content.decode())
    assert "paragraphs without a promise:" in left
    shown = words_of(editor.get(f"{at}I.1.1/").content.decode())
    assert "“15” is neither a target nor set aside." in shown
    text = PlanText.objects.get()
    aside = {"figure": "15", "reason": "a number of wells without a test", "version": text.version}
    assert editor.post(f"{at}I.1.1/", aside).status_code == 302
    (year,) = re.findall(r'name="figure" value="(1[^"]*)"', editor.get(f"{at}I.1.1/").content.decode())
    sent = {"figure": year, "reason": "year of a charter", "version": PlanText.objects.get().version}
    assert editor.post(f"{at}I.1.1/", sent).status_code == 302
    assert "“15” is neither" not in words_of(editor.get(f"{at}I.1.1/").content.decode())
    aside = [f"15: {aside['reason']}", "1998: year of a charter"]
    assert Provision.everything.get(preparation=bundle, code="I.1.1").other_figures == aside


def test_words_that_stand_nowhere_are_told(begun):
    editor, _bundle, at = begun
    send(editor, at)
    make(editor, at)
    words = words_of(editor.get(f"{at}I.1.1/", {"words": "free beer for all"}).content.decode())
    assert "These words do not stand in the paragraph to the letter." in words


@pytest.mark.slow
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


def test_a_file_of_which_not_all_is_taken_in_is_too_large_and_not_broken(begun):
    editor, _bundle, at = begun
    refused = send(editor, at, b"%PDF-1.7" + b" " * 11 * 2**20, "plan.pdf")
    assert (refused.status_code, "The file is larger than 10 MB." in words_of(refused.content.decode())) == (400, True)
    assert "At most 10 MB." in words_of(editor.get(at).content.decode())


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


@pytest.mark.slow
def test_pages_cost_few_questions_and_more_rights_and_paragraphs_no_more(begun, django_assert_num_queries):
    editor, bundle, at = begun
    send(editor, at)
    make(editor, at)
    here = f"/desk/preparations/{bundle.pk}/"
    costs = {at: 17, f"{at}lines/": 11, f"{at}I.1.1/": 14, here: 32}
    more = b"".join(b"\n\n%d. Part %d\n\n- Holding %d fairs.\n" % (n, n, n) for n in range(1, 9))
    for text in (None, VELLMARK_TEXT.read_bytes() + b"\n\nIII. More Life\n" + more):
        send(editor, at, text)
        make(editor, at)
        for address, queries in costs.items():
            editor.get(address)
            with django_assert_num_queries(queries):
                editor.get(address)
    assert Category.everything.filter(preparation=bundle).count() == 13


def version():
    return PlanText.objects.get().version


def decided(editor, address, **sent):
    return editor.post(address, {"version": version(), **sent})


@pytest.mark.slow
def test_a_paragraph_that_promises_nothing_says_why_and_is_asked_about_no_more(begun):
    editor, bundle, at = begun
    send(editor, at)
    make(editor, at)
    here = f"/desk/preparations/{bundle.pk}/"
    assert re.search(r"paragraphs without a promise: .*I\.2\.2", words_of(editor.get(here).content.decode()))
    assert decided(editor, f"{at}I.2.2/", step="nothing", reason="").status_code == 409
    assert decided(editor, f"{at}I.2.2/", step="nothing", reason="it repeats I.2.1").status_code == 302
    shown = words_of(editor.get(f"{at}I.2.2/").content.decode())
    assert "None: it promises nothing, because it repeats I.2.1." in shown
    assert not re.search(r"without a promise: [^:]*I\.2\.2", words_of(editor.get(here).content.decode()))
    decided(editor, f"{at}I.2.2/", step="something")
    assert PlanText.objects.get().nothing == {}


@pytest.mark.both_databases
def test_a_figure_is_set_aside_in_text_and_record_or_in_neither(begun, monkeypatch):
    editor, bundle, at = begun
    send(editor, at)
    make(editor, at)
    stale = editor.post(f"{at}I.1.1/", {"figure": "15", "reason": "a number of wells", "version": 99})
    assert stale.status_code == 409
    assert 'value="a number of wells"' in stale.content.decode()  # nothing typed is lost

    def refuse(**_given):
        raise Conflict("Somebody was quicker.")

    with monkeypatch.context() as patch:
        patch.setattr(fromtext, "change", refuse)
        assert decided(editor, f"{at}I.1.1/", figure="15", reason="a number of wells").status_code == 409
    assert PlanText.objects.get().aside == {}
    decided(editor, f"{at}I.1.1/", figure="15", reason="a number of wells")
    assert PlanText.objects.get().aside == {"I.1.1": ["15: a number of wells"]}
    assert decided(editor, f"{at}I.1.1/", step="ask", line="16: no").status_code == 409
    decided(editor, f"{at}I.1.1/", step="ask", line="15: a number of wells")
    assert PlanText.objects.get().aside == {}
    assert Provision.everything.get(preparation=bundle, code="I.1.1").other_figures == []


def test_suggestions_are_marked_in_the_text_and_words_must_stand_there_once_and_be_few(begun):
    editor, _bundle, at = begun
    content = VELLMARK_TEXT.read_bytes().replace(
        b"Advice for job seekers will be improved.", b"Good advice, and good advice again."
    )
    send(editor, at, content)
    make(editor, at)
    page_of_it = editor.get(f"{at}I.1.1/").content.decode()
    marked = re.findall(r'<mark\s+class="free" data-n="([\d, ]+)"\s*>([^<]*)</mark>', page_of_it)
    listed = re.findall(r'<li id="suggestion-(\d+)">\s*<blockquote[^>]*>([^<]*)<', page_of_it)
    assert [(n, words) for numbers, words in marked for n in numbers.split(", ")] == listed
    assert len(marked) < len(listed)  # where several figures stand in one run
    text = re.search(r'id="plan-text"[^>]*>(.*?)</blockquote>', page_of_it, re.DOTALL)[1]
    assert "dig about 15 deep wells, three of them in the north" in re.sub(r"<[^>]*>", "", text)
    assert "Make it a promise" in editor.get(f"{at}I.2.2/", {"words": "good advice"}).content.decode()
    said = words_of(editor.get(f"{at}I.2.2/", {"words": "advice"}).content.decode())
    assert "These words stand in the paragraph 2 times: select a word more" in said
    assert "Make it a promise" not in said
    long = "Vellmark will bring piped water to 88 percent or more of village homes and dig about 15 deep wells, "
    long += "three of them in the north. A water law will be"
    said = words_of(editor.get(f"{at}I.1.1/", {"words": long}).content.decode())
    assert re.search(r"The quote has \d\d words; 25 are the most\.", said)
    assert "Make it a promise" not in said


def test_a_line_becomes_an_introduction_or_two_lines_and_keeps_what_it_was_said_to_be(begun):
    editor, bundle, at = begun
    send(editor, at)
    lines = [line["text"] for line in PlanText.objects.get().lines]
    n = next(n for n, line in enumerate(lines) if line.startswith("The 1998 Well"))
    answer = {f"is-{n}": "begins-intro", f"code-{n}": "I.1.9", f"at-{n}": "It is forbidden", "version": version()}
    assert editor.post(f"{at}lines/?from={n}", answer).status_code == 302
    cut = fromtext.cut_of(PlanText.objects.get()).by_code()
    assert (cut["I.1.9"].form, cut["I.1.9"].text) == ("intro", "The 1998 Well Charter stays in force.")
    assert cut["I.1.2"].text == "It is forbidden to cut off water from homes with children."
    shown = editor.get(f"{at}lines/?from={n}").content.decode()
    assert re.search(rf'name="is-{n}".*?value="begins-intro" selected', shown, re.DOTALL)
    chosen = dict(re.findall(r'name="(is-\d+)"(?:(?!</select>).)*value="([^"]+)" selected', shown, re.DOTALL))
    codes = dict(re.findall(r'name="(code-\d+)" value="([^"]+)"', shown))
    assert editor.post(f"{at}lines/?from={n}", chosen | codes | {"version": version()}).status_code == 302
    cut = fromtext.cut_of(PlanText.objects.get()).by_code()
    assert (cut["I.1.9"].form, cut["I.1.2"].text[:12]) == ("intro", "It is forbid")
    for words in ("It", "no such words", "The 1998"):
        refused = editor.post(f"{at}lines/?from={n}", {f"at-{n}": words, "version": version()})
        assert refused.status_code == 409
        assert f'value="{words}"' in refused.content.decode()
    make(editor, at)
    assert Provision.everything.get(preparation=bundle, code="I.1.9").form == "intro"


def test_what_cannot_be_made_of_a_cut_is_a_sentence_and_nothing_is_made(begun):
    editor, _bundle, at = begun
    send(editor, at)
    lines = [line["text"] for line in PlanText.objects.get().lines]
    n = next(n for n, line in enumerate(lines) if line.startswith("The 1998 Well"))
    editor.post(f"{at}lines/?from={n}", {f"is-{n}": "begins", f"code-{n}": "I.2.1", "version": version()})
    text = words_of(make(editor, at).content.decode())
    assert "I.2.1" in text
    assert not Provision.everything.exists()
    assert not Category.everything.exists()


def test_a_text_that_cannot_be_kept_is_refused_in_a_sentence(begun, monkeypatch):
    editor, _bundle, at = begun

    def refuse(**_given):
        raise ValidationError("It has more lines than a text may have.")

    monkeypatch.setattr("tracker.actions.plantext.store", refuse)
    assert "It has more lines than a text may have." in words_of(send(editor, at).content.decode())


@pytest.mark.slow
def test_a_metric_made_for_words_leads_back_to_them_and_is_chosen(begun):
    editor, bundle, at = begun
    send(editor, at)
    make(editor, at)
    words = "piped water to 88 percent or more of village homes"
    shown = editor.get(f"{at}I.1.1/", {"words": words}).content.decode()
    (address,) = re.findall(r'href="(/admin/tracker/metric/add/[^"]*)"', shown)
    address = address.replace("&amp;", "&")
    fields = Fields(editor.get(address)).sent
    assert (fields["unit"], fields["shape"]) == ("percent", "number")
    metric = {"name": "Piped water", "definition": "Homes with piped water.", "scope": "rural"}
    metric |= {"nature": "stock", "decimals": "0", "statistic": "The census."}
    saved = editor.post(address, fields | metric)
    assert saved.status_code == 302, page(saved)
    made = Metric.everything.get(preparation=bundle)
    back = editor.get(saved["Location"]).content.decode()
    (promise,) = re.findall(r'href="(/admin/tracker/commitment/add/[^"]*)"', back)
    assert parse_qs(urlparse(promise.replace("&amp;", "&")).query)["metric"] == [str(made.pk)]
    assert Fields(editor.get(promise.replace("&amp;", "&"))).sent["metric"] == str(made.pk)


@pytest.mark.slow
def test_what_is_left_is_said_where_it_is_handed_in_and_where_it_is_opened(begun, rana, signed_in):
    editor, bundle, at = begun
    send(editor, at)
    make(editor, at)
    here = f"/desk/preparations/{bundle.pk}/"
    left = r"\d+ things are left to do in the text, listed below"
    assert re.search(left, words_of(editor.get(here).content.decode()))
    Preparation.objects.filter(pk=bundle.pk).update(state="submitted", submitted_by=bundle.author)
    reviewer = signed_in(rana)
    assert re.search(left, words_of(reviewer.get(here).content.decode()))
    assert re.search(r"\d+ things are left to do in its text", words_of(reviewer.get(f"{here}open/").content.decode()))
