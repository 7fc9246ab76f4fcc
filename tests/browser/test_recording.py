"""Every form of recording by keyboard alone: an error on the way, no text lost, handed in.

Wide and narrow windows take turns; what opens on the way is looked at in both.
"""

import pytest

from .rules import NARROW, WIDE
from .walk import Walk

pytestmark = pytest.mark.browser
DAY = "2026-06-30"


@pytest.fixture
def walk(staff_page, complaints):
    """Somebody at the keyboard, at a width; at the end the console has said nothing."""
    heard = complaints(staff_page)
    yield lambda width: Walk(staff_page, width)
    assert heard() == []


def begin(walker, code, kind=""):
    """From the public page of a promise to the form, by the kind that is recorded."""
    walker.page.goto(f"/vellmark-2030/commitments/{code}/")
    walker.press("link", "Record what happened")
    if kind:
        walker.open("Record something else instead")
        walker.press("link", kind)
    walker.is_in_order()


def hand_in(walker):
    """Press the button that hands in."""
    walker.press("button", "Save and hand in for review")


def test_a_figure_with_a_new_source_takes_few_presses(walk):
    walker = walk(NARROW)
    begin(walker, "I.1.1a")
    walker.fill("The number as published", "81.5 percent")
    walker.open("It is not on record yet")
    walker.fill("Title", "Bulletin of wells")
    publisher = walker.fill("Publisher", "numbers", take=True)
    assert publisher.input_value() == "office-of-numbers · Vellmark Office of Numbers"
    walker.fill("Address", "numbers.example/bulletin")
    walker.fill("Published", "2026-07")
    hand_in(walker)
    walker.is_told_of("Until, or as of")
    walker.page.keyboard.type(DAY)
    assert walker.box("Title").input_value() == "Bulletin of wells"
    hand_in(walker)
    walker.page.get_by_text("Handed in for review.").wait_for()
    assert len(walker.presses) <= 8, walker.presses  # with the detour over an error


def test_a_stage_and_a_question_that_is_answered(walk):
    walker = walk(WIDE)
    begin(walker, "I.1.1d")
    walker.choose("adopted")
    walker.fill("Source", "look-back-2025", take=True)
    hand_in(walker)
    walker.is_told_of("Day of the stage")
    walker.page.keyboard.type(DAY)
    hand_in(walker)
    walker.page.get_by_text("before what it shall show").first.wait_for()
    walker.mean_it()
    walker.press("button", "Save draft")
    assert walker.page.get_by_label("I mean it").first.is_checked()
    hand_in(walker)
    walker.page.get_by_text("Handed in for review.").wait_for()


def test_a_judgement(walk):
    walker = walk(NARROW)
    begin(walker, "I.2.2a")
    walker.choose("done in part")
    walker.fill("As of", DAY)
    walker.fill("Source", "look-back-2025", take=True)
    hand_in(walker)
    walker.is_told_of("Summary")
    walker.page.keyboard.type("Half of it stands.")
    hand_in(walker)
    walker.mean_it()
    hand_in(walker)
    walker.page.get_by_text("Handed in for review.").wait_for()


def test_a_search(walk):
    walker = walk(WIDE)
    begin(walker, "I.2.2a", "A search in vain")
    walker.choose("full: the gazette")
    walker.fill("Day of the search", DAY)
    walker.fill("Places looked at", "the gazette, the council's pages")
    walker.fill("Words looked for", "lake, council")
    hand_in(walker)
    walker.is_told_of("Reach")
    walker.fill("Languages", "Vellish")
    hand_in(walker)
    walker.page.get_by_text("Handed in for review.").wait_for()


def test_somebody_elses_finding(walk):
    walker = walk(NARROW)
    begin(walker, "I.1.1e", "Somebody else's finding")
    walker.fill("Whose finding", "valley watch", take=True)
    walker.choose("not kept")
    walker.fill("Date of the finding", DAY)
    walker.fill("Source", "look-back-2025", take=True)
    hand_in(walker)
    walker.is_told_of("Summary")
    walker.page.keyboard.type("It saw a home shut off.")
    hand_in(walker)
    walker.mean_it()
    hand_in(walker)
    walker.page.get_by_text("Handed in for review.").wait_for()


def test_a_body_a_source_and_a_metric(walk):
    walker = walk(WIDE)

    def added(model, told_of, *fill):
        walker.page.goto(f"/admin/tracker/{model}/add/")
        for step in fill:
            step()
        walker.press("button", "Save")
        walker.is_told_of(told_of)

    def saved(words):
        walker.page.keyboard.type(words)
        walker.press("button", "Save")
        walker.page.get_by_text("is added. It is public once a second person has opened it.").wait_for()

    walker.page.goto("/admin/")
    added(
        "body",
        "Why",
        lambda: walker.fill("Code", "gauge-keepers"),
        lambda: walker.fill("Name", "Gauge keepers"),
        lambda: walker.choose("civil society"),
        lambda: walker.choose("independent"),
    )
    saved("Nobody pays them.")
    added(
        "source",
        "Address",
        lambda: walker.fill("Title", "Gauges of May"),
        lambda: walker.pick("publisher", "Gauge keepers"),
    )
    saved("gauges.example/may")
    added(
        "metric",
        "Definition",
        lambda: walker.fill("Code", "gauges"),
        lambda: walker.fill("Name", "Gauges that stand"),
        lambda: walker.choose("stages"),
        lambda: walker.fill("Stages", "planned\nbuilt"),
        lambda: walker.fill("Statistic that answers it", "The keepers' list."),
    )
    saved("Gauges by a river that a keeper reads.")
