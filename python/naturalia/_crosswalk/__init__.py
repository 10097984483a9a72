"""Mapping between formats, and the account of what a mapping loses."""
