"""Tables, records and reports."""
