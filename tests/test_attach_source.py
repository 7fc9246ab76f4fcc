"""attach_source: a plan's text is cut into passages, tied to its quotes and shown around them; others are refused."""

import datetime
import io
import re

import pytest
from django.core.management import CommandError, call_command

from tracker.ledger import log
from tracker.loader import attach as attaching
from tracker.models import AttachedText, LedgerEntry, Passage
from tracker.snapshot.cache import read_snapshot
from tracker.text.plain import marked_quotes, span_of_quote

from .conftest import CHINA_PAPER, CHINA_TEXT, VELLMARK_PAPER, VELLMARK_TEXT
from .reading import page_of, part

TEXT = VELLMARK_TEXT.read_text(encoding="utf-8")
UNQUOTED = "The 1998 Well Charter stays in force."  # stands in I.1.1 and is no promise
WATER = "/vellmark-2030/provisions/I.1.1/"


@pytest.fixture
def attach(tmp_path, vellmark):
    """What the command says of a text, or of bytes."""

    def run(text=TEXT, **options):
        file = tmp_path / "plan.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        out = io.StringIO()
        call_command("attach_source", str(file), stdout=out, **options)
        return out.getvalue().splitlines()

    return run


def nothing_is_attached():
    """Neither a text nor a passage nor an entry of the log."""
    entries = LedgerEntry.objects.filter(action="attach").count()
    return (AttachedText.objects.count(), Passage.objects.count(), entries) == (0, 0, 0)


@pytest.mark.both_databases
def test_every_quote_and_every_paragraph_of_the_plan_is_tied_to_its_passage(attach):
    output = attach()
    assert output[:2] == [
        "14 of 14 quotes stand in their paragraphs, to the letter.",
        "11 of 11 paragraphs have a passage.",
    ]
    text = AttachedText.objects.get()
    assert output[2:] == [f"Attached: SHA-256 {text.sha256}."]
    assert Passage.objects.get(code="I.1.1").text.startswith("Wells and pipes. Vellmark will bring piped water")
    assert text.entry == LedgerEntry.objects.get(action="attach", subject="plan vellmark-2030")


@pytest.mark.both_databases
def test_the_same_text_once_more_changes_nothing(attach):
    attach()
    head = LedgerEntry.objects.head()
    passages = list(Passage.objects.values_list("pk", flat=True))
    assert attach()[-1].startswith("Unchanged: SHA-256 ")
    assert LedgerEntry.objects.head() == head
    assert list(Passage.objects.values_list("pk", flat=True)) == passages


@pytest.mark.both_databases
def test_a_newer_edition_takes_its_place_and_the_log_says_so(attach):
    attach()
    before = AttachedText.objects.get()
    attach(TEXT.replace(UNQUOTED, "The Well Charter of 1998 stays in force."))
    after = AttachedText.objects.get()
    assert after.sha256 != before.sha256
    assert f'"replaces":"{before.sha256}"' in after.entry.body.text
    assert Passage.objects.count() == 11
    assert "The Well Charter of 1998" in Passage.objects.get(code="I.1.1").text


@pytest.mark.parametrize(
    "variant",
    [
        "\ufeff" + TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n\n", "\n\n\f"),
        TEXT.replace("'", "’").replace(" water", "\u00a0water"),
        TEXT.encode("utf-16"),
    ],
    ids=["byte order mark", "line ends of Windows", "form feeds", "typographic", "UTF-16"],
)
def test_a_text_typed_another_way_is_the_same_text(attach, variant):
    assert attach(variant)[0] == "14 of 14 quotes stand in their paragraphs, to the letter."


def test_a_quote_that_stands_nowhere_is_reported_and_the_rest_attached(attach, client):
    output = attach(TEXT.replace("deep wells", "decp wells"))
    assert output[0] == "13 of 14 quotes stand in their paragraphs, to the letter."
    assert "Commitments whose quote stands nowhere in its paragraph: I.1.1b" in output
    assert AttachedText.objects.get().missing == ["I.1.1b"]
    assert "Not to the letter in the attached text: I.1.1b" in part(page_of(client, WATER), "words")
    assert "Not to the letter" not in page_of(client, "/vellmark-2030/commitments/I.1.1a/")


def test_a_paragraph_that_is_gone_is_reported_with_its_promises(attach, client):
    output = attach(TEXT.replace("- Submitting its second report to the Lake Council.\n", "- Singing.\n"))
    assert "Paragraphs without a passage: II.1" in output
    assert "Commitments whose quote stands nowhere in its paragraph: II.1a" in output
    assert 'id="words"' not in page_of(client, "/vellmark-2030/provisions/II.1/")


def test_a_paragraph_under_another_number_is_found_by_its_quotes(attach):
    output = attach(TEXT.replace("– **Jobs.**", "– Something new is said first.\n\n– **Jobs.**"))
    assert output[0] == "14 of 14 quotes stand in their paragraphs, to the letter."
    assert "Found under another number: I.2.1 as I.2.2, I.2.2 as I.2.3" in output
    assert Passage.objects.get(code="I.2.1").text.startswith("Jobs.")


HEAD, BODY = TEXT.split("Compiled by", 1)
GERMAN = re.sub(r"\b(?:the|of|to|in|be|will|Vellmark)\b", "und", BODY).replace("about", "etwa")
REFUSED = {
    "empty": (" \n\n", "is empty."),
    "NUL characters": (TEXT + "\0", "holds the control character U+0000"),
    "another control character": (TEXT.replace("Water", "Wa\x08ter"), "holds the control character U+0008"),
    "two encodings": (TEXT.encode() + "\nWählen.\n".encode() + "Wählen.\n".encode("cp1252"), "in another encoding"),
    "no PDF": (b"%PDF-1.7\n" + TEXT.encode(), "is broken"),
    "50 MB": (b"a" * (50 * 2**20), "is larger than 20 MB"),
    "another document": ("Dear Sir,\n\nYours faithfully", "cannot be cut into paragraphs: No chapters"),
    "noise": (HEAD + "Compiled by" + re.sub(r"(?<=[a-z])[aeo](?=[a-z])", "c", BODY), "Only 0 of 14 quotes"),
    "another language": (HEAD + "Compiled by" + GERMAN, "it is another document, another edition, in another language"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_the_plans_text_is_refused_with_a_sentence_and_changes_nothing(attach, name):
    text, sentence = REFUSED[name]
    with pytest.raises(CommandError, match=re.escape(sentence)):
        attach(text)
    assert nothing_is_attached()


@pytest.mark.both_databases
def test_a_refused_text_leaves_the_one_before_it(attach):
    attach()
    with pytest.raises(CommandError, match="is empty"):
        attach("")
    assert Passage.objects.count() == 11


def test_a_file_and_a_plan_that_are_not_there_are_refused(vellmark, tmp_path):
    with pytest.raises(CommandError, match=r"none\.txt cannot be read: No such file"):
        call_command("attach_source", str(tmp_path / "none.txt"))
    with pytest.raises(CommandError, match="There is no plan atlantis"):
        call_command("attach_source", str(VELLMARK_TEXT), plan="atlantis")


def test_a_passage_longer_than_a_paragraph_is_not_kept(attach, monkeypatch):
    monkeypatch.setattr(attaching, "LONGEST", 280)
    output = attach()
    assert "Paragraphs without a passage: I.1.1" in output
    assert Passage.objects.count() == 10


def test_the_page_of_a_paragraph_shows_it_with_its_quotes_marked(attach, client):
    assert 'id="words"' not in page_of(client, WATER)
    attach()
    page = page_of(client, WATER)
    assert re.findall(r"<mark>(.*?)</mark>", page) == [
        "bring piped water to 88 percent or more of village homes",
        "about 15 deep wells",
        "three of them in the north",
        "A water law will be enacted",
        "forbidden to cut off water from homes with children",
    ]
    text = part(page, "words")
    assert UNQUOTED in text
    assert "Words of Chancery of Vellmark: Rights Programme of Vellmark (2026-2030), from a text" in text
    assert AttachedText.objects.get().sha256[:12] in text
    assert "files and API do not carry it" in text


def test_the_page_of_a_promise_shows_its_paragraph_with_its_own_quote_marked(attach, client):
    attach()
    page = page_of(client, "/vellmark-2030/commitments/I.1.1d/")
    assert re.findall(r"<mark>(.*?)</mark>", page) == ["A water law will be enacted"]
    assert '<blockquote class="passage" lang="en">' in page
    assert UNQUOTED in page


def test_coverage_shows_the_paragraphs_of_one_right_and_never_of_the_whole_plan(attach, client):
    attach()
    assert "<mark>" not in page_of(client, "/vellmark-2030/coverage/")
    page = page_of(client, "/vellmark-2030/coverage/?category=I.1")
    assert UNQUOTED in page
    assert "Unemployment" not in "".join(re.findall(r"<blockquote.*?</blockquote>", page, re.S))


@pytest.mark.both_databases
def test_a_page_asks_one_more_question_and_only_where_a_text_is_attached(attach, client, django_assert_num_queries):
    addresses = (WATER, "/vellmark-2030/commitments/I.1.1d/", "/vellmark-2030/coverage/?category=I")
    for address in addresses:
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)
    attach()
    client.get(WATER)
    for address in addresses:
        with django_assert_num_queries(2):
            client.get(address)
    with django_assert_num_queries(1):
        client.get("/vellmark-2030/coverage/")


@pytest.mark.both_databases
def test_a_page_of_a_day_before_it_was_attached_shows_none(attach):
    before = LedgerEntry.objects.head()
    attach()
    assert read_snapshot(known=before).passages("vellmark-2030", ["I.1.1"]) == {}
    assert read_snapshot().passages("vellmark-2030", ["I.1.1"])
    assert read_snapshot().attachment("vellmark-2030").day <= datetime.date.today()


def test_neither_the_log_nor_files_nor_the_api_carry_the_text(attach, client, tmp_path):
    attach()
    call_command("export_public", str(tmp_path / "out"), verbosity=0)
    files = [file for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert len(files) > 5
    assert [file.name for file in files if "Well Charter" in file.read_text(encoding="utf-8", errors="replace")] == []
    assert "Well Charter" not in "".join(log.lines())
    for address in ("/api/v1/provisions/?plan=vellmark-2030", "/api/v1/commitments/?plan=vellmark-2030"):
        assert "Well Charter" not in page_of(client, address)


@pytest.mark.both_databases
def test_the_log_verifies_and_finds_a_passage_that_was_changed_behind_its_back(attach):
    attach()
    call_command("verify_ledger", stdout=io.StringIO())
    Passage.objects.filter(code="I.1.1").update(text="Other words.")
    err = io.StringIO()
    with pytest.raises(CommandError, match="1 rows are not what the log says"):
        call_command("verify_ledger", stdout=io.StringIO(), stderr=err)
    assert "The text attached to vellmark-2030 is not what entry" in err.getvalue()


def test_the_real_text_holds_every_quote_of_the_real_plan(china, client):
    if not CHINA_TEXT.exists():
        pytest.skip(f"{CHINA_TEXT} is not there: the text of the real plan is not part of the repository")
    out = io.StringIO()
    call_command("attach_source", str(CHINA_TEXT), stdout=out)
    first, second, _last = out.getvalue().splitlines()
    found, quotes = re.fullmatch(r"(\d+) of (\d+) quotes stand in their paragraphs, to the letter\.", first).groups()
    assert found == quotes
    assert second == "235 of 235 paragraphs have a passage."
    assert "<mark>" in page_of(client, "/hrap-2021-2025/provisions/I.1.4/")


REPORT = VELLMARK_PAPER.read_text(encoding="utf-8")
WELLS = "/vellmark-2030/baseline/wells-in-use-2025/"


@pytest.mark.both_databases
def test_what_the_baseline_was_taken_from_is_tied_to_its_records_beside_the_plans_own_text(attach, client):
    attach()
    output = attach(REPORT, source="look-back-2025")
    assert output[0] == "6 of 6 quotes stand in their paragraphs, to the letter."
    assert output[1] == "3 of 3 paragraphs have a passage."
    assert LedgerEntry.objects.filter(action="attach", subject="source look-back-2025").count() == 1
    assert read_snapshot().passages("vellmark-2030", ["I.1"], "look-back-2025").keys() == {"I.1"}
    assert read_snapshot().passages("vellmark-2030", ["I.1.1"]).keys() == {"I.1.1"}
    assert attach(REPORT, source="look-back-2025")[-1].startswith("Unchanged: SHA-256 ")


def test_the_page_of_a_record_shows_its_paragraph_with_its_own_quote_marked(attach, client):
    assert "<mark>" not in page_of(client, WELLS)
    attach(REPORT, source="look-back-2025")
    page = page_of(client, WELLS)
    assert re.findall(r"<mark>(.*?)</mark>", page) == ["more than 400 wells were in use"]
    assert AttachedText.objects.get().sha256[:12] in page


def test_a_record_whose_quote_stands_nowhere_is_named(attach, client):
    output = attach(REPORT.replace("more than 400 wells", "more than 4OO wells"), source="look-back-2025")
    assert "Records of the baseline whose quote stands nowhere in its paragraph: wells-in-use-2025" in output
    page = page_of(client, WELLS)
    assert "<mark>" not in page
    assert "Not to the letter in the attached text: wells-in-use-2025" in page


@pytest.mark.parametrize(
    ("text", "source", "sentence"),
    [
        (REPORT, "atlantis-times", "There is no source atlantis-times."),
        (REPORT, "valley-post-2025", "No quote of vellmark-2030 is from valley-post-2025."),
        (TEXT, "look-back-2025", "Nothing was attached."),
        (REPORT, None, "Only 0 of 14 quotes of vellmark-2030 stand in"),
        ("Dear Sir,\n\nYours faithfully", "look-back-2025", "cannot be cut into paragraphs: No chapters"),
    ],
)
def test_what_is_not_that_document_is_refused_with_a_sentence(attach, text, source, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        attach(text, source=source)
    assert nothing_is_attached()


@pytest.mark.both_databases
def test_the_log_finds_a_passage_of_a_source_that_was_changed_behind_its_back(attach):
    attach(REPORT, source="look-back-2025")
    Passage.objects.filter(code="I.1").update(text="Other words.")
    err = io.StringIO()
    with pytest.raises(CommandError, match="1 rows are not what the log says"):
        call_command("verify_ledger", stdout=io.StringIO(), stderr=err)
    assert "The text of look-back-2025 attached to vellmark-2030 is not what entry" in err.getvalue()


def test_the_real_paper_holds_every_quote_of_the_real_baseline(china):
    if not CHINA_PAPER.exists():
        pytest.skip(f"{CHINA_PAPER} is not there: the text of the real paper is not part of the repository")
    out = io.StringIO()
    call_command("attach_source", str(CHINA_PAPER), source="white-paper-2017", stdout=out)
    assert out.getvalue().splitlines()[0] == "424 of 424 quotes stand in their paragraphs, to the letter."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("a well", "a well"),
        ("a wel", None),
        ('the "old" well', "the “old” well"),
        ("Wages will rise", None),
        ("north - south", "north – south"),
        ("A WELL", None),
    ],
)
def test_words_stand_in_a_text_whole_and_however_they_are_typed(words, found):
    text = "There is a well. See the “old” well; Wages¹ will rise, north – south."
    at = span_of_quote(words, text)
    assert (text[slice(*at)] if at else None) == found


def test_quotes_that_overlap_or_touch_are_marked_once():
    text = "one two three four five"
    assert marked_quotes(text, ["two three", "three four", "absent"]) == [
        ("one ", False),
        ("two three four", True),
        (" five", False),
    ]
    assert marked_quotes(text, ["two", "two"]) == [("one ", False), ("two", True), (" three four five", False)]
    assert marked_quotes(text, ["one two three four five"]) == [(text, True)]
    assert marked_quotes(text, []) == [(text, False)]
    assert "".join(piece for piece, _quoted in marked_quotes(text, ["one", "five"])) == text
