"""WSGI entry point: `gunicorn app:app`; `python app.py` prepares the database and serves."""

from qa.factory import create_app
from qa.serve import serve

app = create_app()

if __name__ == "__main__":
    serve(app)
