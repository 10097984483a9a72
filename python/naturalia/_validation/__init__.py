"""Validation of records and pages."""
