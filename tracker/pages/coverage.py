"""The plan paragraph by paragraph, in its order: what each promises, or that it promises nothing more."""

from collections import Counter

from tracker import words

from .counts import Count


def coverage(snapshot, plan):
    """Every paragraph under its chapter or section, with the promises found in it."""
    forms = Counter(p.form for p in plan.provisions.values())
    bare = Counter(p.form for p in plan.provisions.values() if not plan.by_provision[p.code])
    places = [(category, plan.provisions_of[code]) for code, category in [("", None), *plan.categories.items()]]
    return {
        "snapshot": snapshot,
        "plan": plan,
        "forms": [
            Count(form, label, forms[form] - bare[form], forms[form])
            for form, label in words.LABELS["form"].items()
            if forms[form]
        ],
        "places": [
            {
                "category": category,
                "depth": len(plan.ancestry[category.code]) - 1 if category else 0,
                "provisions": [{"provision": p, "commitments": plan.by_provision[p.code]} for p in provisions],
            }
            for category, provisions in places
            if category or provisions
        ],
    }
