"""The one exception that a user reads."""


class DatabaseError(Exception):
    """Something about the database that a person can put right, in one sentence that says how."""
