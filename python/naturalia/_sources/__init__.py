"""The services that records come from."""
