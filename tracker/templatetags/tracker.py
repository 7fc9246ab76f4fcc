"""Words and figures for templates."""

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html

from tracker import words
from tracker.release import release

register = template.Library()
register.filter("number", words.number)
register.filter("target", words.target)


@register.filter
def label(value, name):
    """The words for a stored value: ``{{ c.kind|label:"kind" }}``."""
    return words.LABELS[name].get(value, value)


@register.filter
def sign(kind):
    """The sign of a kind of commitment."""
    return words.KIND_SIGNS[kind]


@register.filter
def day(value):
    """A date in words by the locale."""
    return date_format(value, "j F Y") if value else ""


@register.filter
def short_day(value):
    """A date for tables by the locale."""
    return date_format(value, "j M Y") if value else ""


@register.filter
def published(plan):
    """When a plan came out, no more exactly than is known."""
    formats = {"day": "j F Y", "month": "F Y", "year": "Y"}
    return date_format(plan.published_on, formats[plan.published_precision])


@register.filter
def years(plan):
    """The years of a plan's period: 2021–2025."""
    return f"{plan.starts_on.year}–{plan.ends_on.year}"


@register.filter
def get(mapping, key):
    """The value of a key that a template variable names."""
    return mapping.get(key)


@register.simple_tag
def square(commitment):
    """One square of the mosaic: a link with a readable name and the sign of its kind."""
    return format_html(
        '<a class="sq k-{}" href="{}" aria-label="{} {} ({})">{}</a>',
        commitment.kind,
        commitment.path,
        commitment.code,
        commitment.title,
        words.LABELS["kind"][commitment.kind],
        words.KIND_SIGNS[commitment.kind],
    )


@register.simple_tag
def site_url():
    """Where the public finds the site, without a slash at the end."""
    return settings.SITE_URL


@register.simple_tag
def current_release():
    """Which code is running."""
    return release()
