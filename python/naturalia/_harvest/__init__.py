"""Harvest files: complete lists of a service, kept up to date."""
