"""What several tests use: builders of pages, servers, references, peers."""
