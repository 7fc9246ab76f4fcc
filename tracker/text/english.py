"""The other forms of an English word that a search finds too. Pure."""

import re
from collections.abc import Iterator

IRREGULAR = {"women": "woman", "children": "child", "woman": "women", "child": "children"}
# Beginnings of words that are spelt in several ways: in the two Englishes, or by sides that spell a name differently.
SPELLINGS = """uyghur/uighur/uygur ageing/aging behaviour/behavior centre/center defence/defense enrolment/enrollment
fulfilment/fulfillment judgement/judgment labour/labor licence/license offence/offense paediatric/pediatric
programme/program"""
SPELT_ALIKE = [each.split("/") for each in SPELLINGS.split()]
ISE = re.compile(r"i[sz](?=(?:e[ds]?|ing|ations?)$)")  # organise, organization
NO_PLURALS = {"aids", "always", "means", "news", "perhaps", "series", "species"}


def numbers(word: str) -> Iterator[str]:
    """The singular of what looks like an English plural, and the plural of what looks like none."""
    if word in IRREGULAR:
        yield IRREGULAR[word]
    if len(word) < 4 or word in NO_PLURALS or not (word.isascii() and word.isalpha()):
        return
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    elif re.search(r"(?:ss|sh|ch|x|z)es$", word):
        yield word[:-2]
    elif word[-1] == "s" and word[-2] not in "isu":
        yield word[:-1]
        if word.endswith("ses"):
            yield word[:-2]
    elif word[-1] == "y" and word[-2] not in "aeiou":
        yield f"{word[:-1]}ies"
    elif word[-1] != "s":
        yield f"{word}s"


def spellings(word: str) -> Iterator[str]:
    """The other spellings of a word that is spelt in several ways."""
    for alike in SPELT_ALIKE:
        # The longest of those that begin alike stands first.
        if own := next((each for each in alike if word.startswith(each)), ""):
            yield from (other + word.removeprefix(own) for other in alike if other != own)
    if ISE.search(word):
        yield from {ISE.sub("is", word), ISE.sub("iz", word)} - {word}
