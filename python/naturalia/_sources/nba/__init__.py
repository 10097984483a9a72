"""The Netherlands Biodiversity API."""
