"""Bad days, rehearsed: what an operator's machines do, on the set-up that ``deploy/`` ships (docs/drills.md)."""
