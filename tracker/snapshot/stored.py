"""Updates of a log that is too long to be held in memory: read when they are asked for, and kept for a while.

What the method needs of an update is read apart from its words: a tenth of the time and of the memory. Whoever walks
through all that a plan holds asks for it in order, and so the next are read with the first, as many as may be kept.
"""

import datetime
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar, overload

from django.db import connection
from django.db.models import Count, Max, Q

from tracker.models import Commitment, Evidence, Metric, Update, What
from tracker.records.progress import UpdateRecord
from tracker.standalone.assess import earliest
from tracker.text import plain_number

RECORDS_KEPT = 12_000  # updates as records: about 15 MB
DECIDING_KEPT = 40_000  # updates as the method needs them: about 15 MB
IN_A_ROW = 4  # so many asked for in order are taken for a walk through all
NEAR = 8  # so many places further is still in order: some hold nothing
AT_ONCE = 500  # of what updates are about

About = tuple[str, ...]
Row = TypeVar("Row")


class Deciding(NamedTuple):
    """What the method and the counts need of an update."""

    entry: int
    what: str
    value: Decimal | None
    bound: str
    starts_on: datetime.date | None
    as_of: datetime.date
    precision: str
    fits: str
    scope: str
    rung: str
    verdict: str
    withheld: bool
    reach: str
    year_not_stated: bool
    reread: str
    origin: str
    metric: str
    sources: tuple[str, ...]

    @property
    def earliest(self) -> datetime.date:
        """The first day that its date may be."""
        return earliest(self.as_of, self.precision)


OWN = Deciding._fields[1 : Deciding._fields.index("origin")]


class Group:
    """Updates about one thing up to a log entry: how many count, how many were replaced, the last entry about them."""

    __slots__ = ("about", "known", "last", "live", "pk", "replaced")

    def __init__(self, about: About, pk: int, known: int) -> None:
        self.about, self.pk, self.known = about, pk, known
        self.live = self.replaced = self.last = 0


Read = Callable[[int, Sequence[Group]], Mapping[Group, tuple[Sequence[Row], Sequence[Row]]]]


class _Kept(Generic[Row]):
    """Live and replaced rows of the groups that were asked for last, up to so many rows."""

    def __init__(self, read: Read[Row], most: int) -> None:
        self._read, self._most = read, most
        self._rows: OrderedDict[Group, tuple[Sequence[Row], Sequence[Row]]] = OrderedDict()
        self._lock = threading.RLock()
        self._count = self._run = 0
        self._at: tuple[object, int] = (None, 0)

    def rows(self, group: Group, asked: "StoredUpdates") -> tuple[Sequence[Row], Sequence[Row]]:
        """The rows of a group, which somebody asked for in some order."""
        with self._lock:
            self._notice(asked)
            if group not in self._rows:
                self._add([group, *(self._ahead(group, asked) if self._run >= IN_A_ROW else ())])
            self._rows.move_to_end(group)
            return self._rows[group]

    def _notice(self, asked: "StoredUpdates") -> None:
        order, place = self._at
        if asked.order is not order or not 0 <= asked.place - place <= NEAR:
            self._run = 0
        elif asked.place > place:
            self._run += 1
        self._at = (asked.order, asked.place)

    def _ahead(self, first: Group, asked: "StoredUpdates") -> Iterator[Group]:
        """What follows, as far as half of what may be kept holds it."""
        room = self._most // 2 - first.live - first.replaced
        seen = {first}
        for each in asked.order[asked.place : asked.place + AT_ONCE]:
            for group in each.groups:
                if group.known == first.known and group not in seen and group not in self._rows:
                    room -= group.live + group.replaced
                    if room < 0:
                        return
                    seen.add(group)
                    yield group

    def _add(self, groups: list[Group]) -> None:
        read = self._read(groups[0].known, groups)
        for group in reversed(groups):
            self._rows[group] = read[group]
            self._count += group.live + group.replaced
        while self._count > self._most and len(self._rows) > len(groups):
            group, _rows = self._rows.popitem(last=False)
            self._count -= group.live + group.replaced


class Store:
    """Where updates are read from, as records and as the method needs them."""

    def __init__(self, read_records: Read[UpdateRecord]) -> None:
        self.records = _Kept(read_records, RECORDS_KEPT)
        self.deciding = _Kept(_read_deciding, DECIDING_KEPT)


class StoredUpdates(Sequence[UpdateRecord]):
    """Live or replaced updates of some groups, read when they are looked at. How many there are is known before."""

    __slots__ = ("groups", "order", "place", "replaced", "store")

    def __init__(self, store: Store, groups: tuple[Group, ...], replaced: bool = False) -> None:
        self.store, self.groups, self.replaced = store, groups, replaced
        self.order: Sequence[StoredUpdates] = ()
        self.place = 0

    def __len__(self) -> int:
        return sum(group.replaced if self.replaced else group.live for group in self.groups)

    def _records(self) -> tuple[UpdateRecord, ...]:
        read = self.store.records
        return tuple(row for group in self.groups for row in read.rows(group, self)[self.replaced])

    def deciding(self) -> list[Deciding]:
        """What the method needs of them."""
        read = self.store.deciding
        return [row for group in self.groups for row in read.rows(group, self)[self.replaced]]

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


class _Converted(dict[Any, Any]):
    """What a column holds as Python has it: each value is converted once, and not in each of a million rows."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._column = Update._meta.get_field(name).get_col(Update._meta.db_table)  # type: ignore[union-attr]
        own = self._column.get_db_converters(connection)
        self._converters = [*connection.ops.get_db_converters(self._column), *own]

    def __missing__(self, stored: Any) -> Any:
        value = stored
        for convert in self._converters:
            value = convert(value, self._column, connection)
        self[stored] = plain_number(value) if isinstance(value, Decimal) else value
        return self[stored]


def groups_of(known: int, touched: Q) -> dict[About, Group]:
    """What published updates up to an entry are about, of those that a condition names."""
    names: dict[str, dict[int, About]] = {
        "metric": {pk: ("metric", code) for pk, code in Metric.objects.values_list("pk", "code")},
        "commitment": {
            pk: ("commitment", plan, code)
            for pk, plan, code in Commitment.objects.values_list("pk", "plan__code", "code")
        },
    }
    groups: dict[About, Group] = {}
    published = Update.objects.published(known).exclude(what=What.AMENDMENT).filter(touched).order_by()
    own = published.exclude(what=What.WITHDRAWAL)
    counts = own.values_list("metric", "commitment").annotate(Count("pk"), Max("entry_id"))
    for metric, commitment, count, last in counts:
        about = names["metric"][metric] if metric else names["commitment"][commitment]
        group = groups[about] = Group(about, metric or commitment, known)
        group.live, group.last = count, last
    replaced = published.filter(replaces__isnull=False)
    for metric, commitment, entry in replaced.values_list("replaces__metric", "replaces__commitment", "entry_id"):
        group = groups[names["metric"][metric] if metric else names["commitment"][commitment]]
        group.live, group.replaced, group.last = group.live - 1, group.replaced + 1, max(group.last, entry)
    return groups


def _read_deciding(
    known: int, groups: Sequence[Group]
) -> Mapping[Group, tuple[Sequence[Deciding], Sequence[Deciding]]]:
    """What the method needs of the updates of some groups, live ones and replaced ones."""
    found: dict[Group, tuple[list[Deciding], list[Deciding]]] = {group: ([], []) for group in groups}
    convert = [_Converted(name) for name in OWN]
    for kind in ("metric", "commitment"):
        mine = {group.pk: group for group in groups if group.about[0] == kind}
        if not mine:
            continue
        rows = Update.objects.published(known).exclude(what__in=(What.AMENDMENT, What.WITHDRAWAL)).order_by()
        gone = set(
            Update.objects.published(known).filter(**{f"replaces__{kind}__in": mine}).values_list("replaces", flat=True)
        )
        cited: dict[int, tuple[str, ...]] = {}
        evidence = Evidence.objects.filter(entry_id__lte=known, **{f"update_record__{kind}__in": mine})
        for update, source in evidence.order_by().values_list("update_record_id", "source__code"):
            cited[update] = (*cited.get(update, ()), source)
        asked = rows.filter(**{f"{kind}__in": mine}).values_list(
            "pk", kind, "entry_id", "origin__code", "metric__code", *OWN
        )
        with connection.cursor() as cursor:
            cursor.execute(*asked.query.sql_with_params())
            for pk, about, entry, origin, metric, *own in cursor:
                values = (column[stored] for column, stored in zip(convert, own, strict=True))
                row = Deciding._make((entry, *values, origin or "", metric or "", cited.get(pk, ())))
                found[mine[about]][pk in gone].append(row)
    for parts in found.values():
        for part in parts:
            part.sort(key=lambda row: (row.as_of, row.entry))
    return found


def together(parts: Iterable[Sequence[UpdateRecord]]) -> Sequence[UpdateRecord]:
    """Updates about several things as one sequence."""
    rows = [each for each in parts if each]
    stored = [each for each in rows if isinstance(each, StoredUpdates)]
    if stored:
        return StoredUpdates(stored[0].store, tuple(g for each in stored for g in each.groups), stored[0].replaced)
    return tuple(row for each in rows for row in each)
