"""WSGI entry point: `gunicorn app:app`; `python app.py` prepares the database and serves."""

from qa.config import BadSetting
from qa.factory import create_app
from qa.serve import serve, stop

try:
    app = create_app()
except BadSetting as problem:
    stop(str(problem))

if __name__ == "__main__":
    serve(app)
