"""A text cut into chapters, sections and paragraphs by its own signs, and corrected by hand."""

import json
import re
import tomllib

import pytest

from tracker.plantext.cut import BEGINS, JOINS, OUT, Correction, cut
from tracker.plantext.lines import Line, lines_of_text
from tracker.text.plain import normalise

from .conftest import CHINA_TEXT, VELLMARK, VELLMARK_TEXT
from .databases import BRUMAS

BRUMAS_TEXT = VELLMARK_TEXT.with_name("brumas-2021.txt")
OPENING = "The targets of the Programme are as follows:\n\n- Peace.\n\n"


def cut_of(text, *corrections):
    """What a plain text is cut into."""
    return cut(lines_of_text(text), corrections)


def codes(text):
    """Code and form of each paragraph, in order."""
    return [(each.code, each.form) for each in cut_of(text).paragraphs]


def texts(text, *corrections):
    """The text of each paragraph by its code."""
    return {each.code: each.text for each in cut_of(text, *corrections).paragraphs}


def sentences(text, *corrections):
    """What is said of a text."""
    return [sentence for _line, sentence in cut_of(text, *corrections).remarks]


@pytest.mark.parametrize(
    ("file", "folder"), [(VELLMARK_TEXT, VELLMARK), (BRUMAS_TEXT, BRUMAS)], ids=["vellmark", "brumas"]
)
def test_an_invented_plan_from_its_text_has_the_structure_of_its_seed_files(file, folder):
    result = cut_of(file.read_text(encoding="utf-8"))
    categories = tomllib.loads((folder / "categories.toml").read_text(encoding="utf-8"))["category"]
    provisions = tomllib.loads((folder / "provisions.toml").read_text(encoding="utf-8"))["provision"]
    assert [(node.code, node.parent, node.title) for node in result.nodes] == [
        (row["code"], row.get("parent", ""), row["title"]) for row in categories
    ]
    assert [(each.code, each.category, each.form, each.heading) for each in result.paragraphs] == [
        (row["code"], row.get("category", ""), row["form"], row.get("heading", "")) for row in provisions
    ]
    assert result.remarks == []


@pytest.mark.parametrize("file", [VELLMARK_TEXT, BRUMAS_TEXT, VELLMARK_TEXT.with_name("vellmark-2025-report.txt")])
def test_a_paragraph_is_what_stands_on_its_lines_without_its_sign(file):
    lines = lines_of_text(file.read_text(encoding="utf-8"))
    result = cut(lines)
    for each in result.paragraphs:
        own, *others = [re.sub(r"^[¹²³]+\s*", "", lines[n].text) for n in each.lines]
        assert " ".join([own.removeprefix(each.mark).lstrip(" .)"), *others]) == each.text
    assert len(result.roles) == len(lines)


def test_the_real_plan_has_7_chapters_34_sections_187_dashes_41_introductions_and_7_objectives():
    if not CHINA_TEXT.exists():
        pytest.skip(f"{CHINA_TEXT} is not there: the text of the real plan is not part of the repository")
    result = cut_of(CHINA_TEXT.read_text(encoding="utf-8"))
    assert result.counts() == {"chapters": 7, "sections": 34, "intro": 41, "dash": 187, "objective": 7}
    assert result.remarks == []


SCHEMES = {
    "parts, numbers and letters": "I. Water\n\n1. Wells\n\n(a) Wells will be dug everywhere.\n\n(b) Nobody pays.\n\n"
    "2. Pipes\n\n(a) Pipes will be laid.\n\nII. Work\n\n1. Jobs\n\n(a) Jobs will be found.\n",
    "decimals": "1. Water\n\n1.1 Wells\n\n• Wells will be dug everywhere.\n\n• Nobody pays for it.\n\n1.2 Pipes\n\n"
    "• Pipes will be laid.\n\n2. Work\n\n2.1 Jobs\n\n• Jobs will be found.\n",
    "words and brackets": "Chapter 1: Water\n\nA. Wells\n\n(1) Wells will be dug everywhere.\n\n(2) Nobody pays.\n\n"
    "B. Pipes\n\n(1) Pipes will be laid.\n\nChapter 2: Work\n\nA. Jobs\n\n(1) Jobs will be found.\n",
    "Chinese": "第一章 水\n\n一、 水井\n\n- 到处挖井。\n\n- 没有人付钱。\n\n二、 水管\n\n- 铺设水管。\n\n"
    "第二章 工作\n\n一、 就业\n\n- 找到工作。\n",
    "Greek letters": "Κεφάλαιο 1. Νερό\n\nΑ. Πηγάδια\n\n– Θα ανοιχτούν.\n\n– Δωρεάν.\n\nΒ. Σωλήνες\n\n– Θα μπουν.\n\n"
    "Κεφάλαιο 2. Εργασία\n\nΑ. Θέσεις\n\n– Θα βρεθούν.\n",
    "right to left": "1. الماء\n\n1.1 الآبار\n\n- تحفر الآبار.\n\n- لا يدفع أحد.\n\n1.2 الأنابيب\n\n- تمد الأنابيب.\n\n"
    "2. العمل\n\n2.1 الوظائف\n\n- توجد الوظائف.\n",
    "styles alone": [
        Line("Water", "heading", 1),
        Line("Wells", "heading", 2),
        Line("Wells will be dug.", "item", 1),
        Line("Nobody pays.", "item", 1),
        Line("Pipes", "heading", 2),
        Line("Pipes will be laid.", "item", 1),
        Line("Work", "heading", 1),
        Line("Jobs", "heading", 2),
        Line("Jobs will be found.", "item", 1),
    ],
}  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES)
def test_whatever_the_numbers_and_signs_are_the_same_tree_comes_out(scheme):
    text = SCHEMES[scheme]
    result = cut(lines_of_text(text) if isinstance(text, str) else text)
    parents = [node.parent for node in result.nodes]
    first, second = result.nodes[0].code, result.nodes[3].code
    assert parents == ["", first, first, "", second]
    wells, pipes, jobs = result.nodes[1].code, result.nodes[2].code, result.nodes[4].code
    assert [each.category for each in result.paragraphs] == [wells, wells, pipes, jobs]
    assert [each.code for each in result.paragraphs] == [f"{wells}.1", f"{wells}.2", f"{pipes}.1", f"{jobs}.1"]
    assert result.remarks == []


def test_a_list_within_an_item_belongs_to_it():
    text = "I. Water\n\n– Wells will be dug:\n\n(a) in the north;\n\n(b) in the south.\n\n– Pipes.\n"
    assert texts(text) == {"I.1": "Wells will be dug: (a) in the north; (b) in the south.", "I.2": "Pipes."}


def test_a_bold_heading_stands_apart_from_the_text_of_its_dash():
    paragraph = cut_of("I. Water\n\n– **Wells and pipes.** Wells will be dug.\n").paragraphs[0]
    assert (paragraph.heading, paragraph.own) == ("Wells and pipes", "Wells will be dug.")
    assert paragraph.text == "Wells and pipes. Wells will be dug."


@pytest.mark.parametrize("sign", ["-", "–", "•", "*"])
def test_words_that_are_not_bold_or_bold_further_on_are_no_heading(sign):
    paragraph = cut_of(f"I. Water\n\n{sign} Wells **and** pipes.\n").paragraphs[0]
    assert (paragraph.mark, paragraph.heading, paragraph.text) == (sign, "", "Wells **and** pipes.")


def test_dashes_are_counted_anew_in_each_section_and_keep_the_paragraphs_that_follow_them():
    text = (
        OPENING
        + "I. Life\n\n1. Water\n\n– A.\n\nPipes will be laid.\n\n– B.\n\n2. Work\n\n– C.\n\nII. Speech\n\n– D.\n"
    )
    assert texts(text) == {
        "O.1": "Peace.",
        "I.1.1": "A. Pipes will be laid.",
        "I.1.2": "B.",
        "I.2.1": "C.",
        "II.1": "D.",
    }


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n\n", "\n \n", "\f", "\n\f\n", "\r\n\r\n"])
def test_a_page_break_within_a_sentence_is_mended(gap):
    lines = texts(
        OPENING + f"I. Water\n\nWater is{gap}for everybody.\n\n– Wells will be{gap}dug everywhere.\n\n– Next.\n"
    )
    assert lines == {
        "O.1": "Peace.", "I.0": "Water is for everybody.", "I.1": "Wells will be dug everywhere.", "I.2": "Next.",
    }  # fmt: skip


def test_a_footnote_joins_the_paragraph_that_bears_its_mark_else_the_one_above_it():
    text = "I. Work\n\n– Wages¹ will rise.\n\n– Advice will be\n\n¹ Before tax.\n\nbetter.\n\n² No mark.\n"
    assert texts(text) == {"I.1": "Wages¹ will rise. Before tax.", "I.2": "Advice will be better. No mark."}


def test_objectives_are_the_last_list_before_the_first_chapter_and_what_follows_them_promises_nothing():
    text = (
        "Contents\n\nI. Water\n\n1. Wells\n\n2. Pipes\n\nPreface\n\nThe principles are:\n\n- Honesty\n- Care\n\n"
        "The targets are as follows:\n\n- Peace\n- Bread\n- Work.\n\nCompiled by the Chancery.\n\nI. Water\n\n"
        "1. Wells\n\n– A.\n\n2. Pipes\n\n– B.\n"
    )
    assert texts(text) == {"O.1": "Peace", "O.2": "Bread", "O.3": "Work.", "I.1.1": "A.", "I.2.1": "B."}


def test_a_chapter_without_sections_has_an_introduction_and_dashes_of_its_own():
    text = OPENING + "I. Life\n\n1. Water\n\n– A.\n\nVII. Report\n\nThere will be one.\n\n– B.\n\n– C.\n"
    text = text.replace("VII.", "II.")
    assert codes(text)[2:] == [("II.0.0", "intro"), ("II.1", "dash"), ("II.2", "dash")]


def test_a_heading_repeated_at_the_top_of_a_page_loses_no_paragraph():
    assert texts("I. Water\n\n– Wells.\n\nI. Water\n\n– Pipes.\n\nII. Work\n\n– Jobs.\n") == {
        "I.1": "Wells.", "I.2": "Pipes.", "II.1": "Jobs.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dear Sir,\n\nnothing was promised, and nothing was kept.\n", "No chapters: no line is numbered"),
        ("I. Water\n\n– A.\n\nIII. Work\n\n– B.\n", "After number 1 comes 3"),
        ("V. Water\n\n– A.\n\nVI. Work\n\n– B.\n", "The first chapter is V"),
        ("I. Water\n\nA law will come.\n\nAnother will go.\n", "each paragraph counts as one"),
        ("I. Water\n\nIt provides for:\n\ndigging wells;\n\nlaying pipes;\n\nand taps.\n", "has lost its signs"),
        ("I. Water\n\nM1. A.\n\nII. Work\n\nM1. B.\n", "Code M1 stands 2 times."),
    ],
)
def test_what_cannot_be_cut_is_said(text, sentence):
    assert any(sentence in each for each in sentences(text)), sentences(text)


TORN = "Water\n\nWells will be dug in all valleys of the country, by all.\n\nJobs\n\nThey will be found.\n\nEnd page\n"


def test_a_cut_is_corrected_line_by_line_and_corrections_outlive_other_lines():
    lines = lines_of_text(TORN)
    corrections = [
        Correction.of(lines, 0, "heading", level=1, code="A"),
        Correction.of(lines, 2, "heading", level=2, code="b"),
        Correction.of(lines, 4, OUT),
    ]
    stored = json.loads(json.dumps([each.as_json() for each in corrections]))
    assert stored[0] == {"line": 0, "begins": "Water", "is": "heading", "level": 1, "code": "A", "form": ""}
    for text in (TORN, f"A new first line of the title page.\n\n{TORN}"):
        result = cut(lines_of_text(text), map(Correction.from_json, stored))
        assert [(node.code, node.title) for node in result.nodes] == [("A", "Water"), ("A.b", "Jobs")]
        assert {each.code: each.text for each in result.paragraphs} == {
            "A.1": "Wells will be dug in all valleys of the country, by all.",
            "A.b.1": "They will be found.",
        }
        assert result.roles[-1] == "out:hand"
    assert "no longer there: “Jobs”" in " ".join(sentences("I. Water\n\n– A.\n", *corrections[1:2]))


def test_a_line_begins_a_paragraph_or_joins_the_one_before_as_a_person_says():
    text = "I. Water\n\n– Wells will be dug.\n\nPipes will be laid.\n\n– and taps mended.\n"
    lines = lines_of_text(text)
    begins, joins = Correction.of(lines, 2, BEGINS), Correction.of(lines, 3, JOINS)
    assert texts(text, begins, joins) == {"I.1": "Wells will be dug.", "I.2": "Pipes will be laid. – and taps mended."}
    named = Correction.of(lines, 2, BEGINS, code="I.9", form="objective")
    assert cut(lines, [named]).by_code()["I.9"].form == "objective"
    with pytest.raises(ValueError, match="nonsense"):
        Correction.of(lines, 0, "nonsense")


def test_typographic_variants_are_folded_and_words_are_not():
    assert normalise(" “Vellmark’s”\u00a0 wells –\npipes — and\ttaps ") == '"Vellmark\'s" wells - pipes - and taps'
    assert normalise("e\u0301") == "\u00e9"
    assert normalise("Wells") != normalise("wells")
