"""The working copy of a plan's text: stored, corrected, counted down and taken away, by those who write."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tracker.actions import plantext as actions
from tracker.actions.errors import Conflict, NotAllowed
from tracker.models import Plan, PlanText, TrailEntry
from tracker.plantext.cut import cut
from tracker.plantext.progress import left
from tracker.plantext.read import read
from tracker.plantext.shapes import Correction

from .conftest import VELLMARK_TEXT


def test_a_text_is_stored_corrected_counted_down_and_taken_away(vellmark, edith, anna):
    plan = Plan.objects.get(code="vellmark-2030")
    reading = read(VELLMARK_TEXT.read_bytes(), "plan.txt")
    with pytest.raises(NotAllowed):
        actions.store(plan=plan, reading=reading, file_name="plan.txt", by=anna)
    stored = actions.store(plan=plan, reading=reading, file_name="plan.txt", by=edith)
    lines = actions.lines_of(PlanText.objects.get())
    assert lines == reading.lines

    line = next(n for n, each in enumerate(lines) if each.text.startswith("The 1998"))
    own = Correction.of(lines, line, "begins", code="I.1.9")
    corrected = actions.correct(text=stored, corrections=[own], by=edith, version=stored.version)
    result = cut(lines, actions.corrections_of(PlanText.objects.get()))
    assert result.by_code()["I.1.9"].text.startswith("The 1998 Well Charter")
    with pytest.raises(Conflict):
        actions.correct(text=stored, corrections=[], by=edith, version=stored.version)

    promised = {"I.1.1": [Decimal(88), Decimal(15), Decimal(3), None], "I.2.1": [Decimal("5.5")], "II.1": [None]}
    todo = left(result, promised, corrected.aside)
    assert todo.paragraphs == ["I.1.9", "I.2.2", "II.2"]
    figures = {code: [str(each.value) for each in has] for code, has in todo.figures.items()}
    assert figures == {"I.1.9": ["1998"], "I.2.1": ["20", "20", "2020"]}
    aside = actions.set_aside(text=stored, code="I.1.9", lines=["1998: year of a charter", " "], by=edith)
    assert "I.1.9" not in left(result, promised, aside.aside).figures
    with pytest.raises(ValidationError, match="figure: reason"):
        actions.set_aside(text=stored, code="I.1.9", lines=["1998"], by=edith)

    again = actions.store(plan=plan, reading=reading, file_name="second.txt", by=edith)
    assert (again.pk, again.corrections, again.version) == (stored.pk, corrected.corrections, 4)
    actions.delete(text=again, by=edith)
    assert not PlanText.objects.exists()
    deeds = list(TrailEntry.objects.order_by("pk").values_list("deed", "subject"))[-5:]
    assert [deed for deed, _subject in deeds] == ["drafted", "edited", "edited", "edited", "discarded"]
    assert {subject for _deed, subject in deeds} == {"plan vellmark-2030"}
