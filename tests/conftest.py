"""What holds for every test."""

from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings

# Machines are shared and slow at times: a test asserts what comes out, never how long it took.
settings.register_profile("kubewire", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kubewire")

# A run started in the background has SIGINT ignored, and so would every process that it starts: the engine asks its
# plugins to end by that signal, and waits five seconds for those that don't.
signal.signal(signal.SIGINT, signal.default_int_handler)
