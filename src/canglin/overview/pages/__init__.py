"""Pages that draw on many rooms."""
