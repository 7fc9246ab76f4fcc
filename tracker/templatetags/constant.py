"""What a page has in common with others is written once: words and addresses by themselves, parts by ``fragment_of``.

A page has some two hundred words and addresses, each looked up in seven catalogues or put together from patterns.
Templates use Django's tags for them as ever: those here stand in for the tags of the same names.
"""

import threading
from functools import lru_cache

from django import template
from django.conf import settings
from django.template import defaulttags
from django.templatetags import i18n
from django.templatetags.static import do_static
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.translation import get_language

register = template.Library()

FRAGMENTS = 16 * 1024 * 1024  # bytes of all that a process keeps: as much as the promises of a plan of 800 take


class Constant(template.Node):
    """A tag that takes nothing from the page: what it writes is kept for each language."""

    child_nodelists = ()

    def __init__(self, node):
        self.node = node
        self.written = {}

    def render(self, context):
        """What the tag writes, made where it was not made before."""
        language = get_language()
        if (text := self.written.get(language)) is None:
            text = self.written[language] = self.node.render(context)
        return text


class Address(template.Node):
    """The address of a page of this site."""

    child_nodelists = ()

    def __init__(self, node):
        self.name, self.args = node.view_name.var, node.args

    def render(self, context):
        """It, as it may stand in the page."""
        path = _address(self.name, tuple([arg.resolve(context) for arg in self.args]))
        return conditional_escape(path) if context.autoescape else path


@lru_cache(maxsize=20_000)  # hundreds stand on a page, and most of them on the next one too
def _address(name, args):
    return reverse(name, args=args)


@register.tag
def translate(parser, token):
    """``{% translate "…" %}``: words in the language of the reader."""
    node = i18n.do_translate(parser, token)
    words = node.filter_expression
    fixed = words.var.literal is not None and not words.filters and node.message_context is None and not node.asvar
    return Constant(node) if fixed else node


@register.tag
def blocktranslate(parser, token):
    """``{% blocktranslate %}``: a sentence, which may have parts that change."""
    node = i18n.do_block_translate(parser, token)
    changes = node.extra_context or node.counter or node.message_context or node.asvar
    changes = changes or any(each.token_type == template.base.TokenType.VAR for each in node.singular)
    return node if changes else Constant(node)


@register.tag
def url(parser, token):
    """``{% url "name" … %}``: the address of a page; those of the admin depend on where it is asked for."""
    node = defaulttags.url(parser, token)
    name = node.view_name.var
    changes = not isinstance(name, str) or ":" in name or node.view_name.filters or node.kwargs or node.asvar
    return node if changes else Address(node)


@register.tag
def static(parser, token):
    """``{% static "…" %}``: the address of a file of ours, by its content."""
    node = do_static(parser, token)
    fixed = isinstance(node.path.var, str) and not node.path.filters and not node.varname
    return Constant(node) if fixed else node


@register.tag
def fragment_of(parser, token):
    """``{% fragment_of c.plan c.code %}…{% fragment_ends %}``: written once for a snapshot, a language and these.

    Whatever stands within may depend on nothing else: not on who asks, nor on the address but for what is named. What
    the registry and the log say is the snapshot's: after a publication, and on another day, all are written anew.
    ``from=details`` names what the page gives as a function, which is asked where the fragment is written.
    """
    bits = token.split_contents()[1:]
    more = bits.pop().removeprefix("from=") if bits[-1].startswith("from=") else ""
    nodelist = parser.parse(("fragment_ends",))
    parser.delete_first_token()
    return Fragment(nodelist, [parser.compile_filter(bit) for bit in bits], more)


class Fragments:
    """What was written, as bytes by its key; where there is too much, what was written longest ago goes."""

    def __init__(self):
        self.texts, self.size, self.lock = {}, 0, threading.Lock()

    def get(self, key):
        """The text of a key; ``None`` where it is not kept."""
        text = self.texts.get(key)
        return text if text is None else text.decode()

    def put(self, key, text):
        """Keep a text."""
        with self.lock:
            self.size += len(text := text.encode()) - len(self.texts.pop(key, b""))
            self.texts[key] = text
            while self.size > FRAGMENTS:
                self.size -= len(self.texts.pop(next(iter(self.texts))))


fragments = Fragments()


class Fragment(template.Node):
    """A part of a page that is the same for every reader. It has no block within, which another page would replace."""

    child_nodelists = ()

    def __init__(self, nodelist, values, more):
        self.nodelist, self.values, self.more = nodelist, values, more

    def render(self, context):
        """What stands within, as it was written before or is written now; on a page of no snapshot always now."""
        if not (snapshot := context.get("snapshot")):
            return self._written(context)
        values = [each.resolve(context) for each in self.values]
        key = (self, get_language(), settings.SITE_URL, snapshot.reading, *values)
        if (text := fragments.get(key)) is None:
            fragments.put(key, text := self._written(context))
        return text

    def _written(self, context):
        with context.push(**context[self.more]() if self.more else {}):
            return self.nodelist.render(context)
