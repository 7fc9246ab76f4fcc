"""Pages that read a whole plan for one question: where accounts differ, what is not known, what changed, for whom.

The assessment report is one of them, made to be printed.
"""

from django.shortcuts import render

from tracker.filters.dates import CategoryQuery, DatedQuery, NumberedQuery, TwoDaysQuery
from tracker.filters.parameters import OneOf
from tracker.pages import changes as changes_page
from tracker.pages import coverage as coverage_page
from tracker.pages import disagreements as disagreements_page
from tracker.pages import gaps as gaps_page
from tracker.pages import people as people_page
from tracker.pages import report as assessment

from .page import public, shown


class ChangesQuery(CategoryQuery, NumberedQuery):
    """By which days changes are shown, and which page of them."""

    by = OneOf(changes_page.BY, usual="events")
    show = OneOf(changes_page.SHOW, usual="groups")


class CoverageQuery(CategoryQuery):
    """Paragraphs with one remark alone."""

    remark = OneOf(coverage_page.REMARKS, usual="")


def _of_the_whole_plan(category, **_names):
    """What takes long; of a chapter it does not."""
    return category is None


disagreements = shown("disagreements", disagreements_page.disagreements, CategoryQuery)
gaps = shown("gaps", gaps_page.gaps, DatedQuery)
coverage = shown("coverage", coverage_page.coverage, CoverageQuery, dear=_of_the_whole_plan)
people_list = shown("people_list", people_page.people, DatedQuery)
people_detail = shown("people_detail", people_page.people_group, DatedQuery)
report = shown("report", assessment.report, CategoryQuery, dear=_of_the_whole_plan)
changes = shown("changes", changes_page.changes, ChangesQuery)


@public(TwoDaysQuery)
def compare(request, _newest, plan, before, after):
    """Two days side by side."""
    return render(request, "tracker/compare.html", changes_page.compare(before, after, plan.code))
