"""manage.py build_report: the assessment report as one HTML file that stands alone."""

import re

import pytest
from django.core.management import CommandError, call_command

from tracker.snapshot.cache import read_snapshot

from .reading import source_of, squeezed
from .test_http import Seen

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
VOID = {"meta", "input", "br", "col", "link", "img", "hr"}


class Balanced(Seen):
    """What a page is made of, and the elements that are opened and not closed, or closed and not open."""

    def __init__(self, page):
        self.open, self.wrong, self.attributes = [], [], []
        super().__init__(page)

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        names = [name for name, _value in attrs]
        self.attributes += [(tag, name) for name in names]
        self.wrong += [(tag, name) for name in set(names) if names.count(name) > 1]
        self.open += [tag] if tag not in VOID else []

    def handle_endtag(self, tag):
        super().handle_endtag(tag)
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture
def built(vellmark_progress, tmp_path):
    """The text of the file that the command writes with these options."""

    def build(*options):
        path = tmp_path / "report.html"
        call_command("build_report", "vellmark-2030", *options, "--output", str(path))
        return squeezed(path.read_text(encoding="utf-8"))

    return build


def test_it_holds_what_the_page_holds(built, client, capsys):
    file, page = built(), source_of(client, "/vellmark-2030/report/")
    body = re.compile(r'<article class="report">.*</article>', re.S)
    assert body.search(file)[0].replace(SITE, "") == body.search(page)[0].replace(SITE, "")
    assert "14 promises, as of " in capsys.readouterr().out


def test_it_names_no_file_and_its_links_are_its_own_or_whole_addresses(built):
    file = built()
    seen = Balanced(file)
    assert "<link" not in file
    assert "<script" not in file
    assert not re.search(r"@import|url\(", file)
    assert not [pair for pair in seen.attributes if pair[1] in ("src", "srcset", "data", "action", "style")]
    for link in seen.links:
        assert link.startswith(("#", "http://", "https://")), link
    assert f"{SITE}/vellmark-2030/commitments/I.1.1a/" in seen.links
    assert {link[1:] for link in seen.links if link.startswith("#")} <= set(seen.ids)


def test_it_is_a_sound_document(built):
    file = built()
    assert file.startswith("<!doctype html><html lang=")
    seen = Balanced(file)
    assert seen.wrong == []
    assert seen.open == []
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.references <= set(seen.ids)
    assert seen.levels[0] == seen.levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(seen.levels, seen.levels[1:], strict=False))
    assert seen.title == "Assessment report: Rights Programme of Vellmark (2026-2030)"


def test_it_carries_the_words_for_the_head_of_each_sheet(built):
    known = read_snapshot().known
    root = re.search(r"<html[^>]*>", built("--on", "2026-07-15"))[0]
    assert 'data-head-left="Rights Programme of Vellmark (2026-2030)"' in root
    assert f'data-head-right="As of 15 July 2026, log entry {known}"' in root


def test_one_section_can_be_written_alone(built):
    file = built("--category", "I.1")
    assert file.count('<tr id="promise-') == 5
    assert f"{SITE}/vellmark-2030/report/?category=I.1" in file


def test_without_a_name_it_is_named_by_plan_part_and_day(vellmark_progress, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call_command("build_report", "--on", "2026-07-15", "--category", "I.1", verbosity=0)
    call_command("build_report", "--on", "2026-07-15", verbosity=0)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "vellmark-2030-report-2026-07-15.html",
        "vellmark-2030-report-I.1-2026-07-15.html",
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["atlantis"], "There is no plan with the code atlantis."),
        (["vellmark-2030", "--category", "IX"], "There is no chapter or section with the code IX."),
        (["vellmark-2030", "--on", "soon"], "on=soon: give a day such as 2025-12-31."),
        (["vellmark-2030", "--known", "2001-01-01"], "known=2001-01-01: this site began on "),
        (["vellmark-2030", "--output", "nowhere/at/all.html"], "nowhere/at/all.html cannot be written: No such file"),
    ],
)
def test_it_refuses_with_a_sentence_and_writes_nothing(vellmark, tmp_path, monkeypatch, options, sentence):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=f"^{re.escape(sentence)}"):
        call_command("build_report", *options)
    assert list(tmp_path.iterdir()) == []
