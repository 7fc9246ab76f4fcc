"""check_quotes: every quote to the letter, every figure accounted for; whatever differs from the text is found."""

import io
import json
import re
import shutil
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from tracker.loader.texts import cut_file, passages_of
from tracker.plantext.figures import figures_in

from . import seeds
from .conftest import CHINA, CHINA_PAPER, CHINA_TEXT, VELLMARK, VELLMARK_PAPER, VELLMARK_TEXT

ONE, TWO, PROVISIONS, TEXT = "commitments/I.toml", "commitments/II.toml", "provisions.toml", "vellmark.txt"
NOT_THERE = "these words do not stand in passage"
WHOLE = "the quote is a whole sentence; cut it to the run that promises."


@pytest.fixture
def folder(folder):
    """A copy of the invented plan's seed files with its text beside them, to be spoilt."""
    shutil.copy(VELLMARK_TEXT, folder.parent / TEXT)
    return folder


def edit(folder, file, old, new):
    """Replace a text that stands in a seed file, or in the plan's text, once."""
    seeds.edit(folder.parent if file == TEXT else folder, file, old, new)


def check(text, folder):
    """What the command says."""
    out = io.StringIO()
    call_command("check_quotes", str(text), str(folder), stdout=out)
    return out.getvalue()


def problems_of(folder):
    """The problems that the command reports, one a line."""
    with pytest.raises(CommandError) as error:
        check(folder.parent / TEXT, folder)
    first, *lines = str(error.value).splitlines()
    assert first == f"{len(lines)} problem(s):"
    return lines


def test_it_says_how_much_it_checked():
    assert check(VELLMARK_TEXT, VELLMARK) == (
        "14 quotes to the letter; 5 dashes, 4 introductions and 2 objectives, every figure accounted for.\n"
    )


@pytest.mark.slow
def test_the_real_plan_stands_in_its_text_to_the_letter():
    if not CHINA_TEXT.exists():
        pytest.skip(f"{CHINA_TEXT} is not there: the text of the real plan is not part of the repository")
    output = check(CHINA_TEXT, CHINA)
    counts = re.fullmatch(
        r"(\d+) quotes to the letter; 187 dashes, 41 introductions and 7 objectives, every figure accounted for\.\n",
        output,
    )
    assert counts, output
    assert 400 <= int(counts[1]) <= 900


PROBLEMS = {
    "a quote altered by one word": (
        (ONE, '"about 15 deep wells"', '"about 15 new wells"'),
        f"{ONE}:37: quote: I.1.1b: {NOT_THERE} I.1.1.",
    ),
    "a quote with another capital letter": (
        (ONE, '"about 15 deep wells"', '"About 15 deep wells"'),
        f"{ONE}:37: quote: I.1.1b: {NOT_THERE} I.1.1.",
    ),
    "a quote of another passage": (
        (TWO, '"supporting choirs"', '"open an ombudsman\'s office"'),
        f"{TWO}:34: quote: II.2b: {NOT_THERE} II.2.",
    ),
    "a qualifier altered by one word": (
        (ONE, '"as soon as practicable"', '"as soon as possible"'),
        f"{ONE}:69: qualifier: I.1.1d: {NOT_THERE} I.1.1.",
    ),
    "a whole sentence": (
        (ONE, '"A water law will be enacted"', '"A water law will be enacted as soon as practicable."'),
        f"{ONE}:68: quote: I.1.1d: {WHOLE}",
    ),
    "a whole sentence without its full stop": (
        (ONE, '"A water law will be enacted"', '"A water law will be enacted as soon as practicable"'),
        f"{ONE}:68: quote: I.1.1d: {WHOLE}",
    ),
    "a target that is not in the passage": (
        (ONE, "target_value = 88", "target_value = 89"),
        f"{ONE}:28: target_value: I.1.1a: 89 does not stand in passage I.1.1.",
    ),
    "a figure that is neither target nor set aside": (
        (PROVISIONS, 'other_figures = ["1998: year in the name of a charter"]\n', ""),
        f"{PROVISIONS}:25: other_figures: I.1.1: the figure 1998 stands 1 times in the text; 0 are targets and 0 set "
        "aside with a reason.",
    ),
    "a figure spelled out in the text": (
        (TEXT, "Holding fairs where appropriate", "Holding fairs where appropriate in seven towns"),
        f"{PROVISIONS}:66: other_figures: II.2: the figure 7 stands 1 times in the text; 0 are targets and 0 set aside "
        "with a reason.",
    ),
    "a figure that stands twice and is set aside once": (
        (TEXT, "The 1998 Well Charter", "The 1998 Well Charter of 1998"),
        f"{PROVISIONS}:31: other_figures: I.1.1: the figure 1998 stands 2 times in the text; 0 are targets and 1 set "
        "aside with a reason.",
    ),
    "a figure set aside that is not in the text": (
        (PROVISIONS, '["1998: year', '["1999: year of nothing", "1998: year'),
        f"{PROVISIONS}:31: other_figures: I.1.1: the figure 1999 does not stand in the passage.",
    ),
    "a figure set aside without a reason": (
        (PROVISIONS, '["1998: year in the name of a charter"]', '["1998"]'),
        f"{PROVISIONS}:31: other_figures: Write “1998” as “figure: reason”.",
    ),
    "a passage without a row": (
        (TEXT, "\n- Holding fairs", "\n- Planting trees.\n\n- Holding fairs"),
        f"{PROVISIONS}: code: The text has a passage II.3 (“Holding fairs where appropriate, and supporting ch…”) that "
        "no row names.",
    ),
    "a row without a passage": (
        (TEXT, "\n- Holding fairs where appropriate, and supporting choirs.", ""),
        f"{PROVISIONS}:67: code: The text has no passage II.2.",
    ),
    "another heading": (
        (PROVISIONS, '"Wells and pipes"', '"Wells and taps"'),
        f"{PROVISIONS}:30: heading: The text has “Wells and pipes”.",
    ),
    "a heading that the text lacks": (
        (PROVISIONS, 'title = "Fairs and choirs"', 'title = "Fairs"\nheading = "Fairs"'),
        f"{PROVISIONS}:71: heading: The text has “”.",
    ),
    "a heading with words that follow it": (
        (PROVISIONS, '"Wells and pipes"', '"Wells and pipes. Vellmark will bring piped water"'),
        f"{PROVISIONS}:30: heading: The text has “Wells and pipes”.",
    ),
    "another form": (
        (PROVISIONS, 'form = "dash"', 'form = "intro"'),
        f"{PROVISIONS}:28: form: I.1.1 is intro here and dash in the text.",
    ),
    "a row that the loader refuses": (
        (ONE, "target_value = 88", 'target_value = "88"'),
        f"{ONE}:28: target_value: Expected a number, found “88”.",
    ),
    "a whole sentence after a heading": (
        (ONE, '"Advice for job seekers will be"', '"Advice for job seekers will be improved"'),
        f"{ONE}:157: quote: I.2.2a: {WHOLE}",
    ),
    "a quote that ends within a word": (
        (ONE, '"about 15 deep wells"', '"about 15 deep wel"'),
        f"{ONE}:37: quote: I.1.1b: {NOT_THERE} I.1.1.",
    ),
    "a figure spelled out with a hyphen": (
        (TEXT, "Holding fairs where appropriate", "Holding fairs where appropriate in twenty-five towns"),
        f"{PROVISIONS}:66: other_figures: II.2: the figure 25 stands 1 times",
    ),
    "a figure set aside more often than it stands": (
        (PROVISIONS, '"1998: year', '"3 × 1998: year'),
        f"{PROVISIONS}:31: other_figures: I.1.1: the figure 1998 stands 1 times",
    ),
    "a commitment under a passage that no row names": (
        (TWO, 'provision = "II.2"', 'provision = "II.9"'),
        f"{TWO}:20: provision: No row names the provision II.9.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", PROBLEMS)
def test_it_finds(folder, what):
    (file, old, new), report = PROBLEMS[what]
    edit(folder, file, old, new)
    assert any(line.startswith(report) for line in problems_of(folder))


def test_letters_need_not_follow_the_words(folder):
    """A promise that is taken apart later gives its parts the next letters, wherever their words stand."""
    words = "Holding fairs where appropriate, and supporting choirs."
    edit(folder, TEXT, words, "supporting choirs, and Holding fairs where appropriate.")
    assert check(folder.parent / TEXT, folder).startswith("14 quotes to the letter")


def test_it_finds_a_dash_without_a_commitment(folder):
    text = (folder / TWO).read_text(encoding="utf-8")
    head, _report, *fairs = text.split("\n[[commitment]]\n")
    (folder / TWO).write_text("\n[[commitment]]\n".join([head, *fairs]), encoding="utf-8")
    assert problems_of(folder) == [f"{PROVISIONS}:61: code: II.1 has no commitment."]


def test_it_reports_all_that_it_finds(folder):
    edit(folder, ONE, '"about 15 deep wells"', '"about 15 new wells"')
    edit(folder, TWO, '"supporting choirs"', '"supporting bands"')
    edit(folder, PROVISIONS, '"Jobs"', '"Work"')
    assert [line.split(":")[0] for line in problems_of(folder)] == [ONE, PROVISIONS, TWO]


@pytest.mark.parametrize(
    ("typed", "as_printed"),
    [("an ombudsman's", "an ombudsman’s"), ("bring piped water", "bring  piped\u00a0water")],
)
def test_typographic_variants_are_the_same_words(folder, typed, as_printed):
    edit(folder, TEXT, typed, as_printed)
    assert check(folder.parent / TEXT, folder).startswith("14 quotes to the letter")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("letter.txt", b"Dear Sir,\n\nnothing was promised.\n", "cannot be cut into paragraphs: No chapters"),
        ("list.txt", b"The targets of all are as follows:\n\n- Peace.\n", "cannot be cut into paragraphs: No chapters"),
        ("empty.txt", b"", "is empty"),
        ("plan.pdf", b"%PDF-1.7\n\xff\xfe\x00\x01", "is broken"),
        ("plan.doc", b"\xd0\xcf\x11\xe0", "is an old Word document"),
    ],
)
def test_another_document_gives_a_sentence(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=sentence) as error:
        check(tmp_path / name, VELLMARK)
    assert name in str(error.value)


@pytest.mark.parametrize(("place", "why"), [("nowhere.txt", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_opened_gives_a_sentence(tmp_path, place, why):
    with pytest.raises(CommandError, match=f"cannot be read: {why}"):
        check(tmp_path / place, VELLMARK)


def test_a_folder_without_seed_files_lacks_them(tmp_path):
    with pytest.raises(CommandError, match=r"^4 problem\(s\):\nplan\.toml: The file is missing\."):
        check(VELLMARK_TEXT, tmp_path)


def test_the_text_of_another_plan_differs_everywhere(folder):
    edit(folder, TEXT, "I. Daily Life\n\nVellmark will", "I. Night Life\n\nNobody will")
    edit(folder, TEXT, "open an ombudsman's office", "open a bar")
    assert f"{ONE}:7: quote: I.0.0a: {NOT_THERE} I.0.0." in problems_of(folder)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Twenty bases, 1,000 beds and 3.8 percent", ["20", "1000", "3.8"]),
        ("from 5 to Six, in 2020.", ["5", "6", "2020"]),
        ("one-child families, someone, tenfold, a two-thirds share", []),
        ("10,000, 20", ["10000", "20"]),
        ("", []),
        ("twenty-five bases and Ninety-nine beds", ["25", "99"]),
        ("a twenty-five-year lease, thirty-one-child, fifty-twelve", []),
    ],
)
def test_figures_are_read_in_digits_and_in_words(text, figures):
    assert figures_in(text) == [Decimal(figure) for figure in figures]


def test_the_mark_of_a_footnote_is_no_part_of_the_word_that_it_stands_at(folder):
    edit(folder, ONE, '"will rise steadily"', '"Wages"')
    assert check(folder.parent / TEXT, folder).startswith("14 quotes to the letter")


# The baseline


def check_both(folder, text=VELLMARK_TEXT, paper=VELLMARK_PAPER):
    """What the command says of the plan and of the paper behind its baseline; its problems where it finds any."""
    out = io.StringIO()
    try:
        call_command("check_quotes", str(text), str(folder), baseline=paper, stdout=out)
    except CommandError as error:
        return str(error)
    return out.getvalue()


def test_the_baseline_stands_in_its_paper():
    assert check_both(VELLMARK).splitlines()[1:] == [
        "6 quotes of the baseline to the letter in 6 paragraphs, "
        "every figure recorded or in one of 8 lines with the reason why not."
    ]


@pytest.mark.slow
def test_the_real_baseline_stands_in_its_paper_to_the_letter():
    if not CHINA_PAPER.exists() or not CHINA_TEXT.exists():
        pytest.skip(f"{CHINA_PAPER} is not there: the text of the real paper is not part of the repository")
    output = check_both(CHINA, CHINA_TEXT, CHINA_PAPER).splitlines()[-1]
    assert re.fullmatch(
        r"4\d\d quotes of the baseline to the letter in 84 paragraphs, every figure recorded or in one of \d+ lines .*",
        output,
    ), output
    paragraphs = passages_of(cut_file(CHINA_PAPER)[1])
    parts = [place.split(".")[0] for place in paragraphs]
    counts = [(part, parts.count(part)) for part in dict.fromkeys(parts)]
    assert counts == [("P", 5), ("I", 9), ("II", 25), ("III", 17), ("IV", 8), ("V", 11), ("VI", 6), ("C", 3)]


def test_a_torn_paragraph_is_one_and_a_lost_sign_of_a_heading_does_no_harm():
    paragraphs = passages_of(cut_file(VELLMARK_PAPER)[1])
    assert list(paragraphs) == ["P.0", "P.1", "I.1", "I.2", "II.1", "C.1"]
    assert paragraphs["P.0"] == "Rights in Vellmark, A Look Back First Edition 2025"
    assert "in all valleys, and tap water" in paragraphs["I.1"]
    assert paragraphs["I.2"].startswith("A law on lakes")


def test_a_heading_whose_sign_ends_too_early_goes_on_to_its_full_stop(folder):
    edit(folder, TEXT, "**Wells and pipes.**", "**Wells and** pipes.")
    assert "14 quotes to the letter" in check(folder.parent / TEXT, folder)
    edit(folder, PROVISIONS, '"Wells and pipes"', '"Wells and pipes and"')
    assert problems_of(folder) == [f"{PROVISIONS}:30: heading: The text has “Wells and”."]


def test_a_text_that_was_cut_wrongly_is_checked_with_its_corrections(folder, tmp_path):
    edit(folder, TEXT, "1. Water\n\nWater is", "The First of Them: Water\n\nWater is")
    with pytest.raises(CommandError, match=r"The text has no passage I\.1\.0"):
        check(folder.parent / TEXT, folder)
    line = {"begins": "The First of Them: Water", "is": "heading", "level": 2, "code": "1"}
    (tmp_path / "cut.json").write_text(json.dumps([{"line": 0, **line}]), encoding="utf-8")
    out = io.StringIO()
    text = str(folder.parent / TEXT)
    call_command("check_quotes", text, str(folder), corrections=tmp_path / "cut.json", stdout=out)
    assert "14 quotes to the letter" in out.getvalue()
    (tmp_path / "cut.json").write_text('[{"line": 0}]', encoding="utf-8")
    with pytest.raises(CommandError, match=r"cut\.json is no list of corrections"):
        call_command("check_quotes", text, str(folder), corrections=tmp_path / "cut.json")


def test_a_paper_that_is_not_there_gives_a_sentence(tmp_path):
    assert check_both(VELLMARK, paper=tmp_path / "none.txt").startswith("none.txt cannot be read: No such file")


BASELINE, ASIDE = "baseline/0-I.toml", "baseline-passages.toml"
BASELINE_PROBLEMS = {
    "a quote altered by one word": (
        (BASELINE, "more than 400 wells were in use", "more than 400 wells are in use"),
        "wells-in-use-2025: these words do not stand in paragraph I.1.",
    ),
    "a quote of another paragraph": (
        (BASELINE, 'place = "I.2"', 'place = "I.1"'),
        "lake-law-2023: these words do not stand in paragraph I.1.",
    ),
    "a number that is not in its quote": (
        (BASELINE, 'as_published = "twelve"', 'as_published = "thirteen"'),
        "wells-dug-2024: “thirteen” does not stand in its quote.",
    ),
    "a figure that is not recorded": (
        (BASELINE, 'as_published = "80.5"', 'as_published = "percent"'),
        "I.1: the figure 80.5 stands 1 times in the text; 0 are recorded and 0 set aside with a reason.",
    ),
    "a figure set aside that is recorded": (
        (ASIDE, '"2024: Year of the figures beside it."', '"2024: Year of the figures beside it.", "12: Again."'),
        "I.1: the figure 12 stands 1 times in the text; 1 are recorded and 1 set aside with a reason.",
    ),
    "a figure set aside no longer": (
        (ASIDE, ', "7: Number of lakes; no news is reported."', ""),
        "I.2: the figure 7 stands 1 times in the text; 0 are recorded and 0 set aside with a reason.",
    ),
    "a paragraph that is not there": (
        (ASIDE, 'code = "II.1"', 'code = "II.9"'),
        "The text has no paragraph II.9.",
    ),
}


@pytest.mark.parametrize(("spoilt", "sentence"), BASELINE_PROBLEMS.values(), ids=BASELINE_PROBLEMS)
def test_what_differs_from_the_paper_is_found(folder, spoilt, sentence):
    edit(folder, *spoilt)
    assert sentence in check_both(folder)
