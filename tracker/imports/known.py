"""What is on record already, looked up by what a file says of it; read once for a whole file."""

import hashlib
import math
import re
from collections import Counter, defaultdict
from functools import cached_property

from django.db.models import Max, Min
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tracker.actions.alike import address_key
from tracker.models import Assessment, Body, Category, Commitment, Evidence, Metric, Source, State, Update, What
from tracker.schema import IMPORTED
from tracker.text.plain import folded, plain_number

from .names import SEPARATOR, Named, initials, words_of


class Known:
    """Bodies, metrics, promises, sources and rows on record, by what names them in a file about one plan."""

    def __init__(self, plan):
        self.plan = plan
        self.bodies = Named({body.code: body for body in Body.everything.citable()}, lambda body: body.name)
        metrics = Metric.objects.filter(state__in=("", plan.state)).select_related("producer")
        self.metrics = Named({each.code: each for each in metrics}, lambda metric: metric.name)
        promised = list(Commitment.objects.select_related("plan", "provision__category", "metric"))
        self.everywhere = {f"{c.plan.code}/{c.code}": c for c in promised}
        self.commitments = Named({c.code: c for c in promised if c.plan_id == plan.pk}, lambda c: c.title)
        self.categories = {each.code: each for each in Category.objects.filter(plan=plan)}
        self.of_paragraph = defaultdict(list)
        for each in self.commitments.by_code.values():
            self.of_paragraph[each.provision.code].append(each)
        self.paragraphs = {c.provision.code: c.provision for c in self.commitments.by_code.values()}
        self._sources, self._by_address, self._by_title = {}, defaultdict(list), defaultdict(list)
        for source in Source.everything.citable().select_related("publisher").order_by("pk"):
            self.add_source(source)
        imported = [model.objects.filter(seed_key__startswith=IMPORTED) for model in (Update, Assessment)]
        self.keys = {key: state for rows in imported for key, state in rows.values_list("seed_key", "state")}
        self.figures = defaultdict(list)
        rows = Update.objects.filter(what=What.VALUE, value__isnull=False, metric__isnull=False, redacted_by=None)
        for metric, as_of, value, origin, state in rows.values_list("metric", "as_of", "value", "origin", "state"):
            self.figures[metric, as_of, plain_number(value)].append((origin, _where(state)))

    @cached_property
    def series(self):
        """Of each metric, the least and the greatest value on record."""
        rows = Update.objects.live().filter(what=What.VALUE, value__isnull=False).values("metric")
        return {
            each["metric"]: (each["low"], each["high"]) for each in rows.annotate(low=Min("value"), high=Max("value"))
        }

    @cached_property
    def texts(self):
        """Of each source, the words of every row that cites it, and where that row stands."""
        by_source = defaultdict(list)
        for row in ("update_record", "assessment"):
            cited = Evidence.objects.filter(**{f"{row}__isnull": False}).order_by("pk")
            for source, text, state in cited.values_list("source", f"{row}__summary", f"{row}__state"):
                by_source[source].append((words_of(text), _where(state)))
        return by_source

    @cached_property
    def rarity(self):
        """How much a word tells: the rarer among the plan's promises, the more."""
        promises = self.commitments.by_code.values()
        times = Counter(word for each in promises for word in self.words_of_promise(each))
        return {word: math.log(len(promises) / n) for word, n in times.items()}

    def words_of_promise(self, promise):
        """What a promise speaks of: its title, its quote and what measures it."""
        metric = f" {promise.metric.name} {promise.metric.statistic}" if promise.metric_id else ""
        return words_of(f"{promise.title} {promise.quote}{metric}")

    @cached_property
    def names_in_texts(self):
        """Names of bodies as a text may have them, each with its body."""
        return [(folded(each.name), each) for each in self.bodies.by_code.values() if len(each.name) > 5]

    @cached_property
    def acronyms(self):
        """Bodies by a short form that is one body's alone: its code in capitals, or the initials of its name."""
        forms = defaultdict(set)
        for code, body in self.bodies.by_code.items():
            for form in {code.upper(), initials(body.name)}:
                if 2 < len(form) < 8:
                    forms[form].add(code)
        short = {form: codes.pop() for form, codes in forms.items() if len(codes) == 1}
        by_code = {form: form.lower() for form in forms if form.lower() in self.bodies.by_code}
        return {form: self.bodies.by_code[code] for form, code in (short | by_code).items()}

    @cached_property
    def _offices(self):
        """The words of the name of each body of government, and the body."""
        of_government = (each for each in self.bodies.by_code.values() if each.kind == "government")
        of_government = (each for each in of_government if each.state in ("", self.plan.state))
        return [(words_of(each.name), each) for each in of_government]

    def office(self, charge, noun):
        """The one body of government with this noun that has this charge, such as health and commission."""
        noun = words_of(noun.replace("minister", "ministry"))
        for words in (words_of(charge), words_of(re.split(r"[ ]", charge)[-1])):
            wanted = noun | words
            same = [body for name, body in self._offices if words and wanted <= name]
            if len(same) == 1:
                return same[0]
        return None

    @cached_property
    def own_statements(self):
        """Of each publisher, how many rows on record that cite it are its own statement, and how many there are."""
        times = defaultdict(lambda: (0, 0))
        for row in ("update_record", "assessment"):
            cited = Evidence.objects.filter(**{f"{row}__state": State.PUBLISHED, f"{row}__origin__isnull": False})
            for publisher, origin in cited.values_list("source__publisher", f"{row}__origin"):
                own, of = times[publisher]
                times[publisher] = own + (publisher == origin), of + 1
        return dict(times)

    def commitment(self, written):
        """The promise of the plan with this code or title, or of any plan with PLAN/CODE."""
        return self.everywhere.get(written.split(SEPARATOR)[0]) or self.commitments.get(written)

    def body(self, written):
        """The body with this code or name, or with the name that stands behind a “via”, or without “The”."""
        if body := self.bodies.get(written):
            return body
        plain = re.sub(r"\s*\([^)]*\)", "", written).strip()
        if written in self.acronyms:
            return self.acronyms[written]
        acronym = re.search(r"\(([^)]*)\)", written)
        forms = [plain, plain.removeprefix("The ").removeprefix("the "), f"The {plain}"]
        forms += [acronym[1]] if acronym else []
        forms += [re.split(r"\bvia\b|,", plain, flags=re.IGNORECASE)[-1].strip()] if " via " in plain else []
        return next((body for form in forms if form and (body := self.bodies.get(form))), None)

    def sources(self, code="", address="", title="", publisher=None):
        """The sources that may be meant: by code, else by address, else by title and, where it is known, publisher."""
        if code:
            return [self._sources[code]] if code in self._sources else []
        if address and (same := self._by_address.get(address_key(address))):
            titled = [each for each in same if folded(each.title) == folded(title)]
            exact = [each for each in titled or same if each.address == address]
            return exact or titled or same
        same = self._by_title.get(folded(title), ()) if title else ()
        # The same title at another address of the same publisher is another page, unless one of them has none.
        same = [each for each in same if not (address and each.address)]
        of_publisher = [each for each in same if publisher is not None and each.publisher_id == publisher.pk]
        return of_publisher or (list(same) if publisher is None else [])

    def add_source(self, source):
        """Know a source that was just registered."""
        self._sources[source.code] = source
        self._by_title[folded(source.title)].append(source)
        if source.address:
            self._by_address[address_key(source.address)].append(source)


def _where(state):
    return _("public already") if state == State.PUBLISHED else _("among the drafts")


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
