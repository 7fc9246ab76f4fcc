"""Cutting a plan's text into passages: the layouts that it understands, and what it says of those that it does not."""

import pytest

from tracker.loader.plan_text import PassageError, normalise, read_passages

from .conftest import CHINA_TEXT, VELLMARK_TEXT

OPENING = "The targets of the Programme are as follows:\n\n- Peace.\n\n"


def codes(text):
    """Code and form of each passage, in order."""
    return [(passage.code, passage.form) for passage in read_passages(text).values()]


def test_the_invented_plan_has_objectives_introductions_and_dashes():
    assert codes(VELLMARK_TEXT.read_text(encoding="utf-8")) == [
        ("O.1", "objective"),
        ("O.2", "objective"),
        ("I.0.0", "intro"),
        ("I.1.0", "intro"),
        ("I.1.1", "dash"),
        ("I.2.0", "intro"),
        ("I.2.1", "dash"),
        ("I.2.2", "dash"),
        ("II.0.0", "intro"),
        ("II.1", "dash"),
        ("II.2", "dash"),
    ]


def test_the_real_plan_has_187_dashes_41_introductions_and_7_objectives():
    if not CHINA_TEXT.exists():
        pytest.skip(f"{CHINA_TEXT} is not there: the text of the real plan is not part of the repository")
    forms = [form for _code, form in codes(CHINA_TEXT.read_text(encoding="utf-8"))]
    assert {form: forms.count(form) for form in forms} == {"objective": 7, "intro": 41, "dash": 187}


def test_a_bold_heading_stands_apart_from_the_text_of_its_dash():
    passage = read_passages(OPENING + "I. Water\n\n– **Wells and pipes.** Wells will be dug.\n")["I.1"]
    assert (passage.heading, passage.text) == ("Wells and pipes", "Wells will be dug.")
    assert passage.full_text == "Wells and pipes Wells will be dug."


@pytest.mark.parametrize("dash", ["-", "–"])
def test_a_plain_dash_has_no_heading(dash):
    passage = read_passages(OPENING + f"I. Water\n\n{dash} Wells will be dug.\n")["I.1"]
    assert (passage.heading, passage.text, passage.full_text) == ("", "Wells will be dug.", "Wells will be dug.")


def test_bold_words_further_on_are_no_heading():
    passage = read_passages(OPENING + "I. Water\n\n– Wells **and** pipes.\n")["I.1"]
    assert (passage.heading, passage.text) == ("", "Wells **and** pipes.")


def test_dashes_are_counted_anew_in_each_section():
    text = OPENING + "I. Life\n\n1. Water\n\n– A.\n\n– B.\n\n2. Work\n\n– C.\n\nII. Speech\n\n– D.\n"
    assert [code for code, _form in codes(text)] == ["O.1", "I.1.1", "I.1.2", "I.2.1", "II.1"]


def test_a_dash_keeps_the_paragraphs_that_follow_it():
    text = OPENING + "I. Water\n\n– **Wells.** Wells will be dug.\n\nPipes will be laid.\n\nNobody pays.\n\n– Next.\n"
    passages = read_passages(text)
    assert passages["I.1"].text == "Wells will be dug. Pipes will be laid. Nobody pays."
    assert passages["I.2"].text == "Next."


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n\n", "\n \n", "\f", "\n\f\n", "\r\n\r\n"])
def test_a_page_break_within_a_sentence_is_mended(gap):
    text = OPENING + f"I. Water\n\n– Wells will be{gap}dug everywhere.\n\n– Next.\n"
    passages = read_passages(text)
    assert passages["I.1"].text == "Wells will be dug everywhere."
    assert list(passages) == ["O.1", "I.1", "I.2"]


def test_a_page_break_within_an_introduction_is_mended():
    passage = read_passages(OPENING + "I. Water\n\nWater is\n\nfor everybody.\n\n– Wells.\n")["I.0.0"]
    assert (passage.form, passage.text) == ("intro", "Water is for everybody.")


def test_a_footnote_joins_the_passage_that_bears_its_mark_and_ends_no_sentence_of_another():
    text = OPENING + "I. Work\n\n– Wages¹ will rise.\n\n– Advice will be\n\n¹ Before tax.\n\nbetter.\n"
    passages = read_passages(text)
    assert passages["I.1"].text == "Wages¹ will rise. Before tax."
    assert passages["I.2"].text == "Advice will be better."


def test_a_footnote_that_nobody_marks_joins_the_passage_above_it():
    assert read_passages(OPENING + "I. Work\n\n– Wages rise.\n\n² Before tax.\n")["I.1"].text == (
        "Wages rise. Before tax."
    )


def test_objectives_are_counted_with_and_without_blank_lines_between_them():
    head = "The targets of the Programme are as follows:\n"
    for gap in ("\n", "\n\n"):
        passages = read_passages(f"{head}\n- Peace{gap}- Bread{gap}- Work.\n\nI. Water\n\n– Wells.\n")
        assert [(p.code, p.text) for p in passages.values() if p.form == "objective"] == [
            ("O.1", "Peace"),
            ("O.2", "Bread"),
            ("O.3", "Work."),
        ]


def test_what_follows_the_objectives_up_to_the_first_chapter_promises_nothing():
    passages = read_passages(OPENING + "Compiled by the Chancery.\n\n1. Annex\n\nI. Water\n\n– Wells.\n")
    assert {code: passage.text for code, passage in passages.items()} == {"O.1": "Peace.", "I.1": "Wells."}


def test_what_stands_before_the_objectives_promises_nothing():
    contents = "Contents\n\nI. Water\n\n1. Wells\n\n– A preface.\n\n"
    assert codes(contents + OPENING + "I. Water\n\n– Wells.\n") == [("O.1", "objective"), ("I.1", "dash")]


def test_a_chapter_without_sections_has_an_introduction_and_dashes_of_its_own():
    text = OPENING + "I. Life\n\n1. Water\n\n– A.\n\nVII. Report\n\nThere will be one.\n\n– B.\n\n– C.\n"
    assert codes(text)[2:] == [("VII.0.0", "intro"), ("VII.1", "dash"), ("VII.2", "dash")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no list of objectives"),
        ("I. Water\n\n– Wells.\n", "no list of objectives: expected a line such as 'The targets of … are as follows:'"),
        ("The targets of the Programme are as follows:", "no paragraph opened by a dash under any chapter"),
        (OPENING, "no paragraph opened by a dash under any chapter"),
        (OPENING + "I. Water\n\nWater is for everybody.\n", "no paragraph opened by a dash under any chapter"),
        (OPENING + "– Wells without a chapter.\n", "no paragraph opened by a dash under any chapter"),
    ],
)
def test_another_document_is_refused_with_what_is_missing(text, sentence):
    with pytest.raises(PassageError, match=sentence.replace("(", r"\(")):
        read_passages(text)


def test_typographic_variants_are_folded_and_words_are_not():
    assert normalise(" “Vellmark’s”\u00a0 wells –\npipes — and\ttaps ") == '"Vellmark\'s" wells - pipes - and taps'
    assert normalise("e\u0301") == "\u00e9"
    assert normalise("Wells") != normalise("wells")


def test_a_footnote_before_any_passage_is_passed_over():
    text = "The targets of the Programme are as follows:\n\n¹ A note.\n\n- Peace.\n\nI. Water\n\n– Wells.\n"
    assert codes(text) == [("O.1", "objective"), ("I.1", "dash")]


def test_footnotes_that_are_counted_anew_on_each_page_join_the_passage_above_them():
    passages = read_passages(OPENING + "I. Work\n\n– Wages¹.\n\n¹ Before tax.\n\n– Jobs¹.\n\n¹ Paid ones.\n")
    assert [passages[code].text for code in ("I.1", "I.2")] == ["Wages¹. Before tax.", "Jobs¹. Paid ones."]


def test_a_heading_repeated_at_the_top_of_a_page_loses_no_passage():
    text = OPENING + "I. Water\n\n– Wells.\n\nI. Water\n\n– Pipes.\n"
    try:
        passages = read_passages(text)
    except PassageError:
        return  # to refuse it is as good
    assert {passage.text for passage in passages.values()} >= {"Wells.", "Pipes."}
