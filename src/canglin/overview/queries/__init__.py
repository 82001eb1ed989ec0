"""What the pages over many rooms ask: where grain lies, how full places are, who reported when."""
