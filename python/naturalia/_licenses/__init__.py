"""Rights statements: reading, deciding and filtering."""
