"""load_plan on updates, findings and sources with mistakes: file, line and field of each, and nothing half-loaded."""

import pytest

from tracker import models
from tracker.loader.load import LoadError, load_folder

from .seeds import edit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_progress")]

U, F, S = "updates/I.toml", "assessments/I.toml", "sources.toml"
LETTER = 'title = "Letter on wells"\n'  # the line before the one that is spoilt


WRONG = [
    (
        U,
        "caveat =",
        "caevat =",
        f"{U}:16: caevat: Unknown key; an update has key, what, metric, commitment,",
    ),
    (
        U,
        '"village-homes-with-piped-water"',
        '"homes"',
        f"{U}:6: metric: There is no metric with the code “h",
    ),
    (U, '"I.2.2a"', '"I.2.9z"', f"{U}:50: commitment: There is no commitment with the code “I.2.9z”."),
    (U, '"office-of-numbers"', '"office"', f"{U}:14: origin: There is no body with the code “office”."),
    (
        U,
        '"village-census-2027"',
        '"census"',
        f"{U}:18: evidence: There is no source with the code “census”",
    ),
    (F, '"I.1"', '"I.9"', f"{F}:28: category: There is no category with the code “I.9”."),
    (U, "71.5\n", '"71.5"\n', f"{U}:7: value: Expected a number, found “71.5”."),
    (U, "71.5\n", "true\n", f"{U}:7: value: Expected a number, found True."),
    (U, "71.5\n", "nan\n", f"{U}:7: value: Expected a number, found NaN."),
    (U, "71.5\n", "1e309\n", f"{U}:7: value: Expected a number, found 1E+309."),
    (U, "71.5\n", "1234567890.123456\n", f"{U}:7: value: homes-2025: A number has 15 digits at most."),
    (
        U,
        "2025-12-31",
        '"2025-12-31"',
        f"{U}:10: as_of: Expected a date such as 2025-12-31, found “2025-12-",
    ),
    (U, "2025-12-31", "2025-12-31T10:00:00", f"{U}:10: as_of: Expected a date such as 2025-12-31, found"),
    (U, "2025-12-31", "2099-12-31", f"{U}:10: as_of: homes-2025: The period lies in the future."),
    (U, "2025-12-31", "2025-02-30", f"{U}:10: as_of: Not TOML here: Invalid date or datetime."),
    (U, "2026-01-01", "2026-07-01", f"{U}:20: wells-0: A period ends after it starts."),
    (U, "starts_on = 2026-01-01\n", "", f"{U}:20: starts_on: wells-0: An amount or average speaks of a"),
    (U, 'key = "homes-2025"\n', "", f"{U}:3: key: This is missing."),
    (U, "as_of = 2025-12-31\n", "", f"{U}:3: as_of: This is missing."),
    (U, 'precision = "year"\n', "", f"{U}:3: precision: This is missing."),
    (U, '"wells-0"', '"homes-2025"', f"{U}:21: key: homes-2025 stands twice, first at {U}:3."),
    (U, 'bound = "exact"\n', "", f"{U}:3: bound: homes-2025: A published value needs this."),
    (
        U,
        'bound = "exact"',
        'bound = "exactly"',
        f"{U}:9: bound: homes-2025: “exactly” is none of the words here: exact",
    ),
    (
        U,
        'arithmetic = "4 - 4 = 0"\n',
        "",
        f"{U}:20: arithmetic: wells-0: A derived or converted value shows",
    ),
    (
        U,
        'rung = "drafted"',
        'rung = "signed"',
        f"{U}:43: rung: law-drafted: The metric has no such",
    ),
    (U, '"I.2.2a"', '"I.1.1e"', f"{U}:50: commitment: advice: This commitment's rule is not judged by s"),
    (
        U,
        'what = "search"',
        'what = "amendment"',
        f"{U}:59: what: Expected value, rung, judgement, search, fo",
    ),
    (
        U,
        'summary = "N',
        'summary = "\\u0000N',
        f"{U}:33: summary: Nobody sees character 1: delete it (null",
    ),
    (U, '"table 3"', "3", f"{U}:18: evidence: Expected a list such as [{{ source = "),
    (
        U,
        '"table 3"',
        f'"{"3" * 121}"',
        f"{U}:18: evidence: homes-2025: Ensure this value has at most 120 c",
    ),
    (U, "locator =", "page =", f"{U}:18: evidence: Expected a list such as [{{ source = "),
    (
        U,
        'some valleys."\nevidence = [{ source = "watch-letter" }]\n',
        'some valleys."\n',
        f"{U}:47: advice: Nothing is published without evidence.",
    ),
    (
        F,
        '"watch-cut-off"',
        '"nobody"',
        f"{F}:10: replies_to: There is no assessment with the key “nobody”",
    ),
    (
        F,
        '"watch-cut-off"',
        '"chancery-answers"',
        f"{F}:10: replies_to: chancery-answers replies in a cir",
    ),
    (
        F,
        'document = "',
        'replies_to = "chancery-answers"\ndocument = "',
        f"{F}:10: replies_to: chancery-a",
    ),
    (
        F,
        "finds_harm = true",
        "finds_harm = false",
        f"{F}:33: finds_harm: Leave out a key that has no val",
    ),
    (F, "finds_harm = true", 'finds_harm = "yes"', f"{F}:33: finds_harm: Expected true, found “yes”."),
    (
        F,
        'says = "kept"',
        'says = "denied"',
        f"{F}:7: says: chancery-answers: “denied” is none of the words here",
    ),
    (F, 'category = "I.1"\n', "", f"{F}:26: commitment: council-on-water: A finding is about one promise or"),
    (F, "[[assessment]]", "[[finding]]", f"{F}: Unknown table finding: this file holds [[assessment]]."),
    (S, '"valley-watch"', '"valley-wach"', f"{S}:32: publisher: There is no body with the code “valley-w"),
    (S, f"{LETTER}reason_withheld", f"{LETTER}archived", f"{S}:34: archived: watch-letter: This is no address"),
    (
        S,
        f'{LETTER}reason_withheld = "Read as a copy."\n',
        LETTER,
        f"{S}:30: watch-letter: A source has an address, or the",
    ),
    (S, '"month"\n', '"hour"\n', f"{S}:21: village-census-2027: A date of publication has a precision: day"),
    (S, '"watch-letter"', '"watch_letter"', f"{S}:31: code: watch_letter: Use small letters, digits and"),
]


@pytest.mark.parametrize(("file", "old", "new", "report"), WRONG, ids=map(str, range(len(WRONG))))
def test_it_names_file_line_and_field_and_nothing_is_half_loaded(folder, file, old, new, report):
    edit(folder, file, old, new)
    with pytest.raises(LoadError) as error:
        load_folder(folder)
    lines = str(error.value).splitlines()
    assert any(line.startswith(report) for line in lines), lines
    loaded = (
        models.Body,
        models.Plan,
        models.Source,
        models.Update,
        models.Assessment,
        models.Evidence,
        models.SeedRow,
    )
    assert not any(model.objects.exists() for model in (*loaded, models.LedgerEntry))


def test_the_problems_of_registry_and_progress_stand_in_one_report(folder):
    edit(folder, "bodies.toml", '"official"', '"offical"')
    edit(folder, U, '"water-law"', '"wine-law"')
    edit(folder, F, '"watch-cut-off"', '"nobody"')
    edit(folder, S, '"valley-watch"', '"valley-wach"')
    with pytest.raises(LoadError) as error:
        load_folder(folder)
    assert [problem.file for problem in error.value.problems] == [F, "bodies.toml", "bodies.toml", S, U]


def test_what_is_wrong_with_several_rows_stands_in_one_report(folder):
    edit(folder, U, '"water-law"', '"wine-law"')
    edit(folder, U, 'bound = "exact"\n', "")
    edit(folder, F, "2026-04-01", "2099-04-01")
    with pytest.raises(LoadError) as error:
        load_folder(folder)
    assert [(p.file, p.field) for p in error.value.problems] == [(F, "as_of"), (U, "bound"), (U, "metric")]


def test_a_file_that_is_not_utf_8_is_named_with_its_line(folder):
    path = folder / U
    path.write_bytes(path.read_bytes().replace(b"Three valleys", b"Thr\xe9e valleys"))
    with pytest.raises(LoadError, match=r"updates/I\.toml:16: Byte \d+ is not UTF-8; save the file as UTF-8\."):
        load_folder(folder)
