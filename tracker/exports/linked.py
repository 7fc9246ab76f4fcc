"""What search engines, annotation tools and data catalogues read: reviews, annotations of the plan, a catalogue."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker.text.plain import span_of_quote
from tracker.text.typed import written_day
from tracker.wording import labels

from . import describe
from .about import LICENCE
from .tables import TABLES

# Where this site has a final answer of its own. Anything else is not rated: a rating would say more than is known.
RATED = ("kept", "in_part", "not_kept")
AROUND = 32  # characters before and behind a quote, as the standard suggests
ANNOTATIONS = "http://www.w3.org/ns/anno.jsonld"
ANNOTATION_TYPE = f'application/ld+json; profile="{ANNOTATIONS}"'
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def site():
    """Who says all this, as schema.org has it."""
    return {"@type": "Organization", "name": _("Promise by promise"), "url": settings.SITE_URL + "/"}


def _text_of(plan):
    """Where the text that was recorded can be read; the plan's own page where no address was seen."""
    addresses = plan.texts_by_language.get(plan.language) or [settings.SITE_URL + plan.path]
    return addresses[0]


def claim_review(snapshot, plan, commitment):
    """A promise with a final answer as a schema.org ClaimReview; ``None`` where there is none.

    The rating is the verdict in words and no number: there is no score here. Standing duties get no verdict of this
    site, and what is contested, interim, running or not known has none yet.
    """
    if commitment.group not in RATED or commitment.rule == "uphold":
        return None
    inputs = plan.assessed[commitment.code].inputs
    published = [row.at.date() for row in plan.updates[commitment.code] if row.entry in inputs]
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": settings.SITE_URL + commitment.path,
        "name": labels.verdict(commitment),
        "claimReviewed": f"{commitment.title}: “{commitment.quote}”",
        "datePublished": str(max(published, default=snapshot.on)),
        "inLanguage": get_language(),
        "license": LICENCE,
        "author": site(),
        "reviewRating": {
            "@type": "Rating",
            "alternateName": labels.verdict(commitment),
            "ratingExplanation": commitment.test,
        },
        "itemReviewed": {
            "@type": "Claim",
            "name": commitment.title,
            "text": commitment.quote,
            "author": _promising(plan),
            "datePublished": written_day(plan.published_on, plan.published_precision),
            "appearance": {
                "@type": "CreativeWork",
                "name": plan.title,
                "inLanguage": plan.language,
                "url": _text_of(plan),
            },
        },
    }


def _promising(plan):
    """Who promised: the State that made the plan, by the body that published it."""
    publisher = {"@type": "GovernmentOrganization", "name": plan.publisher.name}
    if not plan.state:
        return publisher
    return {"@type": "GovernmentOrganization", "name": plan.state, "subOrganization": publisher}


def annotation(snapshot, plan, commitment, text=""):
    """The quote of a promise as a W3C Web Annotation on the plan's text, with what became of it as its body."""
    selector = {"type": "TextQuoteSelector", "exact": commitment.quote}
    if text and (span := span_of_quote(commitment.quote, text)):
        start, stop = span
        selector |= {"exact": text[start:stop], "prefix": text[max(0, start - AROUND) : start]}
        selector["suffix"] = text[stop : stop + AROUND]
    address = settings.SITE_URL + commitment.path
    return {
        "@context": ANNOTATIONS,
        "id": settings.SITE_URL + reverse("annotation", args=[plan.code, commitment.code]),
        "type": "Annotation",
        "motivation": "assessing",
        "generated": f"{snapshot.on}T00:00:00Z",
        "creator": {"id": settings.SITE_URL + "/", "type": "Organization", "name": _("Promise by promise")},
        "rights": LICENCE,
        "body": [
            {
                "type": "TextualBody",
                "value": f"{labels.verdict(commitment)}: {commitment.title}",
                "format": "text/plain",
                "language": get_language(),
                "purpose": "assessing",
            },
            {"type": "SpecificResource", "source": address, "purpose": "linking"},
        ],
        "target": {"type": "SpecificResource", "source": _text_of(plan), "selector": selector},
    }


def annotation_of(snapshot, plan, code):
    """The same by code, with the words around it where the plan's text is attached. Raises ``NotInRegistry``."""
    commitment = plan.commitment(code)
    texts = snapshot.passages(plan.code, [commitment.provision])
    return annotation(snapshot, plan, commitment, texts.get(commitment.provision, ""))


def annotations(snapshot, plan):
    """The quotes of all promises of a plan as one collection of one page."""
    texts = snapshot.passages(plan.code, list(plan.provisions))
    items = [annotation(snapshot, plan, c, texts.get(c.provision, "")) for c in plan.rows]
    for each in items:
        del each["@context"]  # that of the collection
    address = settings.SITE_URL + reverse("annotations", args=[plan.code])
    return {
        "@context": ANNOTATIONS,
        "id": address,
        "type": "AnnotationCollection",
        "label": _("Promises of the %(title)s") % {"title": plan.title},
        "total": len(items),
        "first": {
            "id": f"{address}#page",
            "type": "AnnotationPage",
            "partOf": address,
            "startIndex": 0,
            "items": items,
        },
    }


CATALOGUE = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def catalogue(snapshot, query=""):
    """All public tables for catalogues of data, as DCAT (version 3 of the W3C)."""
    head = {
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": _("Promise by promise"), "foaf:homepage": _at("/")},
        "dct:license": {"@id": LICENCE},
        "dct:modified": {"@value": str(snapshot.on), "@type": "xsd:date"},
        "dct:language": get_language(),
    }
    files = [("everything.zip", "application/zip"), ("datapackage.json", "application/json")]
    everything = {
        "@id": describe.address("", query) + "#everything",
        "@type": "dcat:Dataset",
        "dct:title": _("Promise by promise: all tables"),
        "dct:description": describe.description(snapshot),
        "dct:identifier": describe.NAME,
        "dcat:keyword": describe.keywords(),
        "dcat:landingPage": {"@id": describe.address("", query)},
        "dcat:version": snapshot.head_hash or "0",
        **_period(snapshot),
        **head,
        "dcat:distribution": [_distribution(name, type_, query) for name, type_ in files],
    }
    return {
        "@context": CATALOGUE,
        "@id": describe.address("catalog.jsonld", query),
        "@type": "dcat:Catalog",
        "dct:title": _("Promise by promise"),
        "dct:description": describe.description(snapshot),
        "foaf:homepage": _at("/"),
        **head,
        "dcat:dataset": [everything, *(_table(table, query) | head for table in TABLES.values())],
        "dcat:service": {
            "@type": "dcat:DataService",
            "dct:title": _("Interface for programs"),
            "dcat:endpointURL": _at("/api/v1/"),
            "dcat:endpointDescription": _at(reverse("api-openapi")),
        },
    }


def _at(path):
    return {"@id": settings.SITE_URL + path}


def _period(snapshot):
    plans = list(snapshot.plans.values())
    if not plans:
        return {}
    days = {"startDate": min(plan.starts_on for plan in plans), "endDate": max(plan.ends_on for plan in plans)}
    ends = {f"dcat:{name}": {"@value": str(day), "@type": "xsd:date"} for name, day in days.items()}
    return {"dct:temporal": {"@type": "dct:PeriodOfTime", **ends}}


def _table(table, query):
    files = [(f"{table.name}.csv", "text/csv"), (f"{table.name}.json", "application/json")]
    return {
        "@id": describe.address("", query) + f"#{table.name}",
        "@type": "dcat:Dataset",
        "dct:title": str(table.title),
        "dct:description": str(table.about),
        "dct:identifier": f"{describe.NAME}/{table.name}",
        "dcat:landingPage": {"@id": describe.address("", query) + f"#{table.name}"},
        "dcat:distribution": [_distribution(name, type_, query) for name, type_ in files],
    }


def _distribution(name, media_type, query):
    address = {"@id": describe.address(name, query)}
    return {
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": {"@id": MEDIA_TYPES + media_type},
        "dct:license": {"@id": LICENCE},
    }
