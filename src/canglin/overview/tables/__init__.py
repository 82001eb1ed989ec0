"""The lists that draw on many rooms."""
