"""WSGI entry point: `gunicorn app:app`; `python app.py` prepares the database and serves."""

from importlib import import_module

from qa.config import BadSetting
from qa.factory import create_app

try:
    app = create_app()
except BadSetting as problem:
    import_module("qa.serve").stop(str(problem))

if __name__ == "__main__":
    import_module("qa.serve").serve(app)
