"""What a sheet of a plan's spreadsheet is made of: columns in words, each with the key of a row that it stands for."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tracker.schema import Key, Table

Words = str | Promise

ONE_A_LINE = _("Several: one a line of the cell.")
A_DAY = _("A day, month or year: 2027-12-31, 2027-12 or 2027.")
OTHER_FIGURES = _("Figures that are no targets, each with its reason: “2020: year of a law”. One a line.")
README, LISTS, ON_RECORD = _("Read me"), _("Lists"), _("On record")
NOT_READ = (README, LISTS, ON_RECORD)  # sheets that help to fill the others
NONE = "–"  # in a cell that may stay blank: nothing is to be suggested


@dataclass(frozen=True)
class Column:
    """One column: the key of the row, what a person has to know to fill it, and its head.

    Where one of these is blank, the words of the model's field stand.
    """

    key: str
    help: Words = ""
    head: Words = ""
    suggested: bool = False  # where it stays blank, the site may fill it
    precision: str = ""  # key that says how exactly a date is known, which is written into the same cell
    last: bool = False  # a month or year means its last day
    wide: int = 18
    needed: bool | None = None  # where it is not as the model has it


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet: its name, its rows, what it is for, its columns in the order in which people fill them.

    A key that no column is worded for has one behind them.
    """

    name: Words
    table: Table
    about: Words
    worded: tuple[Column, ...]
    upright: bool = False  # one row, whose columns stand one below the other
    extra: bool = False  # few plans have it: it is in a file only where there is something in it, or where it is wanted
    left_out: tuple[str, ...] = ()  # keys that no person fills
    own: tuple[Key, ...] = ()  # where a row of the sheet is none of the table

    @cached_property
    def keys(self) -> dict[str, Key]:
        """The keys of the rows by name."""
        return {key.name: key for key in self.own or self.table.keys}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns: a date's key of precision has none, nor what is left out."""
        without = {*self.left_out, *(name for column in self.worded for name in (column.key, column.precision))}
        return (
            *map(self._whole, self.worded),
            *(self._whole(Column(name)) for name in self.keys if name not in without),
        )

    def _whole(self, column: Column) -> Column:
        """A column with the words of the model's field where it has none of its own."""
        if self.own:
            return column
        field: Any = self.table.model._meta.get_field(column.key)
        return replace(column, help=column.help or field.help_text, head=column.head or capfirst(field.verbose_name))

    def key(self, column: Column) -> Key:
        """The key of the row that a column stands for."""
        return self.keys[column.key]

    def words(self, column: Column) -> dict[str, str]:
        """What a cell of a closed list may hold, by the value that it stands for; empty for every other column."""
        if self.own:
            return {}
        field: Any = self.table.model._meta.get_field(column.key)
        return {str(value): str(label) for value, label in field.choices or () if value}

    def needs(self, column: Column) -> bool:
        """Whether a person has to fill it."""
        needed = self.key(column).required if column.needed is None else column.needed
        return needed and not column.suggested

    def explained(self) -> list[tuple[Column, bool, list[str]]]:
        """Each column, whether it is needed, and the words that its cells may hold."""
        return [(each, self.needs(each), list(dict.fromkeys(self.words(each).values()))) for each in self.columns]

    def column(self, key: str) -> Column | None:
        """The column in which a problem of a key is put right; ``None`` where none is about it."""
        return next((each for each in self.columns if key and key in (each.key, each.precision)), None)


def code_column(help: Words = "", **options: Any) -> Column:
    """The column of a code that may stay blank."""
    text = help or _("Short, permanent, part of addresses. May stay blank: it is made of the name.")
    return Column("code", text, suggested=True, **options)


def head_of(column: Column, sheet: Sheet) -> str:
    """A column's head as it is written: with a star where it has to be filled."""
    return f"{column.head}{' *' if sheet.needs(column) else ''}"
