"""Words of texts as they are compared, and records by their names: the one that is meant, and those that are near."""

import difflib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from tracker.text.plain import folded

OF_EVERY_TEXT = """
a about after again all also an and any are as at be because been before being both but by can could did do does during
each few first for from further had has have he her his how if in into is it its itself last lead led less made make
many may more most much must new no nor not now of off on one only or other our out over own per said same saw says she
should since so some still such than that the their them then there these they this those through to too two under until
up very via was we were what when where which while who whose why will with within without would year years yet
"""
STOP = frozenset(re.findall(r"\w+", OF_EVERY_TEXT))
SEPARATOR = " · "  # between the code and the name of a record, where both are written
# What stands between names written as one, and words that name nobody.
BETWEEN = re.compile(
    r"[/,;()]|\b(?:via|from|citing|text of|republished(?: from)?|reprint(?:ed)?(?: of| from)?|mirror|translation)\b",
    re.IGNORECASE,
)
SHORT_FORM = re.compile(r"\b[A-Z]{3,7}\b")
MOST_COMPARED = 30  # names compared letter by letter, those first that share the rarer words
OF_WRITTEN, OF_NAME, OF_LETTERS = 0.6, 0.4, 0.2  # what counts how much: words of what is written, of the name, letters
ENOUGH, AS_INITIALS = 0.45, 1.5
NEAR_AT_MOST = 4


@lru_cache(maxsize=20_000)
def stem(token: str) -> str:
    """A word without the endings that change with its place in a sentence."""
    for ending in ("isation", "ization", "ations", "ation", "ies", "ing", "ed", "es", "s"):
        if token.endswith(ending) and len(token) - len(ending) >= 4:
            return token[: -len(ending)]
    return token


@lru_cache(maxsize=20_000)  # names on record, and texts of the last imports
def words_of(text: str) -> frozenset[str]:
    """The words of a text as they are compared: no case, no accents, no endings, none that every text has."""
    return frozenset(stem(each) for each in re.findall(r"[^\W_]{2,}", folded(text)) if each not in STOP)


def as_written(text: str, stems: list[str]) -> list[str]:
    """Words as they stand in a text, of which only the stems are at hand."""
    first: dict[str, str] = {}
    for each in re.findall(r"[^\W_]{2,}", text):
        first.setdefault(stem(folded(each)), each)
    return [first.get(each, each) for each in stems]


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two texts have in common, from 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def initials(name: str) -> str:
    """The capitals with which the words of a name begin, what stands in brackets left out."""
    return "".join(re.findall(r"\b[A-Z](?=[a-z])", re.sub(r"\([^)]*\)", " ", name)))


class Named:
    """Records by code or name, with the names nearest to one that is not known."""

    def __init__(self, by_code: Mapping[str, Any], name: Callable[[Any], str]) -> None:
        self.by_code, self.name = by_code, name
        times = Counter(folded(name(each)) for each in by_code.values())
        self._by_name = {folded(name(each)): each for each in by_code.values() if times[folded(name(each))] == 1}
        self._nearest: dict[str, list[Any]] = {}

    def get(self, written: str) -> Any:
        """The record with this code, this name, or both as lists have them; ``None`` for none or several."""
        code = written.split(SEPARATOR)[0].strip()
        return self.by_code.get(code) or self._by_name.get(folded(written))

    def nearest(self, written: str) -> list[Any]:
        """The records whose names are nearest to a written one, best first; none for a blank.

        What is written may be several names, as in “Xinhua via China Daily”, parts of one, or initials. Rarer words
        weigh more, and of a name that shares some the letters decide.
        """
        if written not in self._nearest:
            shares: dict[str, float] = {}
            for part in {written, *BETWEEN.split(written)}:
                for code, share in self._shares(part.strip()).items():
                    shares[code] = max(share, shares.get(code, 0))
            first, plain = sorted(shares, key=lambda code: -shares[code])[:MOST_COMPARED], folded(written)
            alike = {code: shares[code] + OF_LETTERS * self._ratio(plain, code) for code in first}
            ranked = sorted(first, key=lambda code: -alike[code])
            near = [self.by_code[code] for code in ranked if alike[code] > ENOUGH]
            self._nearest[written] = near[:NEAR_AT_MOST]
        return self._nearest[written]

    def _shares(self, part: str) -> dict[str, float]:
        """How much of a written name each record's name has in words, and how much of that name is written."""
        shares, mine = {}, set(words_of(part))
        for short in SHORT_FORM.findall(part):
            for code in self._by_initials.get(short, ()):
                mine |= self._words[code]
                if short == part:
                    shares[code] = AS_INITIALS
        whole = self._weight(mine)
        for code in {code for word in mine for code in self._with_word.get(word, ())}:
            shared, words = self._weight(mine & self._words[code]), self._words[code]
            share = OF_WRITTEN * shared / whole + OF_NAME * shared / self._weight(words)
            shares[code] = max(share, shares.get(code, 0))
        return shares

    def _weight(self, words: set[str] | frozenset[str]) -> float:
        """Words by how few of the names have them."""
        return sum(math.log((len(self._words) + 1) / (len(self._with_word.get(word, ())) + 0.5)) for word in words)

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        return {code: words_of(f"{self.name(each)} {code}") for code, each in self.by_code.items()}

    @cached_property
    def _with_word(self) -> dict[str, set[str]]:
        codes: dict[str, set[str]] = defaultdict(set)
        for code, words in self._words.items():
            for word in words:
                codes[word].add(code)
        return codes

    @cached_property
    def _by_initials(self) -> dict[str, set[str]]:
        codes: dict[str, set[str]] = defaultdict(set)
        for code, each in self.by_code.items():
            for form in (code.upper(), initials(self.name(each))):
                codes[form].add(code)
        return codes

    def _ratio(self, plain: str, code: str) -> float:
        """How alike a name or a code is to a text in its letters, from 0 to 1."""
        forms = folded(self.name(self.by_code[code])), code
        return max(difflib.SequenceMatcher(None, plain, form).ratio() for form in forms)
