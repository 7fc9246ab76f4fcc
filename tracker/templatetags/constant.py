"""Django's own tags for words and addresses, which write once what is the same on every page in a language.

A page has some two hundred of them, and each is looked up in seven catalogues or put together from patterns. Templates
use them as ever: these stand in for the tags of the same names.
"""

from functools import lru_cache

from django import template
from django.template import defaulttags
from django.templatetags import i18n
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.translation import get_language

register = template.Library()


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
