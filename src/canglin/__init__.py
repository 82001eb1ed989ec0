"""Canglin (仓廪): supervision platform for government grain reserves."""
