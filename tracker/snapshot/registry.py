"""The registry as it stood at a log entry, as records."""

from tracker.models import (
    BeneficiaryGroup,
    Body,
    Category,
    Commitment,
    LedgerEntry,
    Metric,
    Plan,
    Provision,
    Source,
    Update,
    What,
)
from tracker.records.registry import (
    BodyRecord,
    CategoryRecord,
    GroupRecord,
    MetricRecord,
    ProvisionRecord,
    SourceRecord,
)
from tracker.schema import (
    BODIES,
    CATEGORIES,
    COMMITMENTS,
    GROUPS,
    MANY,
    METRICS,
    ONE,
    PROVISIONS,
    SOURCES,
    record_named,
    set_field,
    subject_of,
)

from .baseline import read_baseline
from .norms import Norms
from .paths import path_of


def registered(known):
    """Log entry that registered each record of the registry, and when: by subject, up to an entry."""
    rows = LedgerEntry.objects.filter(action="register", seq__lte=known).values_list("subject", "seq", "at")
    return {subject: (seq, at) for subject, seq, at in rows}


def earlier_values(known):
    """What amendments published after an entry changed: for each record the values that it had then."""
    later = Update.objects.published().filter(what=What.AMENDMENT, entry__gt=known).order_by("-entry_id")
    values = {}
    for update in later.select_related("commitment__plan", "metric", "body", "source"):
        record = update.about
        kept = values.setdefault((type(record), record.pk), {})
        kept |= {name: old for name, (old, _new) in update.changes.items()}
    return values


class Registry:
    """The registry as it stood at a log entry, as records; amendments published later are laid back."""

    def __init__(self, known, head):
        self.then = earlier_values(known) if known < head else {}
        self.there = registered(known) if known < head else None
        self.bodies = {b.code: self._body(b) for b in self._of(Body.objects.order_by("name"), BODIES)}
        groups = BeneficiaryGroup.objects.order_by("name")
        self.groups = {g.code: GroupRecord(g.code, g.name) for g in self._of(groups, GROUPS)}
        metrics = Metric.objects.select_related("producer").order_by("name")
        self.metrics = {m.code: self._metric(m) for m in self._of(metrics, METRICS)}
        self.sources = self._sources()
        self.plans = list(Plan.objects.select_related("publisher"))
        if self.there is not None:
            self.plans = [p for p in self.plans if f"plan {p.code}" in self.there]
        self.categories, self.provisions, self.rows = {}, {}, {}
        categories = Category.objects.select_related("plan", "parent").order_by("plan", "order")
        for c in self._of(categories, CATEGORIES):
            there = self.categories.setdefault(c.plan.code, {})
            there[c.code] = _category(c, position=len(there) + 1)
        provisions = Provision.objects.select_related("plan", "category").order_by("plan", "order")
        for p in self._of(provisions, PROVISIONS):
            there = self.provisions.setdefault(p.plan.code, {})
            there[p.code] = _provision(p, position=len(there) + 1)
        commitments = Commitment.objects.select_related("plan", "provision__category", "metric")
        commitments = commitments.prefetch_related("groups", "bodies", "beside").order_by("plan", "order")
        for c in self._of(commitments, COMMITMENTS):
            self.rows.setdefault(c.plan.code, {})[c.code] = c
        self.baseline, self.passages = read_baseline(self._of)
        self.norms = Norms(self._of)

    def _sources(self):
        if self.there is not None:
            sources = Source.objects.select_related("publisher").order_by("code")
            return {s.code: source_record(s) for s in self._of(sources, SOURCES)}
        fields = ("code", "publisher__code", "title", "address", "reason_withheld")
        dated = ("published", "published_precision", "language", "archived", "sha256")
        return {row[0]: SourceRecord(*row) for row in Source.objects.order_by("code").values_list(*fields, *dated)}

    def _of(self, records, table):
        """Records that were there, with the values that they had."""
        for record in records:
            if self.there is not None:
                if subject_of(record) not in self.there:
                    continue
                for name, old in self.then.get((type(record), record.pk), {}).items():
                    self._lay_back(record, table, name, old)
            yield record

    def _lay_back(self, record, table, name, old):
        key = next(key for key in table.keys if key.name == name)
        if key.type == MANY:
            record._prefetched_objects_cache[name] = list(key.to.objects.filter(code__in=old or ()))
        elif key.type == ONE:
            setattr(record, name, record_named(record, key, old))
        else:
            set_field(record, name, old)

    @staticmethod
    def _body(b):
        return BodyRecord(b.code, b.name, b.kind, b.side, b.why)

    @staticmethod
    def _metric(m):
        return MetricRecord(
            code=m.code,
            name=m.name,
            definition=m.definition,
            shape=m.shape,
            nature=m.nature,
            unit=m.unit,
            decimals=m.decimals,
            rungs=tuple(m.rungs),
            statistic=m.statistic,
            producer=m.producer.code if m.producer else "",
            scope=m.scope,
            lag_months=m.lag_months,
            problems=m.problems,
        )


def source_record(s):
    """A source, stored or not, as a record."""
    return SourceRecord(
        code=s.code,
        publisher=s.publisher.code,
        title=s.title,
        address=s.address,
        reason_withheld=s.reason_withheld,
        published=s.published,
        published_precision=s.published_precision,
        language=s.language,
        archived=s.archived,
        sha256=s.sha256,
    )


def _category(c, position):
    return CategoryRecord(
        plan=c.plan.code,
        code=c.code,
        position=position,
        parent=c.parent.code if c.parent else "",
        title=c.title,
        short_title=c.short_title,
        path=path_of("right-detail", c.plan.code, c.code),
    )


def _provision(p, position):
    return ProvisionRecord(
        plan=p.plan.code,
        code=p.code,
        position=position,
        category=p.category.code if p.category else "",
        form=p.form,
        title=p.title,
        heading=p.heading,
        other_figures=tuple(p.other_figures),
        path=path_of("provision-detail", p.plan.code, p.code),
    )
