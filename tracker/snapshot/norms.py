"""What promises rest on, as records: instruments, their articles and targets, this site's links, who takes part."""

from django.urls import reverse

from tracker.models import Adherence, Instrument, Norm, NormLink
from tracker.records.baseline import AdherenceRecord, InstrumentRecord, NormLinkRecord, NormRecord
from tracker.schema import ADHERENCES, INSTRUMENTS, NORM_LINKS, NORMS

from .paths import path_of


class Norms:
    """What promises rest on, as it stood at a log entry.

    ``there(records, table)`` leaves out what was not registered by then. Instruments and norms stand in the order in
    which they were registered, links and adherences of each plan in the order of its files.
    """

    def __init__(self, there):
        before = reverse("norm-list")
        instruments = there(Instrument.objects.select_related("body").order_by("pk"), INSTRUMENTS)
        self.instruments = {i.code: _instrument(i, before) for i in instruments}
        norms = there(Norm.objects.select_related("instrument").order_by("pk"), NORMS)
        self.norms = {n.code: _norm(n, before) for n in norms}
        self._links, self._adherences = {}, {}
        links = NormLink.objects.select_related("plan", "commitment", "norm__instrument").order_by("plan", "order")
        for link in there(links, NORM_LINKS):
            of_plan = self._links.setdefault(link.plan.code, {})
            of_plan.setdefault(link.commitment.code, []).append(_link(link))
        adherences = Adherence.objects.select_related("plan", "instrument", "source").order_by("plan", "order")
        for adherence in there(adherences, ADHERENCES):
            of_plan = self._adherences.setdefault(adherence.plan.code, {})
            of_plan[adherence.instrument.code] = _adherence(adherence)

    def links_of(self, plan, commitment):
        """The links of a promise, in the order of the files."""
        return tuple(self._links.get(plan, {}).get(commitment, ()))

    def adherences_of(self, plan):
        """How the State that made a plan stands to each instrument, by the instrument's code."""
        return self._adherences.get(plan, {})


def _instrument(i, before):
    return InstrumentRecord(
        code=i.code,
        kind=i.kind,
        title=i.title,
        symbol=i.symbol,
        body=i.body.code if i.body else "",
        address=i.address,
        path=f"{before}{i.code}/",
    )


def _norm(n, before):
    instrument = n.instrument.code
    return NormRecord(
        code=n.code, instrument=instrument, number=n.number, title=n.title, path=f"{before}{instrument}/{n.number}/"
    )


def _link(link):
    page = path_of("commitment-detail", link.plan.code, link.commitment.code)
    return NormLinkRecord(
        plan=link.plan.code,
        code=link.code,
        commitment=link.commitment.code,
        norm=link.norm.code,
        instrument=link.norm.instrument.code,
        rationale=link.rationale,
        path=f"{page}#norm-{link.norm.code}",
    )


def _adherence(a):
    return AdherenceRecord(
        plan=a.plan.code,
        code=a.code,
        instrument=a.instrument.code,
        participation=a.participation,
        since=a.since,
        precision=a.precision,
        source=a.source.code if a.source else "",
        note=a.note,
    )
