"""Room cli (命令): the ``canglin`` command. Thin: every command asks or acts through the rooms below."""
