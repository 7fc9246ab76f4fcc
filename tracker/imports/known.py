"""What is on record already, looked up by what a file says of it; read once for a whole file."""

import hashlib
from collections import Counter

from django.utils.text import slugify
from django.utils.translation import gettext as _

from tracker.models import Assessment, Body, Commitment, Metric, Source, Update, What
from tracker.schema import IMPORTED
from tracker.text import plain_number


class Known:
    """Bodies, metrics, commitments, sources, imported keys and figures, by what names them in a file."""

    def __init__(self):
        self.bodies = {body.code: body for body in Body.objects.all()}
        names = Counter(body.name.casefold() for body in self.bodies.values())
        self._named = {body.name.casefold(): body for body in self.bodies.values() if names[body.name.casefold()] == 1}
        self.metrics = {metric.code: metric for metric in Metric.objects.all()}
        promised = Commitment.objects.select_related("plan", "provision", "metric")
        self.commitments = {f"{c.plan.code}/{c.code}": c for c in promised}
        self._sources, self._by_address, self._by_title = {}, {}, {}
        for source in Source.objects.order_by("pk"):
            self.add_source(source)
        imported = [model.objects.filter(seed_key__startswith=IMPORTED) for model in (Update, Assessment)]
        self.keys = {key for rows in imported for key in rows.values_list("seed_key", flat=True)}
        figures = Update.objects.live().filter(what=What.VALUE, value__isnull=False)
        figures = figures.values_list("metric", "as_of", "value")
        self._figures = {(metric, as_of, plain_number(value)) for metric, as_of, value in figures}

    def body(self, name):
        """The body with this code or, to the letter but for capitals, this name; ``None`` for none or several."""
        return self.bodies.get(name) or self._named.get(name.casefold())

    def source(self, code="", address="", title="", publisher=None):
        """The source with this code or, failing that, this address, or this title from this body."""
        if code:
            return self._sources.get(code)
        if address:
            return self._by_address.get(address)
        return self._by_title.get((publisher.pk if publisher else None, title.casefold()))

    def add_source(self, source):
        """Know a source that was registered meanwhile."""
        self._sources[source.code] = source
        self._by_title.setdefault((source.publisher_id, source.title.casefold()), source)
        if source.address:
            self._by_address.setdefault(source.address, source)

    def figure(self, update):
        """Whether the same number for the same metric and day is public already."""
        if update.value is None:
            return False
        return (update.metric_id, update.as_of, plain_number(update.value)) in self._figures

    def number_of(self, plan, ref):
        """The one number that the promises of a paragraph are measured by, and why there is none."""
        here = [c for c in self.commitments.values() if c.plan_id == plan.pk and c.provision.code == ref]
        if not here:
            return None, _("No paragraph %(ref)s with promises is in the plan.") % {"ref": ref}
        metrics = {c.metric for c in here}
        if len(metrics) != 1 or None in metrics:
            return None, _("The promises of %(ref)s do not share one metric: say which it is about.") % {"ref": ref}
        metric = metrics.pop()
        if metric.shape != "number":
            return None, _("%(ref)s is measured in stages: say which was reached.") % {"ref": ref}
        return metric, ""


def new_source(*, publisher, title, address, published, precision, language):
    """An unsaved source under a code made of publisher, title and address; a blank address says so."""
    mark = hashlib.sha256(f"{publisher.code}\n{title}\n{address}".encode()).hexdigest()[:8]
    return Source(
        code=f"{publisher.code[:40]}-{slugify(title)[:50]}-{mark}".replace("_", "-").replace("--", "-"),
        publisher=publisher,
        title=title,
        address=address,
        reason_withheld="" if address else _("No address was given when it was recorded."),
        published=published,
        published_precision=precision,
        language=language,
    )
