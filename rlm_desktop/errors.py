"""Errors that are meant to be read by a person."""

from __future__ import annotations


class UserError(Exception):
    """One sentence or a few for the person: what failed, why, what to do. Shown as it is, never with a traceback."""


class UsageError(UserError):
    """The person's request itself was wrong (the command line exits with 2)."""
