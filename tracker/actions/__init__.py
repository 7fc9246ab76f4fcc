"""Every change to anything public. Admin, forms, imports and the seed loader call these and nothing else.

Each action is keyword-only, names who acts, checks the record, and writes it together with its log entry in one
transaction: either both are there afterwards or neither is.
"""
