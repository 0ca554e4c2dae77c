"""WSGI entry point: `gunicorn app:app`; `python app.py` prepares the database and serves."""

import gc

# Hardly anything made while starting is thrown away: looking for garbage in it took a third of the start.
gc.disable()

import ctypes
from contextlib import suppress
from importlib import import_module

from qa.config import BadSetting
from qa.factory import create_app

# glibc gives every thread memory of its own, which stays a worker's for good; two pools do as well as eight.
# (M_ARENA_MAX is -8. Other systems have no such thing.)
with suppress(AttributeError, OSError, TypeError):
    ctypes.CDLL(None).mallopt(-8, 2)

try:
    app = create_app()
except BadSetting as problem:
    import_module("qa.serve").stop(str(problem))

# What was made so far stays for good: later collections pass over it, and forked workers share its pages.
gc.freeze()
gc.enable()

if __name__ == "__main__":
    import_module("qa.serve").serve(app)
