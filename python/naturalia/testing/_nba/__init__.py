"""A loopback NBA: its documents, its operators, its services."""
