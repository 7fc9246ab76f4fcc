"""What is disputed, in brief: how many promises in which way, and the newest side by side."""

from .counts import Count
from .disagreements import DIFFERENCES, accounts_of, differences

MOST = 6


def disputed(snapshot, plan):
    """How many promises are disputed and how; one can be so in several ways. The newest with all accounts of them.

    Those of which the State alone speaks are counted with the others, but stand in no list of the newest: nobody on
    record says the opposite.
    """
    total = len(plan.commitments)
    found = {code: differences(plan, c, snapshot.on) for code, c in plan.commitments.items()}
    ways = [
        Count(value, label, sum(1 for each in found.values() if value in each), total)
        for value, label in DIFFERENCES.items()
    ]
    contradicted = [plan.commitments[code] for code, each in found.items() if set(each) - {"no_data"}]
    rows = [{"commitment": c, "accounts": accounts_of(snapshot, plan, c)} for c in contradicted]
    rows.sort(key=lambda row: max(a.row.as_of.toordinal() if a.row else 0 for a in row["accounts"]), reverse=True)
    return {"n": sum(1 for each in found.values() if each), "of": total, "ways": ways, "newest": rows[:MOST]}
