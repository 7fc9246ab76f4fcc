"""Full-text search: which wordings match the words of a reader. FTS5 on SQLite, tsvector on PostgreSQL.

A word is a run of letters and digits without case and accents; an ideograph is a word by itself. That rule stands
here alone: both databases are given words, and no text that they would cut in ways of their own. So nothing that a
reader can type means anything to them but its words.

The database answers with keys of wordings, and a snapshot knows which commitments have them. So one index serves
every day that can be asked for, and a wording that was amended away is found by ``?known=`` alone.
"""

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from django.db import connection

from tracker.text import folded, subject

# What is searched of each kind of record: groups of fields, and what a hit in one counts for when sorting.
SEARCHED: dict[str, tuple[tuple[tuple[str, ...], float], ...]] = {
    "commitment": ((("code", "title"), 3.0), (("quote", "test", "other_reading"), 1.0)),
    "metric": ((("name",), 1.0),),
    "provision": ((("title",), 1.0),),
    "category": ((("title",), 0.5),),
}
IDEOGRAPHS = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{IDEOGRAPHS}]|[^\W_{IDEOGRAPHS}]+")
LONGEST_WORD = 80  # characters; PostgreSQL takes no lexeme of more than 2046 bytes
MOST_TERMS = 64  # words and phrases of one search
BETWEEN = " ¶ "  # stands between fields, so that no phrase runs from one into the next; no reader's word is like it


@dataclasses.dataclass(frozen=True)
class Term:
    """Words that stand side by side in this order; the last one may go on where it is open."""

    words: tuple[str, ...]
    open: bool

    @property
    def for_sqlite(self) -> str:
        return f'"{" ".join(self.words)}"{" *" if self.open else ""}'

    @property
    def for_postgresql(self) -> str:
        return " <-> ".join(f"'{word}'" for word in self.words) + (":*" if self.open else "")


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return [word[:LONGEST_WORD] for word in WORD.findall(folded(text))]


def terms_of(question: str) -> list[Term]:
    """What a reader looks for: each word as the beginning of one, “quoted words” as they stand. Each once, in order.

    A quotation mark that is never closed is none: the reader is still typing.
    """
    terms: dict[Term, None] = {}
    parts = folded(question).split('"')
    for number, part in enumerate(parts):
        quoted = number % 2 == 1 and number < len(parts) - 1
        for piece in [part] if quoted else part.split():
            if words := tuple(words_of(piece)):
                terms[Term(words, open=not quoted)] = None
    return list(terms)


def wordings_of(record: Any) -> Iterator[tuple[int, str, list[str], float]]:
    """The wordings of a record, from the database or the public one: key, subject, texts and weight of each."""
    kind = type(record).__name__.removesuffix("Record").lower()
    plan = getattr(record, "plan", None)
    named = subject(kind, record.code, getattr(plan, "code", plan) if plan else "")
    for fields, weight in SEARCHED.get(kind, ()):
        texts = [getattr(record, field) for field in fields]
        yield key_of(named, fields, texts), named, texts, weight


def key_of(subject: str, fields: Sequence[str], texts: Sequence[str]) -> int:
    """A number that stands for these texts of this subject: the first eight bytes of their hash."""
    digest = blake2b("\0".join((subject, *fields, *texts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def text_of(texts: Iterable[str]) -> str:
    """Texts as they are indexed: their words with single blanks, and a mark between one text and the next."""
    return BETWEEN.join(" ".join(words_of(text)) for text in texts)


def stands_in(term: Term, text: str) -> bool:
    """Whether a term stands in a text of ``text_of``, for what is few enough to be searched without an index."""
    words = f" {' '.join(term.words)}"
    return (words if term.open else f"{words} ") in f" {text} "


SQL = {
    "sqlite": (
        "SELECT term.key, tracker_search.rowid, {score} FROM json_each(%s) AS term CROSS JOIN tracker_search "
        "WHERE tracker_search MATCH term.value",
        "-bm25(tracker_search)",
    ),
    "postgresql": (
        "SELECT term.n - 1, text.key, {score} FROM "
        "(SELECT value::tsquery AS asked, n FROM unnest(%s::text[]) WITH ORDINALITY AS given (value, n)) AS term "
        "JOIN tracker_searchtext AS text ON text.vector @@ term.asked",
        "ts_rank(text.vector, term.asked)",
    ),
}


def matches(terms: Sequence[Term], *, ranked: bool = False) -> list[dict[int, float]]:
    """For each term the keys of the wordings that have it, with how well each fits where that is asked.

    One query. The figures of two databases, or of two states of one, are not comparable.
    """
    fits: list[dict[int, float]] = [{} for _term in terms]
    if not terms:
        return fits
    query, score = SQL[connection.vendor]
    questions = [getattr(term, f"for_{connection.vendor}") for term in terms]
    with connection.cursor() as cursor:
        given = json.dumps(questions) if connection.vendor == "sqlite" else questions
        cursor.execute(query.format(score=score if ranked else "0"), [given])
        for number, key, fit in cursor.fetchall():
            fits[number][key] = fit
    return fits


def forget() -> None:
    """Leave nothing in the index of words that stand in no text any more: SQLite only marks them as gone."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO tracker_search(tracker_search) VALUES ('optimize')")
