"""What the tracker records, in the order in which it flows: bodies, plans, metrics, commitments, the log of changes."""

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
from .metrics import Metric, Nature, Shape
from .norms import Adherence, Instrument, InstrumentKind, Norm, NormLink, Participation
from .plan import OTHER_FIGURE, Category, Form, Plan, Precision, Provision
from .progress import Assessment, Bound, Evidence, Fits, How, Says, Update, Verdict, What
from .publishable import Reread, State
from .sources import Body, BodyKind, Side, Source
from .texts import AttachedText, Passage, SearchText
