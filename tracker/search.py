"""Full-text search: which wordings match the words of a reader. FTS5 on SQLite, tsvector and pg_trgm on PostgreSQL.

A word is a run of letters and digits without case and accents; an ideograph is a word by itself. That rule stands
here alone: both databases are given words, and no text that they would cut in ways of their own. So nothing that a
reader can type means anything to them but its words.

The database answers with keys of wordings, and a snapshot knows which records have them. So one index serves every day
that can be asked for, what is not public is in no answer, whatever the index holds, and a wording that was amended
away is found by ``?known=`` alone.
"""

import dataclasses
import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any

from django.db import connection, connections

from tracker.serving import replica
from tracker.text.english import numbers, spellings
from tracker.text.plain import folded, subject

Weighted = tuple[tuple[tuple[str, ...], float], ...]
# What is searched of each kind of record: groups of fields, and what a hit in one counts for when sorting. By the first
# group of a kind, its name, what stands under it is found as well. Kinds are named as in the log.
SEARCHED: dict[str, Weighted] = {
    "commitment": ((("code", "title"), 3.0), (("quote", "test", "other_reading"), 1.0)),
    "metric": ((("name",), 1.0), (("code", "definition", "statistic", "scope", "problems"), 0.7)),
    "provision": ((("title",), 1.0), (("code", "heading"), 1.0)),
    "category": ((("title",), 0.5), (("code", "short_title"), 1.5)),
    "plan": ((("title", "short_title", "code", "state"), 2.0),),
    "body": ((("name",), 0.7), (("code", "state", "why"), 0.5)),
    "source": ((("title", "code", "un_symbol"), 0.7),),
    "instrument": ((("code", "title", "symbol"), 3.0),),
    "norm": ((("code", "title"), 1.5),),
    "recommendation": ((("text",), 1.0), (("code", "symbol", "paragraph", "reply_words"), 0.7)),
    "baseline": ((("code", "title"), 1.5), (("quote", "note", "unit", "scope"), 0.7)),
}
MODELS = {"baselinefigure": "baseline", "planview": "plan"}  # classes whose kind has another name than they
# What is searched of a statement, an update or a finding, beside what its evidence says of where and how.
STATEMENT = ("summary", "caveat", "document", "as_published", "scope", "rung", "places", "words", "arithmetic")
PASSAGE = "passage of"  # the kind of a paragraph of a plan's own text, in the index
IDEOGRAPHS = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Marks above, below and beside letters are part of their word: vowels of Thai and Hindi, vowel points of Arabic.
MARKS = "".join(chr(n) for n in range(0x300, 0x1D00) if unicodedata.category(chr(n)).startswith("M"))
WORD = re.compile(rf"[{IDEOGRAPHS}]|(?:[^\W_{IDEOGRAPHS}]+[{MARKS}]*)+")
COMPOUND = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)+")  # pre-school, but no dash and no 2021-2025
LONGEST_WORD = 80  # characters; PostgreSQL takes no lexeme of more than 2046 bytes
MOST_TERMS = 64  # words and phrases of one search
LEAST_INSIDE = 3  # letters that can be looked for within words: a trigram
BETWEEN = " ¶ "  # stands between fields, so that no phrase runs from one into the next; no reader's word is like it
GLANCE = 260  # characters of an excerpt
NEAREST = 5  # words that are thought of in place of one that stands nowhere
LEAST_SLIP = 4  # letters of a word that may be a slip: hiv is none of hi
LIKENESS = 0.8  # of such words, as difflib has it: xinjang and xinjiang, not suicide and pesticide


@dataclasses.dataclass(frozen=True)
class Term:
    """Words that stand side by side in this order; the last one may go on where it is open."""

    words: tuple[str, ...]
    open: bool

    @cached_property
    def ways(self) -> tuple[tuple[tuple[str, ...], bool], ...]:
        """The words in every way that finds them, each with whether its last one may go on.

        What is open is also found where it stands as it is, which counts for more; written in one word where a hyphen
        was, as the index has it too; in the singular or plural, as English makes them; and as others spell it.
        """
        if not self.open:
            return ((self.words, False),)
        ways = dict.fromkeys([(self.words, False), (self.words, True)])
        if len(self.words) > 1 and len(together := "".join(self.words)) <= LONGEST_WORD:
            ways[(together,), True] = None
        for other in numbers(self.words[-1]):
            ways[(*self.words[:-1], other), False] = None
        for other in spellings(self.words[-1]):
            for each in (other, *numbers(other)):  # not as a beginning: labour is in no laboratory
                ways[(*self.words[:-1], each), False] = None
        return tuple(ways)

    @property
    def typed(self) -> str:
        """The words as a question that looks for them alone."""
        text = " ".join(self.words)
        return text if self.open else f'"{text}"'

    @property
    def for_sqlite(self) -> str:
        return " OR ".join(f'"{" ".join(words)}"{" *" if goes_on else ""}' for words, goes_on in self.ways)

    @property
    def for_postgresql(self) -> str:
        ways = [" <-> ".join(f"'{word}'" for word in words) + (":*" if goes_on else "") for words, goes_on in self.ways]
        return " | ".join(f"({way})" for way in ways)

    @property
    def inside(self) -> str:
        """What is looked for within words too: letters of a script whose words are written together, or begin with
        an article, as in Thai and Arabic. Nothing of those that Latin letters are enough for.
        """
        word = self.words[0] if self.open and len(self.words) == 1 else ""
        return word if len(word) >= LEAST_INSIDE and not word.isascii() else ""


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
    kind = MODELS.get(kind, kind)
    plan = getattr(record, "plan", None) if kind != "plan" else None
    named = subject(kind, record.code, getattr(plan, "code", plan) if plan else "")
    for fields, weight in SEARCHED.get(kind, ()):
        texts = [getattr(record, field) for field in fields]
        yield key_of(named, fields, texts), named, texts, weight


def key_of(subject: str, fields: Sequence[str], texts: Sequence[str]) -> int:
    """A number that stands for these texts of this subject: the first eight bytes of their hash, below zero.

    A statement has one wording, and that has the number of its log entry, above zero.
    """
    digest = blake2b("\0".join((subject, *fields, *texts)).encode(), digest_size=8).digest()
    return -(int.from_bytes(digest, "big") >> 1) - 1


def key_of_passage(plan: str, code: str, sha256: str) -> int:
    """The key of a paragraph of a plan's own text, of the edition that is attached."""
    return key_of(f"{PASSAGE} {plan}/{code}", (), (sha256,))


def texts_of_statement(row: Any, evidence: Iterable[Any]) -> list[str]:
    """What is searched of an update or a finding, from the database or the public one, and of its evidence."""
    own = [getattr(row, name, "") for name in STATEMENT]
    return [text for text in (*own, *(each for one in evidence for each in (one.locator, one.note))) if text]


def text_of(texts: Iterable[str]) -> str:
    """Texts as they are indexed: their words with single blanks, and a mark between one text and the next.

    Behind them stands what a hyphen parts, as one word: pre-school is found as preschool too.
    """
    texts = list(texts)
    together = {"".join(words_of(compound)) for text in texts for compound in COMPOUND.findall(text)}
    together = {word for word in together if len(word) <= LONGEST_WORD}
    return BETWEEN.join([*(" ".join(words_of(text)) for text in texts), *sorted(together)])


def stands_in(term: Term, text: str) -> bool:
    """Whether a term stands in a text of ``text_of``, for what is few enough to be searched without an index."""
    text = f" {text} "
    stands = any(f" {' '.join(words)}{'' if goes_on else ' '}" in text for words, goes_on in term.ways)
    return stands or bool(term.inside and term.inside in text)


SQL = {
    "sqlite": (
        "SELECT term.key, tracker_search.rowid, {score} FROM json_each(%s) AS term CROSS JOIN tracker_search "
        "WHERE tracker_search MATCH term.value",
        "-bm25(tracker_search)",
        " AND tracker_search.rowid < 0",
        # A part of a word is a match like any other, and says nothing of how good it is.
        "SELECT term.key, tracker_searchgrams.rowid, 1 FROM json_each(%s) AS term CROSS JOIN tracker_searchgrams "
        "WHERE term.value <> '' AND tracker_searchgrams MATCH '\"' || term.value || '\"'",
        "SELECT term FROM tracker_searchwords "
        "WHERE length(term) BETWEEN %s AND %s AND (substr(term, 1, 1) = %s OR substr(term, -3) = %s)",
    ),
    "postgresql": (
        "SELECT term.n - 1, text.key, {score} FROM "
        "(SELECT value::tsquery AS asked, n FROM unnest(%s::text[]) WITH ORDINALITY AS given (value, n)) AS term "
        "JOIN tracker_searchtext AS text ON text.vector @@ term.asked",
        "ts_rank(text.vector, term.asked)",
        " AND text.key < 0",
        "SELECT term.n - 1, text.key, 1 FROM unnest(%s::text[]) WITH ORDINALITY AS term (value, n) "
        "JOIN tracker_searchtext AS text ON term.value <> '' AND text.text LIKE '%%' || term.value || '%%'",
        "SELECT word FROM (SELECT DISTINCT unnest(tsvector_to_array(vector)) AS word FROM tracker_searchtext "
        "WHERE text %%> %s) AS words ORDER BY similarity(word, %s) DESC LIMIT 100",
    ),
}


def matches(terms: Sequence[Term], *, ranked: bool = False, statements: bool = False) -> list[dict[int, float]]:
    """For each term the keys of the wordings that have it, with how well each fits where that is asked.

    With ``statements`` those of updates and findings too, and not only what the registry says. One query, and one more
    where parts of words are looked for. The figures of two databases, or of two states of one, are not comparable.
    """
    fits: list[dict[int, float]] = [{} for _term in terms]
    if not terms:
        return fits
    query, score, of_registry, inside, _near = SQL[connection.vendor]
    ending = "" if statements else of_registry
    questions = [(query + ending, [getattr(term, f"for_{connection.vendor}") for term in terms])]
    if any(term.inside for term in terms):
        ending = ending.replace("tracker_search.", "tracker_searchgrams.")
        questions.append((inside + ending, [term.inside for term in terms]))
    with connections[replica.database()].cursor() as cursor:
        for sql, words in questions:
            cursor.execute(sql.format(score=score if ranked else "0"), [_as_array(words)])
            for number, key, fit in cursor.fetchall():
                fits[number].setdefault(key, fit)
    return fits


def _as_array(values: list[str]) -> Any:
    return json.dumps(values) if connection.vendor == "sqlite" else values


def nearest(word: str) -> list[str]:
    """Words of the index that are spelt nearly like one, nearest first; none for a word too short to tell."""
    word = word[:LONGEST_WORD]
    if len(word) < LEAST_SLIP:
        return []
    with connections[replica.database()].cursor() as cursor:
        if connection.vendor == "sqlite":
            values: list[Any] = [len(word) - 2, len(word) + 2, word[0], word[-3:]]
        else:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', '0.3', false)")
            values = [word, word]
        cursor.execute(SQL[connection.vendor][-1], values)
        candidates = [each for (each,) in cursor.fetchall()]
    return difflib.get_close_matches(word, candidates, n=NEAREST, cutoff=LIKENESS)


def forget() -> None:
    """Leave nothing in the index of words that stand in no text any more: SQLite only marks them as gone."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO tracker_search(tracker_search) VALUES ('optimize')")
            cursor.execute("INSERT INTO tracker_searchgrams(tracker_searchgrams) VALUES ('optimize')")


def marked(text: str, terms: Sequence[Term]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one that a search looked for."""
    text = unicodedata.normalize("NFC", text)
    return _pieces(text, _spans(text, _words(text), terms))


def excerpt(texts: Iterable[str], terms: Sequence[Term]) -> tuple[int, list[tuple[str, bool]]]:
    """Of the text in which most of the terms stand as much as is read at a glance, in pieces; and which one it is.

    No piece where none stands; the beginning of the first text where there are no terms.

    Words are not cut in two; an ellipsis stands for what is left out.
    """
    texts = [unicodedata.normalize("NFC", text) for text in texts]
    words = [_words(text) for text in texts]
    how_many = [sum(bool(_spans(*each, [term])) for term in terms) for each in zip(texts, words, strict=True)]
    if not texts or (terms and not any(how_many)):
        return 0, []
    number = how_many.index(max(how_many))
    text = texts[number]
    spans = _spans(text, words[number], terms)
    if len(text) <= GLANCE:
        return number, _pieces(text, spans)
    # From where most of what is marked lies within a glance, and a little before it.
    starts = [start for start, _end in spans] or [0]
    first = max(starts, key=lambda at: sum(at <= start < at + GLANCE for start in starts))
    begin = 0 if first <= GLANCE // 4 else text.find(" ", first - GLANCE // 4, first) + 1 or first
    end = begin + GLANCE
    if end < len(text):
        end = max(text.rfind(" ", first, end), *(stop for start, stop in spans if start == first), first + 1)
    pieces = _pieces(text[begin:end], [(a - begin, b - begin) for a, b in spans if a >= begin and b <= end])
    return number, [*([("… ", False)] if begin else []), *pieces, *([(" …", False)] if end < len(text) else [])]


def _words(text: str) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), folded(match[0])) for match in WORD.finditer(text)]


def _spans(text: str, words: list[tuple[int, int, str]], terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the terms stand in a text, in order and apart from each other. Words that go on are marked to their end."""
    ways = [each for term in terms for each in term.ways]
    lasts = tuple(way[-1] for way, _goes_on in ways)
    candidates = [at for at, (_start, _end, word) in enumerate(words) if word.startswith(lasts)]
    spans = {
        (words[at + 1 - len(way)][0], words[at][1])
        for at in candidates
        for way, goes_on in ways
        if at + 1 >= len(way)
        and _ends_at(way, goes_on, [word for _start, _end, word in words[at + 1 - len(way) : at + 1]])
    }
    inside = [term.inside for term in terms if term.inside]
    spans |= {(start, end) for start, end, word in words if any(part in word for part in inside)}
    together = {way[0] for term in terms for way, goes_on in term.ways if goes_on and len(way) == 1}
    for match in COMPOUND.finditer(text) if together else ():
        if "".join(words_of(match[0])).startswith(tuple(together)):
            spans.add(match.span())
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _ends_at(way: tuple[str, ...], goes_on: bool, words: list[str]) -> bool:
    last = words[-1].startswith(way[-1]) if goes_on else words[-1] == way[-1]
    return last and tuple(words[:-1]) == way[:-1]


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]
