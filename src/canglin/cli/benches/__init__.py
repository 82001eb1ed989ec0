"""Measurements of a real instance on this machine: the platform in its own processes, the load from another."""
