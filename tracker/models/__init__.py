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
from .desk import ASSIGNABLE, Assignment, CalendarAddress
from .evidence import Evidence
from .final import FinalError
from .imports import Fate, ImportBatch, ImportRow
from .jobs import Job, JobState
from .ledger import Cosignature, LedgerBody, LedgerEntry, SeedProblem, SeedRow, public_day
from .messages import By, Message, MessageChoice, Notice
from .metrics import Metric, Nature, Period, Shape
from .norms import Adherence, Instrument, InstrumentKind, Norm, NormLink, Participation
from .people import StaffAccount, StaffLink
from .plan import Category, Form, Plan, Provision
from .plantext import PlanText
from .preparation import Preparation
from .progress import Assessment, Bound, Fits, How, Reach, Says, Update, Verdict, What
from .publishable import FOUR_EYES, UNWRITTEN, Reread, State
from .recommendations import Mechanism, Recommendation, RecommendationLink, Reply, recommendation_code
from .redaction import RedactionRequest
from .registered import Registered, code_taken
from .reports import REPORTABLE, SETTLED, Became, Because, ReaderReport, ReaderSending, Wrong
from .sources import SPEAKING, UN_SYMBOL, Body, BodyKind, Precision, Side, Source
from .texts import AttachedText, Passage, SearchText
from .trail import Deed, TrailEntry
from .unsaved import UnsavedForm
