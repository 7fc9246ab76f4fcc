"""The words by which a text promises: of comparing, of changing, of kinds and stages. English first; the comparisons
and months of some other languages. Pure tables, tried on plans that were published.
"""

import re

I = re.IGNORECASE  # noqa: E741


def _any(words: str) -> str:
    return "(?:" + "|".join(words.split(", ")) + ")"


# Right before a figure, the longer first: what is denied turns round.
BEFORE = [
    ("≥", "no less than, not less than, no fewer than, not fewer than, no lower than, not lower than"),
    ("≥", "not be lower than, at least, a minimum of, minimum, not be less than, not fall below, not drop below"),
    ("≥", "not below, from at least"),
    ("≤", "no more than, not more than, at most, a maximum of, not exceed, not exceeding, no higher than, not above"),
    ("≤", "not higher than, not be higher than, not be more than, not to exceed, without exceeding, up to, within"),
    (">", "more than, over, above, exceed, exceeds, exceeding, in excess of, surpass, surpassing, greater than"),
    (">", "higher than, upwards of, beyond, well over"),
    ("<", "less than, below, under, lower than, fewer than, smaller than"),
    ("about", "about, around, some, approximately, nearly, roughly, almost, circa, close to, as many as"),
    ("≥", "no menos de, al menos, como mínimo, por lo menos, no bajará del?, no será inferior al?, no inferior al?"),
    ("≤", "no más de, como máximo, a lo sumo, no superará el, no superará, no excederá del?, hasta"),
    (">", "más de, más del, superior al?, por encima del?, superará el, superará"),
    ("<", "menos del?, inferior al?, por debajo del?"),
    ("about", "unas, unos, alrededor del?, cerca del?, aproximadamente, casi"),
    ("≥", "au moins, au minimum, pas moins de, mindestens, wenigstens, não menos de, pelo menos, almeno, τουλάχιστον"),
    ("≤", "au plus, au maximum, pas plus de, höchstens, no máximo, al massimo, το πολύ, не более, не выше"),
    ("≤", "не более чем"),
    (">", "plus de, mehr als, über, mais de, più di, oltre, πάνω από, более, свыше, более чем, 超过, 超過, أكثر من"),
    ("<", "moins de, weniger als, unter, menos de, meno di, κάτω από, менее, ниже, 低于, أقل من"),
    ("about", "environ, rund, etwa, cerca de, circa, περίπου, около, примерно, 约, حوالي"),
    ("≥", "не менее, не ниже, 不少于, 不低于, 至少, على الأقل"),
]
AFTER = [
    ("≥", "or more, or higher, or above, or over, or greater, or better, and above, and over, and more, at least"),
    ("≤", "or less, or fewer, or lower, or below, or under, and below, or younger, at most"),
    ("≥", "o más, ou plus, oder mehr, ou mais, o più, и более, и выше, 以上, ή περισσότερο"),
    ("≤", "o menos, ou moins, oder weniger, o meno, и менее, и ниже, 以下, ή λιγότερο"),
]
SIGNS = {"≥": "≥", ">=": "≥", "⩾": "≥", ">": ">", "≤": "≤", "<=": "≤", "⩽": "≤", "<": "<", "≈": "about", "~": "about"}
COMPARED_BEFORE = [
    (sign, re.compile(rf"(?<!\w){_any(words)}(?:\s+(?:a|an|the|another|to))*\s*$", I)) for sign, words in BEFORE
]
COMPARED_AFTER = [(sign, re.compile(rf"[\s,]*\(?\s*{_any(words)}(?!\w)", I)) for sign, words in AFTER]
OF_A_LINE = re.compile(
    r"(?<!\w)(?P<where>above|over|below|under)\s+(?:\w+\s+){0,3}?(?:line|level|limit|threshold|mark|ceiling|"
    r"floor)\s+of\s+$",
    I,
)
DOWN = (
    "reduc\\w*, lower\\w*, cut, cuts, cutting, decreas\\w*, fall, falls, falling, drop\\w*, declin\\w*, shrink\\w*, "
    "curb\\w*, halv\\w*, minimi[sz]\\w*, bring down, disminu\\w*, bajar\\w*, réduir\\w*, réduct\\w*, senk\\w*, "
    "reduzi\\w*, сниз\\w*, сокра\\w*, μείωσ\\w*, 降低, 减少"
)
UP = (
    "increas\\w*, rais\\w*, rise, rises, rising, grow\\w*, expand\\w*, improv\\w*, widen\\w*, doubl\\w*, boost\\w*, "
    "aumentar\\w*, elevar\\w*, crecer\\w*, augment\\w*, erhöh\\w*, steiger\\w*, увелич\\w*, повы\\w*, αύξησ\\w*, "
    "提高, 增加"
)
GOES_DOWN, GOES_UP = re.compile(rf"(?<!\w){_any(DOWN)}(?!\w)", I), re.compile(rf"(?<!\w){_any(UP)}(?!\w)", I)
CHANGE_BY = re.compile(
    r"(?<!\w)(?:by|um|de|d'|en|un|an?|на|κατά)\s+(?:(?:a|an|the|un|about|around|some|nearly|approximately|more|less|"
    r"than|over|at|least|no|up|to|más|del?|al|menos|mehr|als|rund|etwa|environ|plus)\s+)*$",
    I,
)
HOLDS = (
    "keep, keeps, keeping, kept, stay, stays, remain, remains, maintain, maintained, maintaining, hold, every year, "
    "each year, annually, yearly, cada año, chaque année, jedes Jahr, no bajará, unemployment rate, have, has"
)
MAKES = (
    "build, built, building, construct\\w*, renovat\\w*, upgrad\\w*, train, trained, training, publish\\w*, "
    "compil\\w*, add, added, launch\\w*, find jobs, remodel\\w*, plant, planted, dig, dug, creat\\w*, roll out, "
    "rolled out, new, more, additional, repar\\w*, construir\\w*, subsidi[sz]e, open, opened, bases, provided"
)
HELD, MADE = re.compile(rf"(?<!\w){_any(HOLDS)}(?!\w)", I), re.compile(rf"(?<!\w){_any(MAKES)}(?!\w)", I)

# Deadlines.
# fmt: off
MONTHS = {name: number for names in (
    "january february march april may june july august september october november december",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "januar februar märz april mai juni juli august september oktober november dezember",
) for number, name in enumerate(names.split(), start=1)}
# fmt: on
MONTH = "|".join(MONTHS)
DATE = (
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:de\s+|"
    rf"of\s+)?)?(?:(?P<month>{MONTH})\s+(?:(?P<us>\d{{1,2}})(?:st|nd|rd|th)?,\s+)?(?:de\s+)?)?"
    r"(?P<year>(?:19|20)\d\d)"
)
BY_DATE = re.compile(
    rf"(?<!\w)(?:by|before|until|no later than|not later than|antes del?|hasta el|a más tardar el|avant le|"
    rf"avant|bis zum|bis)\s+"
    rf"(?P<whole>the end of\s+|end of\s+|end-|fin del?\s+|finales de\s+|la fin de\s+|ende\s+)?{DATE}",
    I,
)
IN_YEARS = re.compile(
    r"(?<!\w)(?:in|within|over|for|during)\s+(?:the\s+)?(?:next|coming|"
    r"following)?\s*(?P<number>\w+)\s+(?P<unit>years?|months?)(?!\w)",
    I,
)
SOON = re.compile(r"(?<!\w)(?:(?:in|within|over|during)\s+the\s+(?:next|coming|following)|within)\s", I)
BASE_YEAR = re.compile(
    r"(?<!\w)(?:compared (?:to|with)|relative to|against|over|on|from|since|vs\.?|respecto (?:a|de)|frente a|"
    r"en relación con|par rapport à|gegenüber)"
    r"\s+(?:the\s+)?(?:levels? of\s+|el nivel de\s+)?(?P<year>(?:19|20)\d\d)(?!\s*(?:to|-|–))",
    I,
)

# What is no target, by what stands before and after the figure.
NAMED_BEFORE = re.compile(
    r"(?:[A-Za-z][A-Za-z]*-?|(?:hotlines?|telephone|number|numbers|no\.|article|articles|agenda|strategy|section|"
    r"chapter|paragraph|artículo|the age of|aged|ages|age|of age|\d{5,}(?: and| or|,))\s*)$",
    I,
)
NAMED_AFTER = re.compile(
    r"(?:st|nd|rd|th)(?!\w)|(?=[A-Za-z])|-(?:year|day|month|point)|\s*(?:-|–)\s*\d|\s+years? (?:old|of age)|"
    r"\s+(?:\w+\s+)?hotline",
    I,
)
DENOMINATOR = re.compile(r"(?<!\w)(?:per|(?:for )?every|(?:for )?each|out of(?: every)?|por cada|pour|je|на)\s+$", I)
FROM_TO = re.compile(r"(?<!\w)(?:from|de|von|du)\s+$", I)
OF_A_RANGE = re.compile(r"[\d)]\s*[-–]\s*$")
SMALL_FIRST = re.compile(
    r"(?:at least|about|around|some|over|more than|another|an additional|additional|no fewer than|up to|all)\s+$|^\W*$",
    I,
)
SMALL_AFTER = re.compile(
    r"\s+(?:more|new|national|regional|additional|further|of them|million|billion|thousand|hundred|pilot|model|"
    r"other)(?!\w)",
    I,
)

OF_AGE = re.compile(
    r"(?<!\w)(?:children|minors|people|persons|those|women|men|youth|girls|boys) (?:under|over|below|above|aged) $", I
)

# Kinds.
LAW_NOUNS = (
    "laws?, acts?, regulations?, rules, by-?laws?, codes?, legislation, statutes?, polic(?:y|ies), ordinances?, "
    "decrees?, bill, bills, guidelines?, regulatory measures, standards?, legal framework, strategy, "
    "action plan, amendments?, Electoral Law"
)
LAW_VERBS = {
    "drafted": "draft, drafts, drafted, drafting, drawn up, draw up",
    "adopted": (
        "formulat\\w*, enact\\w*, introduc\\w*, amend\\w*, revis\\w*, issu(?:e|es|ed|ing), adopt\\w*, promulgat\\w*, "
        "pass, passed, legislat\\w*, elaborat\\w*, create and release, specified"
    ),
    "in force": "enforc\\w*, put in place, put into effect, enter into force, come into force",
}
BODY_NOUNS = (
    "mechanisms?, systems?, cent(?:er|re)s?, bases?, networks?, platforms?, commissions?, offices?, facilit(?:y|ies), "
    "institutions?, agenc(?:y|ies), hospitals?, schools?, museums?, parks?, funds?, councils?, ombudsm[ae]n\\S*, "
    "zones?, committees?, databases?, courts?, schemes?, institutes?, ministry, register, registry"
)
BODY_VERBS = (
    "establish\\w*, set up, setting up, build\\w*, built, create\\w*, creating, open, opened, found, form, formed, "
    "introduc\\w*, launch\\w*, put in place, install\\w*, construct\\w*, develop\\w*"
)
REPORTING = re.compile(
    r"(?<!\w)(?:submit\w*|participat\w* in(?: the)?(?: \w+){0,3} review|hold(?:ing)? (?:a |the |regular )?\w*|host\w*|"
    r"publish\w* (?:\w+ ){0,3}(?:reports?|papers?|reviews?)|report(?:s|ing)? (?:to|every|each|annually)|"
    r"(?:assessments?|evaluations?|dialogues?|seminars?|forums?) (?:will be|on)|"
    r"conduct\w* (?:\w+,? ){0,4}(?:review|assessment|evaluation|dialogue))(?!\w)",
    I,
)
STRICT = re.compile(
    r"(?<!\w)(?:shall|must|prohibit\w*|forbid\w*|forbidden|ban|banned|bans|not be (?:allowed|permitted)|no (?:one|"
    r"person|organization|individual)|se prohíbe|prohibid\w*|interdit\w*|verboten)(?!\w)",
    I,
)
GUARDS = re.compile(
    r"(?<!\w)(?:guarantee\w*|safeguard\w*|protect(?:s|ed|ing)? (?:\S+ ){0,6}(?:rights?|interests|freedoms?)|"
    r"respect(?:s|ed)? (?:\S+ ){0,4}rights?|"
    r"punish\w*|(?:ensur\w*|uphold\w*) (?:\S+ ){0,5}(?:rights?|equal\w*)|on an equal basis|equal rights?)(?!\w)",
    I,
)
PROGRAMME = re.compile(
    r"(?<!\w)(?:carr\w+ out|provid\w*|implement\w*|launch\w*|campaigns?|programs?|programmes?|projects?|"
    r"initiatives?|training|support\w*|"
    r"subsid\w*|services?|measures|organi[sz]\w*|run|offer\w*|deliver\w*|conduct\w*|encourag\w*|pilot\w*|teach(?:es|ing)?|help\w*)(?!\w)",
    I,
)
PILOT = re.compile(r"(?<!\w)(?:pilot\w*|on a trial basis|on trial|experimental)(?!\w)", I)
LAW = {stage: re.compile(rf"(?<!\w){_any(verbs)}(?!\w)", I) for stage, verbs in LAW_VERBS.items()}
OF_LAW = re.compile(rf"(?<!\w){_any(LAW_NOUNS)}(?!\w)", I)
TO_BODY, OF_BODY = (re.compile(rf"(?<!\w){_any(words)}(?!\w)", I) for words in (BODY_VERBS, BODY_NOUNS))
MENDS = re.compile(r"(?<!\w)(?:improv|refin|reform|perfect|strengthen|upgrad|expand|moderni)\w*", I)
RUNNING = re.compile(r"(?<!\w)(?:establish\w*|set up|setting up|open|opened|found|introduc\w*|put in place)(?!\w)", I)
STAGES = [
    ("submitted", re.compile(r"(?<!\w)submi\w+", I)),
    ("reviewed", re.compile(r"(?<!\w)(?:participat\w* \S*\s?(?:\w+ ){0,4}review|undergo\w* (?:\w+ ){0,3}review)", I)),
    ("held", re.compile(r"(?<!\w)(?:hold|holding|held|host\w*|participat\w*|convene\w*)(?!\w)", I)),
]
QUALIFIER = re.compile(
    r"(?<!\w)(?:as appropriate|where appropriate|as soon as (?:practicable|possible)|where possible|wherever possible|"
    r"if necessary|as necessary|where necessary|as required|in accordance with (?:the )?laws?(?: and regulations)?|"
    r"by law|according to law|to the greatest extent possible|within available resources|subject to [^,.;]{3,60}|"
    r"(?:[Mm]ore |[Gg]reater )?efforts will be made(?: to)?|measures will be taken(?: to)?|every year|"
    r"según los recursos disponibles|en la medida de lo posible|dans la mesure du possible|so weit wie möglich)(?!\w)",
    I,
)

# Runs of words: what a clause begins with.
# fmt: off
VERBS = re.findall(
    r"\w+",
    """
    accelerate act adapt add address adhere adjust advance advocate aim allow amend answer apply arrange assist
    attach attract avoid ban be begin bolster boost bring broaden build campaign carry close combat compile
    complete conduct connect consolidate construct continue control cooperate coordinate cover crack create
    cultivate cut deal declare deepen define deliver deploy develop dig disclose draft draw edit educate elect
    eliminate employ enable enact encourage enforce engage enhance enlarge ensure enrich establish examine
    exclude expand explore extend facilitate fight fill focus form formulate foster fulfill fund further give
    grant guarantee guide handle harness hear help hold host identify implement improve include incorporate
    increase inform innovate inspect install institute integrate intensify introduce invest investigate issue
    join keep launch lay lower maintain make manage mobilize modernize monitor observe offer open operate
    optimize organize oppose participate pilot plan plant play popularize practice prepare preserve prevent
    prioritize process produce prohibit promote promulgate propel protect provide publicize publish punish push
    put raise reach realize receive recruit rectify reduce refine reform regulate reinforce release remove
    render renovate repair replace report rescue resolve respect respond restore restrict review revise roll run
    safeguard save secure separate serve set share simplify speed stabilize standardize step stop strengthen
    strictly study submit subsidize summarize supervise support sustain take tap teach tighten track train
    transform treat undertake unify uphold upgrade use utilize work
    """,
)
# fmt: on


def _forms(verb: str) -> str:
    stem = verb[:-1] if verb.endswith("e") else verb
    last = verb[-1] if len(verb) < 6 and re.search("[^aeiou][aeiou][^aeiouwxy]$", verb) else ""
    return rf"{verb}(?:e?s)?|{stem}{last}ing"


_BY_LENGTH = sorted((_forms(verb) for verb in VERBS), key=len, reverse=True)
ADVERB = (
    r"(?:(?:further|actively|steadily|effectively|fully|strictly|continuously|better|also|then|gradually|vigorously|"
    r"earnestly|jointly|properly|continue to|work to|strive to)\s+)*"
)
WILL = r"(?:will|shall|must|should|is to|are to|have to|has to|are being|is being)"
WILLS = re.compile(rf"(?<!\w){WILL}(?!\w)", I)
# Where a clause may end: what comes next decides.
JOINT = re.compile(r"(?:[,;:]\s+(?:(?:and|but|as well as|or)\s+)?|\s+and\s+)(?:to\s+)?", I)
NEXT_VERB = re.compile(rf"{ADVERB}(?P<verb>{'|'.join(_BY_LENGTH)})(?!\w)", I)
NEXT_WILL = re.compile(rf"(?!which\s|who\s|that\s|where\s)(?:[\w’'/()-]+\s+){{1,14}}?{WILL}\s", I)
# “prevent and punish” has one object.
SHARED = re.compile(rf"(?<!\w)(?:{'|'.join(_BY_LENGTH)})(?: (?:up|out|on))?$", I)
NOUNS_TOO = re.compile(  # “prevention and control”, “animal and plant species”
    r"(?:control|plant|support|form|study|share|work|practice|process|help|use|report|review|play|plan|focus|"
    r"rescue)(?!\w)",
    I,
)
LEADING = re.compile(rf"(?:(?:.*?(?<!\w){WILL}|to)\s+)?{NEXT_VERB.pattern}", I)
SUBJECT = re.compile(
    r"(?:(?:and|but|also|in addition|moreover|meanwhile|at the same time),?\s+)?(?:(?:the\s+)?[\w’'&/ -]{1,60}?|"
    r"it|they|we)\s+"
    rf"{WILL}\s+(?:also\s+|continue to\s+)?(?!be\s|not\s|have\s|remain\s|stay\s|fall\s|rise\s|exceed\s|reach\s|"
    rf"receive\s|find\s)",
    I,
)
