"""How hard the sentences of the public pages are to read, by a measure that anybody can repeat."""

import html
import re

import pytest
from django.conf import settings

from tracker.wording import meanings

from .reading import page_of

# Words that a template has for its reader, between tags, with what is filled in taken as one word.
TRANSLATED = re.compile(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}|{% translate \"(.*?)\"", re.DOTALL)
LEAST_WORDS = 6  # of a sentence; a heading or a label is none


def syllables(word):
    """Groups of vowels, a silent e at the end not counted: right for most words of English, and for means of many."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = (word.endswith("e") and not word.endswith(("le", "ee", "ye"))) or re.search(r"[^aeiouydt]ed$", word)
    return max(1, groups - bool(silent and groups > 1))


def sentences():
    """Every sentence of the templates of public pages and of the meanings of words."""
    texts = [str(meaning) for words in meanings.RESULTS.values() for meaning, _example in words.values()]
    for path in sorted((settings.BASE_DIR / "templates" / "tracker").glob("*.html")):
        for pair in TRANSLATED.findall(path.read_text(encoding="utf-8")):
            text = re.sub(r"{% plural %}.*", "", next(filter(None, pair), ""), flags=re.DOTALL)
            texts.append(html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"{{.*?}}", "12", text))))
    for text in texts:
        for sentence in re.split(r"(?<=[.?!])\s+", " ".join(text.split())):
            words = re.findall(r"[A-Za-z][A-Za-z'’-]*", sentence)
            if len(words) >= LEAST_WORDS:
                yield [word.lower() for word in words]


def grade(listed):
    """The grade of Flesch and Kincaid (1975): years at school in the United States after which a text is read."""
    words = [word for sentence in listed for word in sentence]
    return 0.39 * len(words) / len(listed) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize(("word", "n"), [("promise", 2), ("kept", 1), ("evidence", 3), ("people", 2), ("table", 2)])
def test_syllables_are_counted_as_they_are_spoken(word, n):
    assert syllables(word) == n


@pytest.mark.django_db
def test_the_sentences_of_the_pages_are_read_after_some_seven_years_at_school(client, vellmark):
    listed = list(sentences())
    assert len(listed) > 400
    measured = grade(listed)
    assert measured < 7
    assert f"grade {round(measured)} by Flesch and Kincaid" in page_of(client, "/glossary/")
