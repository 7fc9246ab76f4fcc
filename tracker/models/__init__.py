"""What the tracker records, in the order in which it flows: bodies, plans, metrics, commitments, the log of changes."""

from .attached_text import AttachedText, Passage
from .baseline import DIFFERS, BaselineFigure, BaselineForm, BaselinePassage
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
from .conditions import broken_checks
from .final import FinalError
from .ledger import LedgerBody, LedgerEntry, SeedRow
from .metrics import Metric, Nature, Period, Shape
from .norms import Adherence, Instrument, InstrumentKind, Norm, NormLink, Participation
from .plan import OTHER_FIGURE, Category, Form, Plan, Precision, Provision
from .progress import Assessment, Bound, Evidence, Fits, How, Reach, Says, Update, Verdict, What
from .publishable import Reread, State
from .search import SearchText
from .sources import Body, BodyKind, Side, Source

__all__ = [
    "DIFFERS",
    "NUMBER_RULES",
    "OTHER_FIGURE",
    "RULES_BY_KIND",
    "Adherence",
    "Assessment",
    "AttachedText",
    "BaselineFigure",
    "BaselineForm",
    "BaselinePassage",
    "BeneficiaryGroup",
    "Body",
    "BodyKind",
    "Bound",
    "Category",
    "Commitment",
    "Comparator",
    "DeadlineBasis",
    "Evidence",
    "FinalError",
    "Fits",
    "Form",
    "How",
    "Instrument",
    "InstrumentKind",
    "Kind",
    "LedgerBody",
    "LedgerEntry",
    "Level",
    "Metric",
    "Nature",
    "Norm",
    "NormLink",
    "Participation",
    "Passage",
    "Period",
    "Plan",
    "Precision",
    "Provision",
    "Reach",
    "Reread",
    "Rule",
    "Says",
    "SearchText",
    "SeedRow",
    "Shape",
    "Side",
    "Source",
    "State",
    "Update",
    "Verdict",
    "What",
    "broken_checks",
]
