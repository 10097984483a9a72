"""Results for others: checks, citations, upload sheets, galleries, reports."""
