"""What each word of the closed lists means, in one line, for those who choose one in a form or write it in a file."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker import models
from tracker.models import What

# fmt: off
MEANINGS: dict[type, dict[str, Any]] = {
    models.What: {
        What.VALUE: _("A number that somebody published of a metric, for a period."),
        What.RUNG: _("One of the metric's stages was reached: drafted, adopted, in force."),
        What.JUDGEMENT: _("We read the evidence against the promise's written test."),
        What.SEARCH: _("We looked and found nothing: where, for which words, how far."),
        What.AMENDMENT: _("A record of the registry changes, with old and new value."),
        What.WITHDRAWAL: _("Something published no longer counts; it stays readable."),
    },
    models.Bound: {
        "exact": _("The number is the figure itself."),
        "at_least": _("“60 or more”, “no fewer than 60”."),
        "more_than": _("“Over 60”, “more than 60”, “exceeded 60”."),
        "at_most": _("“60 or less”, “up to 60”."),
        "less_than": _("“Under 60”, “fewer than 60”, “nearly 60”."),
        "about": _("“About 60”, “some 60”: above or below it, nobody says which."),
    },
    models.Fits: {
        "same": _("Exactly what the metric's definition says: computed with."),
        "near": _("Measured a little otherwise, and good enough: computed with, and flagged."),
        "other": _("Bears on it and measures something else: shown, never computed with."),
    },
    models.How: {
        "reported": _("The source gives this number."),
        "derived": _("Worked out of numbers that the source gives: write the arithmetic."),
        "converted": _("From another unit: write the factor."),
    },
    models.Verdict: {
        "done": _("All that the written test asks for is there."),
        "in_part": _("Some of what the test asks for is there, and the summary says what is not."),
        "not_done": _("The evidence shows that it did not happen."),
    },
    models.Reach: {
        "limited": _("Not all places where it would stand: it says “looked, nothing found”."),
        "full": _("Gazette, the responsible body's site and a general search, in the State's language, after the usual "
                  "lag: it can decide that a stage was not reached."),
    },
    models.Says: {
        "kept": _("It says that what was promised was done."),
        "partly": _("It says that some of what was promised was done."),
        "not_kept": _("It says that what was promised was not done."),
        "qualifies": _("It says neither, and limits what others say: a doubt, a condition, a cost."),
        "notes": _("It reports facts on the promise and gives no verdict."),
    },
    models.Precision: {
        "day": _("The day is known."), "month": _("Only the month is known."), "year": _("Only the year is known."),
    },
    models.BodyKind: {
        "government": _("Ministry, court, parliament, statistical office, local government."),
        "state_media": _("Owned or directed by a State: a news agency, a party newspaper."),
        "state_sponsored": _("Founded, funded or directed by a State, such as a mass organisation."),
        "intergovernmental": _("States founded it: the World Bank, the WHO, UNICEF."),
        "treaty_body_or_mandate": _("UN committee, special procedure or review that reports on human rights."),
        "national_institution": _("Accredited under the Paris Principles, or set up to be."),
        "academic": _("University, institute, journal."),
        "civil_society": _("Non-governmental organisation, trade union, association."),
        "media": _("Newspaper, broadcaster or agency that no State directs."),
        "company": _("Business or business association."),
        "foreign_government": _("A ministry, commission or embassy of a State without a plan here, or what it funds."),
    },
    models.Side: {
        "official": _("A State's own: its bodies, its media, what it founds, funds or directs."),
        "un": _("Human rights mechanisms and agencies of the United Nations."),
        "independent": _("All others, foreign governments and what they fund among them."),
        "unknown": _("Nobody could find out whose it is: shown, and never counted as independent."),
    },
    models.Shape: {
        "number": _("It is read off as a number in a unit."),
        "ladder": _("It is read off as a stage, such as drafted or adopted."),
    },
    models.Nature: {
        "stock": _("How much there is at a moment: people covered at the end of a year."),
        "average": _("The mean over a period: yearly average of fine particles."),
        "flow": _("How much in a period: homes built in a year."),
        "event": _("Something that happens once or at intervals: an election, a census."),
    },
    models.Period: {
        "school_year": _("Ends in the month given below."),
        "fiscal_year": _("Ends in the month given below."),
        "term": _("As long as a body is elected or appointed."),
    },
    models.Kind: {
        "quantity": _("A number is to be reached, held or changed."),
        "law": _("A law, regulation, standard or policy document."),
        "institution": _("A body, a facility or a system is to exist or run."),
        "programme": _("A service, a campaign, a support scheme."),
        "safeguard": _("A standing duty or a prohibition: reported on, never judged here."),
        "reporting": _("A report, a review, a dialogue or an event."),
        "aim": _("A direction without anything that could be measured as reached."),
    },
    models.Level: {
        "structure": _("Law, institution, policy: what is set up."),
        "process": _("What is done: services, budgets, training."),
        "outcome": _("What people have of it."),
    },
    models.Rule: {
        "reach": _("The number stands at the target by the deadline."),
        "hold": _("It stands at the target in every year of the plan."),
        "change": _("It changes by a percentage from a base year."),
        "total": _("Amounts of all years of the plan add up to the target."),
        "milestone": _("The target stage is reached by the deadline."),
        "judge": _("Read against the written test."),
        "uphold": _("A standing duty: who found what, and no verdict of ours."),
        "direction": _("Which way the number moves; never counted as kept."),
    },
    models.DeadlineBasis: {
        "stated": _("The text names the time."),
        "period_end": _("The text names none: the plan's last day."),
        "standing": _("A duty or prohibition, for as long as the plan runs."),
    },
    models.InstrumentKind: {
        "treaty": _("States become parties to it."),
        "goals": _("Such as the Sustainable Development Goals."),
        "mechanism": _("Such as the Universal Periodic Review."),
    },
    models.Participation: {
        "party": _("Ratified or acceded."), "signed": _("Signed, and not ratified."),
        "none": _("Neither."), "member": _("By being a member of the United Nations."),
    },
    models.Mechanism: {
        "upr": _("States review one another, every four to five years."),
        "treaty_body": _("A committee of experts reviews what a State reports under a treaty."),
        "special_procedure": _("An expert or working group with a mandate of the Human Rights Council."),
    },
    models.Reply: {
        "supported": _("It accepts it, also where it calls it done or under way."), "partly": _("It accepts a part."),
        "noted": _("It takes note, or says that it does not accept it: give its own words."),
        "answered": _("It reports on it, as to a committee, and takes no stand on the recommendation itself."),
    },
    models.Form: {
        "dash": _("One of the paragraphs that a dash opens, counted within their section."),
        "intro": _("Stands at the head of a chapter or section."),
        "objective": _("One of the targets that the plan states for itself as a whole."),
    },
    models.BaselineForm: {
        "figure": _("A number in a unit."), "act": _("Something done, without a number."),
    },
}
# What each word for what became of a promise means, and an example, by the names of the lists in ``labels``.
RESULTS: dict[str, dict[str, tuple[Any, Any]]] = {
    "group": {
        "kept": (
            _("The promise was kept as it was made. The word beside it says how it was decided: met by a number "
              "or a stage, held in every year, done as judged against the written test, or no breach found of a "
              "standing duty."), ""),
        "in_part": (_("Some of what was promised was done, and some was not."), ""),
        "not_kept": (
            _("The promise was not kept as it was made: not met, met and lost again, not held, or not done."), ""),
        "contested": (
            _("A standing duty that a UN body or another independent body found not kept, or kept only in part. "
              "This site gives no verdict of its own."), ""),
        "interim": (
            _("No figure of the deadline is on record. The last one before it shows how things stood then."), ""),
        "direction": (
            _("The text promises a rise or a fall and does not say how far, so it is never counted as kept."), ""),
        "running": (_("Something is on record, and the deadline is still to come."), ""),
        "not_known": (
            _("Nothing on record here answers the test. That says neither that it was kept nor that it was not."), ""),
    },
    "status": {
        "met": (_("The final figure meets the target, or the promised stage was reached in time."),
            _("Promised: at least 88 percent by the end of 2030; on record: 89.1 percent at the end of 2030. A "
              "count that can only grow is met as soon as it is reached.")),
        "met_late": (_("Not met at the deadline, and met afterwards."),
            _("The law was due by 31 December 2030 and was adopted on 3 March 2031.")),
        "lost": (_("It was met during the period, and the final figure no longer meets it."),
            _("88.4 percent in 2028, 87.2 percent at the end of 2030.")),
        "not_met": (
            _("The final figure does not meet the target, or a source or a full search shows that the stage was "
              "not reached."),
            _("A source of after the deadline says that it is pending, refused or given up; or the gazette, the "
              "responsible body's own site and a general search, in the State's language, held nothing. Silence "
              "alone is never “not met”.")),
        "held": (_("Every year of the plan has a figure, and none fails."),
            _("Below 5.5 percent in each of 2026 to 2030.")),
        "not_held": (_("At least one year of the plan is known to fail."),
            _("Held in 4 of 5 years; not held in 2028.")),
        "moved": (
            _("The figure moved the promised way. The text does not say how far, so it is never counted as kept."),
            _("Wages of 3,100 crowns in 2025 and 3,150 in 2030.")),
        "unchanged": (_("The last figure is that of the base date."), ""),
        "moved_away": (_("The figure moved against what was promised."),
            _("3,100 crowns in 2025 and 3,040 in 2030.")),
        "done": (_("This site read the evidence against the written test: what it asks for happened."), ""),
        "in_part": (_("This site read the evidence against the written test: some of it happened."),
            _("The test asks for advice to be widened in the valleys; it was in two of five.")),
        "not_done": (
            _("This site read the evidence against the written test: a source shows that it did not happen."), ""),
        "contested": (
            _("A standing duty that a UN body or another independent body found not kept, or kept only in part, "
              "in the plan's period. This site gives no verdict of its own."), ""),
        "no_breach_found": (
            _("A standing duty that such a body examined and found kept. What the State says of itself is not "
              "enough."), ""),
        "ahead": (
            _("No figure of the deadline is on record, and the last one, of the two years before it, meets the "
              "target."),
            _("What passes and what fails is treated alike: neither is final.")),
        "short": (
            _("No figure of the deadline is on record, and the last one, of the two years before it, does not "
              "meet the target."),
            _("Promised: 83 percent in 2030; the last figure is 82.1, of 2029.")),
        "reached": (
            _("The newest figure meets the target already, or the stage is reached; the deadline is still to "
              "come."), ""),
        "on_track": (_("At the pace so far, the target would be reached by the deadline, or nearly."),
            _("Pace of 0.95 or more. From 80 to 88 in five years, 83.2 after two: 0.40 of the way in 0.40 of the "
              "time, pace 1.")),
        "behind": (_("The pace so far is too slow for the target."),
            _("Pace from 0.60 to below 0.95. 82 after two years: 0.25 of the way in 0.40 of the time, pace 0.63.")),
        "far_behind": (_("The pace so far is far too slow for the target."),
            _("Pace from 0 to below 0.60. 81 after two years: pace 0.31.")),
        "moving_away": (_("The figure moves away from the target."),
            _("Pace below 0. 79 after two years.")),
        "under_way": (
            _("A stage above the first is reached, or something was added up, and the deadline is still to come."),
            _("The law is drafted.")),
        "not_started": (_("The only stage on record is the lowest, or it was judged that nothing was done yet."), ""),
        "not_known": (
            _("Nothing on record here answers the test. That says neither that it was kept nor that it was not."), ""),
    },
    "missing": {
        "nobody_looked": (
            _("This site has not researched the promise yet: nothing is on record here, not even a search. Others "
              "may know."), ""),
        "nothing_found": (_("Named places were searched for named words, and nothing found there decides."),
            _("The search is on record, with how far it went: only a full one, made after the usual time, can say "
              "“not met”.")),
        "no_statistic": (_("No statistic is known that could show it, so no figure is waited for."),
            _("The page of its metric says what was looked at.")),
        "not_published_yet": (
            _("The figure that would answer it is not due yet: it normally appears some months after the period."),
            _("With two months of grace, a yearly figure with a lag of six months for 2030 is missing only from "
              "September 2031.")),
        "no_late_figure": (
            _("The last figure is too old to say how it ended: from more than two years before the deadline, or "
              "from before the plan."),
            _("It is shown, and decides neither way. A stage that lasts, such as a law in force, and was reached "
              "before the plan takes a later record that it still stood.")),
        "not_published_by_state": (
            _("A source shows that the State keeps the figure secret, stopped publishing it or never collected "
              "it."),
            _("That is a finding with evidence, not a gap.")),
        "held_on_record": (_("No year is known to fail, and some years have no figure."),
            _("Held in the 3 of 5 years on record.")),
        "bound_only": (
            _("The published number is a bound, such as “more than 60”, that leaves both answers open."),
            _("Promised: at least 65 percent; published: “more than 60 percent”.")),
        "sources_disagree": (_("Figures for one period give different answers."),
            _("One office says 88.2, another 87.5, and 88 was promised. The newest does not win silently.")),
        "accounts_differ": (
            _("The State says that it was kept, or kept in part; a UN body or another independent one says "
              "otherwise; and nothing on record decides."), ""),
        "no_baseline": (
            _("A change cannot be computed, because where things stood at the base date is not on record."), ""),
        "not_decided": (_("Evidence is on record, and none of it answers the test."),
            _("A figure of the capital for a promise about the whole country.")),
        "claimed_only": (
            _("Of the plan's period the State alone speaks: it says that the promise was kept, or kept in part, and "
              "nothing on record shows it."), ""),
    },
    "flag": {
        "met_at_baseline": (_("Where things stood at the start met the target already."),
            _("Promised: at least 88 percent; before the plan: 90.")),
        "kept_before_promise": (_("What was promised had been reached before the plan was published."),
            _("The law was in force a month before the plan came out.")),
        "near_measure": (_("The deciding figure is of a near statistic, not exactly of what was promised."),
            _("Homes with water at the door instead of in the house.")),
        "approximate_target": (_("The text says “about”, so a tolerance applies."),
            _("Where more, or less, is better it is a floor or a ceiling: about 15 wells is 13.5 or more. Where "
              "the text wants neither more nor less, it is both: 13.5 to 16.5.")),
        "no_final_value": (
            _("No figure of the deadline itself is on record: the last one is of some time before it."), ""),
        "sources_differ": (_("Figures for one period differ, and all give the same answer."),
            _("88.2 and 89, and 88 was promised.")),
        "one_origin": (_("Every deciding figure or act is one body's own, often the State's."), ""),
        "no_address": (_("None of the deciding sources has a web address that was seen to work."), ""),
        "year_not_stated": (_("A deciding figure stands in a source that does not say of which year it is."), ""),
        "harm_found": (_("Somebody finds that keeping this promise itself harms the right."),
            _("Homes moved against their will to reach the share.")),
    },
    "says": {
        "mixed": (_("Its statements give different verdicts; each stands below."), ""),
        "": (_("Nothing of this side is on record here."), ""),
    },
    "basis": {
        "computed": (_("The method compares published figures or stages with the target."), ""),
        "judged": (_("This site's own reading of the evidence against the promise's written test."), ""),
        "reported": (_("It says what others found, and this site adds no verdict."), ""),
    },
}
# Words that the pages use and no list holds.
WORDS: tuple[tuple[Any, Any], ...] = (
    (_("promise, commitment"),
        _("One thing in a plan that can be found kept or not kept by itself. Both words mean the same.")),
    (_("test"),
        _("One sentence that says what counts as kept, written before any evidence is read. Where it was written or "
          "changed later, the promise says so and why.")),
    (_("disputed"),
        _("Accounts differ: the State says that a promise was kept, and a UN body, others or this site's own "
          "finding say less, or nothing on record decides it. The page of disagreements lists these. “Contested” is "
          "narrower: a standing duty that was found not kept, or kept only in part.")),
    (_("against"),
        _("A finding against a promise says that it was not kept, or kept only in part.")),
    (_("whose statement"),
        _("Whoever made a figure or a finding. It decides whether it counts as the State's, the UN's or others'.")),
    (_("carried by"),
        _("Whoever published it, such as a newspaper that repeats a ministry's figure.")),
    (_("one origin"),
        _("One body that everything rests on, however many papers carried its word.")),
    (_("norms"),
        _("Treaty articles and goals that a promise answers. The links are this site's own.")),
    (_("recommendation"), _("What a UN mechanism recommended to the State. No reply on record is no refusal.")),
    (_("metric"),
        _("What is measured: a number with its unit, or stages such as drafted and adopted.")),
    (_("baseline"),
        _("Where things stood before the plan: what change is counted from, never the answer.")),
    (_("log"),
        _("The list of everything published here, in order. Each entry is sealed with the one before, so that "
          "nothing can be changed unseen.")),
    (_("body"),
        _("An organisation that made or carried a statement, or that the plan names.")),
    (_("no confirmed web address"),
        _("No page on the web was seen to hold the source; its title and publisher are given.")),
)
# fmt: on
_BY_VALUES = {frozenset(each.values): meanings for each, meanings in MEANINGS.items()}  # type: ignore[attr-defined]


def meanings_of(values: Iterable[Any]) -> dict[str, Any]:
    """What each of these values means, where they are those of a closed list, a blank apart; else nothing."""
    return _BY_VALUES.get(frozenset(str(value) for value in values if value), {})


def meaning_of(value: str, of: str) -> Any:
    """What a word of a list of ``labels`` means, in one sentence; nothing for one that says it itself."""
    if value in RESULTS.get(of, {}):
        return RESULTS[of][value][0]
    return MEANINGS[models.Says].get(value, "") if of == "says" else ""
