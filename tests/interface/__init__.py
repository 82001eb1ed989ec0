"""Acceptance tests of the depot interface, written from its document and not from the server's code."""
