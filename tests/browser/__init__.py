"""The pages that a browser looks at: each type of page once, by the site that shows it."""

PAGES = {
    "home": "/",
    "plan": "/vellmark-2030/",
    "rights": "/vellmark-2030/rights/",
    "chapter": "/vellmark-2030/rights/I/",
    "chapter without sections": "/vellmark-2030/rights/II/",
    "section": "/vellmark-2030/rights/I.1/",
    "provision": "/vellmark-2030/provisions/I.1.1/",
    "introduction": "/vellmark-2030/provisions/I.2.0/",
    "objective": "/vellmark-2030/provisions/O.1/",
    "reach": "/vellmark-2030/commitments/I.1.1a/",
    "hold": "/vellmark-2030/commitments/I.2.1a/",
    "change": "/vellmark-2030/commitments/I.2.1c/",
    "total": "/vellmark-2030/commitments/I.1.1b/",
    "milestone": "/vellmark-2030/commitments/I.1.1d/",
    "judge": "/vellmark-2030/commitments/I.2.2a/",
    "uphold": "/vellmark-2030/commitments/I.1.1e/",
    "direction": "/vellmark-2030/commitments/I.2.1d/",
    "explorer": "/vellmark-2030/commitments/",
    "explorer filtered": "/vellmark-2030/commitments/?category=I.1&kind=quantity&beneficiary=villagers&q=water",
    "explorer counted": "/vellmark-2030/commitments/?category=I&by=category&columns=status&columns=test&sort=-distance",
    "explorer empty": "/vellmark-2030/commitments/?kind=law&kind=aim&q=choirs&deadline_after=2029-01-01",
    "search": "/search/?q=water",
    "search of one kind": "/search/?q=water&kind=commitments",
    "search not begun": "/search/",
    "search in vain": "/search/?q=watre",
    "disagreements": "/vellmark-2030/disagreements/",
    "gaps": "/vellmark-2030/gaps/",
    "changes": "/vellmark-2030/changes/",
    "changes as published": "/vellmark-2030/changes/?by=publication",
    "compare": "/vellmark-2030/compare/",
    "coverage": "/vellmark-2030/coverage/",
    "coverage of a right": "/vellmark-2030/coverage/?category=I.2&remark=met_at_baseline",
    "people": "/vellmark-2030/people/",
    "group of people": "/vellmark-2030/people/villagers/",
    "baseline": "/vellmark-2030/baseline/",
    "baseline by right": "/vellmark-2030/baseline/?sort=right&q=wells&form=figure",
    "figure of the baseline": "/vellmark-2030/baseline/cost-of-wells-2024/",
    "figure of a series": "/vellmark-2030/baseline/village-homes-with-piped-water-2025/",
    "report": "/vellmark-2030/report/",
    "report of a section": "/vellmark-2030/report/?category=I.1",
    "metrics": "/metrics/",
    "metric": "/metrics/real-wages/",
    "ladder": "/metrics/water-law/",
    "norms": "/norms/",
    "instrument": "/norms/LAKES/",
    "norm": "/norms/LAKES/3/",
    "bodies": "/bodies/",
    "body": "/bodies/office-of-numbers/",
    "body that nothing names": "/bodies/valley-watch/",
    "method": "/method/",
    "about": "/about/",
    "corrections": "/corrections/",
    "something wrong": "/corrections/report/promise/vellmark-2030/I.1.1a/",
    "data": "/data/",
    "api": "/api/",
    "plans": "/plans/",
    "sources": "/sources/",
    "log": "/ledger/",
    "as of a past day": "/vellmark-2030/rights/I.1/?on=2026-05-01",
}
ERRORS = {"400": "/vellmark-2030/commitments/?colour=red", "404": "/vellmark-2030/commitments/IX.9.9z/"}
COMMITMENTS = ("reach", "hold", "change", "total", "milestone", "judge", "uphold", "direction")
# Made of no sort of element that those looked at whole do not hold: other promises, paragraphs and answers of the same
# templates, and pages that are looked at whole with more on record.
ALIKE = ("hold", "change", "judge", "uphold", "direction", "reach", "total", "introduction", "objective", "section")
ALIKE += ("chapter", "chapter without sections", "explorer", "explorer empty", "search", "search of one kind", "gaps")
ALIKE += ("search in vain", "disagreements", "changes", "changes as published", "compare", "coverage", "report")
ALIKE += ("report of a section", "group of people", "baseline", "figure of the baseline", "metric", "plan")
ALIKE += ("body that nothing names", "body", "corrections", "norm", "people", "plans")

# Of the same plan some months on.
NOT_KEPT = "/vellmark-2030/commitments/?category=II&group=not_kept"
LIVED_PAGES = {
    "home": "/",
    "chapter": "/vellmark-2030/rights/II/",
    "section with figures": "/vellmark-2030/rights/I.1/",
    "list counted": f"{NOT_KEPT}&by=level",
    "promise with figures": "/vellmark-2030/commitments/I.1.1a/",
    "promise that is disputed": "/vellmark-2030/commitments/II.2d/",
    "search": "/search/?q=water",
    "disagreements": "/vellmark-2030/disagreements/",
    "gaps": "/vellmark-2030/gaps/",
    "changes": "/vellmark-2030/changes/",
    "compare": "/vellmark-2030/compare/?from=2026-05-31&to=2026-09-30",
    "coverage": "/vellmark-2030/coverage/",
    "group of people": "/vellmark-2030/people/villagers/",
    "report": "/vellmark-2030/report/",
    "source": "/sources/watch-note/",
    "metric": "/metrics/village-homes-with-piped-water/",
}

# Of the real plan, with what stands on each at least so often.
HEALTH_REPORT = "/hrap-2021-2025/report/?category=I.5"
REAL_PAGES = {"/": ("a.sq", 400), HEALTH_REPORT: ("tr[id^=promise-]", 31)}

# Lists for staff whose first row leads to a record; the rest of what staff see.
STAFF_LISTS = ("plan", "category", "provision", "commitment", "metric", "body", "beneficiarygroup", "ledgerentry")
STAFF_PAGES = {
    "index": "/admin/",
    "desk": "/desk/",
    "account": "/desk/account/",
    "factor": "/desk/account/factor/",
    "people": "/admin/auth/user/",
    "invitation": "/admin/auth/user/add/",
    "locks": "/admin/auth/user/locks/",
    "promises to work on": "/desk/promises/vellmark-2030/",
    "rows on their way": "/desk/rows/",
    "who works on what": "/desk/assignments/",
    "expected figures": "/desk/calendar/",
    "messages": "/desk/messages/",
    "reports of readers": "/desk/reports/",
    "list searched": "/admin/tracker/commitment/?kind__exact=quantity&q=water",
    "updates": "/admin/tracker/update/",
    "commitment": "/admin/tracker/commitment/2/change/",
    "metric": "/admin/tracker/metric/add/",
    "source": "/admin/tracker/source/add/",
    "choose": "/admin/tracker/update/add/",
    "value": "/admin/tracker/update/add/?metric=village-homes-with-piped-water",
    "stage": "/admin/tracker/update/add/?metric=water-law",
    "judgement": "/admin/tracker/update/add/?commitment=vellmark-2030/I.2.2a",
    "finding": "/admin/tracker/assessment/add/?commitment=vellmark-2030/I.1.1a",
}
# Lists made of no sort of element that the other pages for staff do not hold; of forms none is left out.
STAFF_ALIKE = ("category", "provision", "commitment", "metric", "body", "beneficiarygroup", "ledgerentry")
STAFF_PAGES_ALIKE = ("locks", "rows on their way", "reports of readers")
