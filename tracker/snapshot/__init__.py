"""The snapshot: everything public as of one log entry, read once and kept in memory, and what pages ask of it.

Lists, counts, facets and files are plain expressions over a snapshot. The database is asked for the number of the
newest log entry, and for the registry itself only when that number has moved.
"""
