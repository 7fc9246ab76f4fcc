"""What the tracker records, in the order in which it flows: bodies, plans, metrics, commitments, the log of changes."""

from .commitments import (
    NUMBER_RULES,
    RULES_BY_KIND,
    BeneficiaryGroup,
    Commitment,
    Comparator,
    DeadlineBasis,
    Kind,
    Level,
    Rule,
)
from .ledger import LedgerEntry, SeedRow
from .metrics import Metric, Nature, Shape
from .plan import OTHER_FIGURE, Category, Form, Plan, Precision, Provision
from .sources import Body, BodyKind, Side

__all__ = [
    "NUMBER_RULES",
    "OTHER_FIGURE",
    "RULES_BY_KIND",
    "BeneficiaryGroup",
    "Body",
    "BodyKind",
    "Category",
    "Commitment",
    "Comparator",
    "DeadlineBasis",
    "Form",
    "Kind",
    "LedgerEntry",
    "Level",
    "Metric",
    "Nature",
    "Plan",
    "Precision",
    "Provision",
    "Rule",
    "SeedRow",
    "Shape",
    "Side",
]
