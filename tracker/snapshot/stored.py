"""Updates of a log that is too long to be held in memory: read when they are asked for, and kept for a while.

What the method needs of an update is kept of each, as five small numbers: a date, a number or a body that a million
rows name is held once. Whoever walks through all that a plan holds asks for it in order, and so the next are read with
the first, as many as may be kept.
"""

import datetime
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, overload

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max, Q

from tracker.models import Body, Commitment, Evidence, Metric, Source, Update, What
from tracker.records.progress import ReplacedRecord, UpdateRecord
from tracker.standalone.assess import earliest
from tracker.text.plain import plain_number

RECORDS_KEPT = 12_000  # updates as records: about 15 MB
IN_A_ROW = 4  # so many asked for in order are taken for a walk through all
NEAR = 8  # so many places further is still in order: some hold nothing
AT_ONCE = 500  # of what updates are about

About = tuple[str, ...]  # kind and code of what a row is about, for a promise or right with its plan between them
Rows = tuple[Sequence[UpdateRecord], Sequence[UpdateRecord]]  # that count, and that were replaced


class Deciding(NamedTuple):
    """What the method and the counts need of an update."""

    entry: int
    value: Decimal | None
    as_of: datetime.date
    starts_on: datetime.date | None
    precision: str
    what: str
    bound: str
    fits: str
    scope: str
    rung: str
    verdict: str
    withheld: bool
    reach: str
    year_not_stated: bool
    reread: str
    origin: str
    redacted: bool
    metric: str
    sources: tuple[str, ...]

    @property
    def earliest(self) -> datetime.date:
        """The first day that its date may be."""
        return earliest(self.as_of, self.precision)


DATED = ("as_of", "starts_on", "precision")
OF_A_KIND = Deciding._fields[5:15]  # and behind them the origin, and whether it is redacted
NUMBERS = 5  # that stand for an update


class Group:
    """Updates about one thing up to a log entry, five numbers each, and the entries of those that were replaced."""

    __slots__ = ("about", "gone", "known", "last", "numbers", "pk")

    def __init__(self, about: About, pk: int, known: int) -> None:
        self.about, self.pk, self.known = about, pk, known
        self.numbers, self.gone = array("i"), set[int]()
        self.last = 0  # log entry about it

    def count(self, replaced: bool) -> int:
        """How many there are that count, or that were replaced."""
        return len(self.gone) if replaced else len(self.numbers) // NUMBERS - len(self.gone)

    def as_of(self, known: int, replaced_by: Mapping[int, ReplacedRecord]) -> "Group":
        """The same up to an earlier entry, by which these were replaced."""
        if self.last <= known:
            return self
        then = Group(self.about, self.pk, known)
        for start in range(0, len(self.numbers), NUMBERS):
            if (entry := self.numbers[start]) <= known:
                then.numbers += self.numbers[start : start + NUMBERS]
                then.last = max(then.last, entry)
                if entry in replaced_by:
                    then.gone.add(entry)
        return then


class _Numbered(dict[Any, int]):
    """A number for each value that some columns hold, in ``values_`` by that number: made of what is stored once."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make, self.values_ = make, list[Any]()

    def __missing__(self, stored: Any) -> int:
        self.values_.append(self._make(stored))
        self[stored] = number = len(self.values_) - 1
        return number


def _converted(names: Sequence[str], stored: Sequence[Any]) -> tuple[Any, ...]:
    """What columns of an update hold, as Python has it."""
    values = []
    for name, value in zip(names, stored, strict=True):
        column = Update._meta.get_field(name).get_col(Update._meta.db_table)  # type: ignore[union-attr]
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
            value = convert(value, column, connection)
        values.append(plain_number(value) if isinstance(value, Decimal) else value)
    return tuple(values)


class Store:
    """Where updates are read from: what the method needs of all, and as records when they are asked for."""

    def __init__(self, read_records: Callable[[int, Sequence[Group]], Mapping[Group, Rows]]) -> None:
        self._read_records = read_records
        self._bodies: dict[int | None, str] = {}
        self._values = _Numbered(lambda stored: _converted(["value"], [stored])[0])
        self._dated = _Numbered(lambda stored: _converted(DATED, stored))
        self._kinds = _Numbered(
            lambda stored: (*_converted(OF_A_KIND, stored[:-2]), self._bodies[stored[-2]], stored[-1] is not None)
        )
        self._sources = _Numbered(tuple)
        self._records: OrderedDict[Group, Rows] = OrderedDict()  # asked for longest ago first
        self._lock = threading.RLock()
        self._count = self._run = 0
        self._at: tuple[object, int] = (None, 0)

    def read(self, known: int, touched: Q, replaced_by: Mapping[int, ReplacedRecord]) -> dict[About, Group]:
        """What the method needs of published updates up to an entry, of those that a condition names.

        All are read in the order in which they lie, which takes a fifth of the time of any other.
        """
        names: dict[str, dict[int, About]] = {
            "metric": {pk: ("metric", code) for pk, code in Metric.objects.values_list("pk", "code")},
            "commitment": {
                pk: ("commitment", plan, code)
                for pk, plan, code in Commitment.objects.values_list("pk", "plan__code", "code")
            },
        }
        groups: dict[About, Group] = {}
        cited = self._cited(known, touched)
        rows = Update.objects.published(known).filter(touched).exclude(what__in=(What.AMENDMENT, What.WITHDRAWAL))
        columns = (
            "pk",
            "metric_id",
            "commitment_id",
            "entry_id",
            "value",
            *DATED,
            *OF_A_KIND,
            "origin_id",
            "redacted_by_id",
        )
        self._bodies = {None: "", **dict(Body.objects.values_list("pk", "code"))}
        values, dated, of_a_kind = self._values, self._dated, self._kinds
        try:  # the columns as they are stored: to convert each of a million would take most of the time
            query = rows.order_by().values_list(*columns).query.sql_with_params()
        except EmptyResultSet:  # nothing can match
            return groups
        with connection.chunked_cursor() as cursor:
            cursor.execute(*query)
            while part := cursor.fetchmany(2000):
                for pk, metric, commitment, entry, value, *more in part:
                    about = names["metric"][metric] if metric else names["commitment"][commitment]
                    if (group := groups.get(about)) is None:
                        group = groups[about] = Group(about, metric or commitment, known)
                    day, kind = tuple(more[:3]), tuple(more[3:])
                    group.numbers.extend((entry, values[value], dated[day], of_a_kind[kind], cited[pk]))
                    if entry > group.last:
                        group.last = entry
                    if entry in replaced_by:
                        group.gone.add(entry)
                        group.last = max(group.last, replaced_by[entry].entry)
        return groups

    def _cited(self, known: int, touched: Q) -> "array[int]":
        """The number of the sources that each update cites, by primary key."""
        codes = dict(Source.objects.values_list("pk", "code"))
        most = Update.objects.aggregate(most=Max("pk"))["most"] or 0
        cited = array("i", [self._sources[()]]) * (most + 1)
        rows = Evidence.objects.filter(entry_id__lte=known, update_record__isnull=False)
        if touched:
            rows = rows.filter(update_record__in=Update.objects.filter(touched))
        for update, source in rows.order_by().values_list("update_record_id", "source_id").iterator():
            cited[update] = self._sources[(*self._sources.values_[cited[update]], codes[source])]
        return cited

    def deciding(self, group: Group, replaced: bool) -> Iterator[Deciding]:
        """What the method needs of the updates of a group."""
        metric = group.about[1] if group.about[0] == "metric" else ""
        numbers = iter(group.numbers)
        for entry, value, day, kind, cited in zip(numbers, numbers, numbers, numbers, numbers, strict=True):
            if (entry in group.gone) == replaced:
                own = (entry, self._values.values_[value], *self._dated.values_[day], *self._kinds.values_[kind])
                yield Deciding._make((*own, metric, self._sources.values_[cited]))

    def records(self, group: Group, updates: "StoredUpdates") -> Rows:
        """The updates of a group, which somebody asked for in some order, as records."""
        with self._lock:
            self._notice(updates)
            if group not in self._records:
                self._keep([group, *(self._ahead(group, updates) if self._run >= IN_A_ROW else ())])
            self._records.move_to_end(group)
            return self._records[group]

    def _notice(self, updates: "StoredUpdates") -> None:
        order, place = self._at
        if updates.order is not order or not 0 <= updates.place - place <= NEAR:
            self._run = 0
        elif updates.place > place:
            self._run += 1
        self._at = (updates.order, updates.place)

    def _ahead(self, first: Group, updates: "StoredUpdates") -> Iterator[Group]:
        """What follows, as far as half of what may be kept holds it."""
        room = RECORDS_KEPT // 2 - len(first.numbers) // NUMBERS
        seen = {first}
        for each in updates.order[updates.place : updates.place + AT_ONCE]:
            for group in each.groups:
                if group.known == first.known and group not in seen and group not in self._records:
                    room -= len(group.numbers) // NUMBERS
                    if room < 0:
                        return
                    seen.add(group)
                    yield group

    def _keep(self, groups: list[Group]) -> None:
        read = self._read_records(groups[0].known, groups)
        for group in reversed(groups):
            self._records[group] = read[group]
            self._count += len(group.numbers) // NUMBERS
        while self._count > RECORDS_KEPT and len(self._records) > len(groups):
            group, _rows = self._records.popitem(last=False)
            self._count -= len(group.numbers) // NUMBERS


class StoredUpdates(Sequence[UpdateRecord]):
    """Live or replaced updates of some groups, read when they are looked at. How many there are is known before."""

    __slots__ = ("groups", "order", "place", "replaced", "store")

    def __init__(self, store: Store, groups: tuple[Group, ...], replaced: bool = False) -> None:
        self.store, self.groups, self.replaced = store, groups, replaced
        self.order: Sequence[StoredUpdates] = ()
        self.place = 0

    def __len__(self) -> int:
        return sum(group.count(self.replaced) for group in self.groups)

    def _records(self) -> tuple[UpdateRecord, ...]:
        return tuple(row for group in self.groups for row in self.store.records(group, self)[self.replaced])

    def deciding(self) -> list[Deciding]:
        """What the method needs of them, of each group the oldest first."""
        return [
            row
            for group in self.groups
            for row in sorted(self.store.deciding(group, self.replaced), key=lambda row: (row.as_of, row.entry))
        ]

    @overload
    def __getitem__(self, at: int) -> UpdateRecord: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[UpdateRecord, ...]: ...
    def __getitem__(self, at: int | slice) -> UpdateRecord | tuple[UpdateRecord, ...]:
        return self._records()[at]

    def __iter__(self) -> Iterator[UpdateRecord]:
        return iter(self._records() if len(self) else ())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StoredUpdates) and (self.groups, self.replaced) == (other.groups, other.replaced):
            return True
        return isinstance(other, Sequence) and len(self) == len(other) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def deciding(updates: Sequence[UpdateRecord]) -> Sequence[UpdateRecord | Deciding]:
    """Updates as the method and the counts need them, without their words where these are not in memory."""
    return updates.deciding() if isinstance(updates, StoredUpdates) else updates


def in_order(rows: Iterable[Sequence[UpdateRecord]]) -> None:
    """Say in which order rows are going to be asked for by whoever wants all."""
    order = [each for each in rows if isinstance(each, StoredUpdates)]
    for place, each in enumerate(order):
        each.order, each.place = order, place


def together(parts: Iterable[Sequence[UpdateRecord]]) -> Sequence[UpdateRecord]:
    """Updates about several things as one sequence."""
    rows = [each for each in parts if each]
    stored = [each for each in rows if isinstance(each, StoredUpdates)]
    if stored:
        return StoredUpdates(stored[0].store, tuple(g for each in stored for g in each.groups), stored[0].replaced)
    return tuple(row for each in rows for row in each)


def of_groups(
    groups: Mapping[About, Group], store: Store
) -> tuple[dict[About, StoredUpdates], dict[About, StoredUpdates]]:
    """Live and replaced updates by what they are about, read when they are asked for."""
    live = {about: StoredUpdates(store, (group,)) for about, group in groups.items() if group.count(False)}
    replaced = {about: StoredUpdates(store, (group,), True) for about, group in groups.items() if group.gone}
    return live, replaced


def keys_of_updates(metrics: Collection[int], commitments: Collection[int]) -> list[int]:
    """Primary keys of the updates about any of these. Asked for at once, a database would look at a million rows."""
    about = ({"metric__in": metrics}, {"commitment__in": commitments})
    keys = [pk for each in about for pk in Update.objects.filter(**each).values_list("pk", flat=True)]
    return keys + list(Update.objects.filter(what=What.WITHDRAWAL, replaces__in=keys).values_list("pk", flat=True))
