"""The yardstick: a bare Flask and SQLAlchemy application that does one thing a page and nothing else.

No sign-in, no permissions, no trail, no token, no layout: what the same page costs at the very least.
"""

import os
from typing import Any

import pysqlite3.dbapi2
from flask import Flask, redirect, render_template_string, request
from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.wrappers import Response


class Base(DeclarativeBase):
    """The yardstick's own tables."""


class Item(Base):
    """A row of a list."""

    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    state: Mapped[str]


class Reply(Base):
    """An answer to one of forty questions."""

    __tablename__ = "reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(Item.id), index=True)
    question: Mapped[str]
    grade: Mapped[str]
    evidence: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)


QUESTIONS_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Questions</title></head><body>
<form method="post">{% for reply in replies %}<fieldset><legend>{{ reply.question }}</legend>
{% for grade in grades %}<label><input type="radio" name="q{{ reply.id }}" value="{{ grade }}"
{% if grade == reply.grade %} checked{% endif %}>{{ grade }}</label>{% endfor %}
<label>Evidence<textarea name="e{{ reply.id }}">{{ reply.evidence }}</textarea></label></fieldset>{% endfor %}
<button>Save</button></form></body></html>"""
LIST_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>List</title></head><body>
<table>{% for item in items %}<tr><td><a href="/questions/{{ item.id }}">{{ item.reference }}</a></td>
<td>{{ item.state }}</td></tr>{% endfor %}</table></body></html>"""
GRADES = ["Outstanding", "Good", "Requires improvement to be good", "Inadequate"]


def make_engine(url: str) -> Engine:
    """An engine with the same durability as the product's."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=8)
    engine = create_engine(url, module=pysqlite3.dbapi2)

    def pragmas(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", pragmas)
    return engine


def fill(url: str, items: int, questions: int) -> None:
    """Create the tables and fill them."""
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Item(id=n, reference=f"C{n:05}", state="open") for n in range(1, items + 1)])
        session.flush()
        text = "Does the record show what was done, when, by whom and to what effect?"
        session.add_all(
            [
                Reply(item_id=item, question=f"{n} {text}", grade="Good", evidence="Chronology, first entry.")
                for item in range(1, 101)
                for n in range(questions)
            ]
        )
        session.commit()
    engine.dispose()


def create_app() -> Flask:
    """The yardstick's application; YARDSTICK_URL says where its database is."""
    app = Flask("yardstick")
    engine = make_engine(os.environ["YARDSTICK_URL"])

    @app.get("/questions/<int:item_id>")
    def questions(item_id: int) -> str:
        with Session(engine) as session:
            replies = session.scalars(select(Reply).where(Reply.item_id == item_id).order_by(Reply.id)).all()
            return render_template_string(QUESTIONS_PAGE, replies=replies, grades=GRADES)

    @app.get("/list")
    def listed() -> str:
        with Session(engine) as session:
            items = session.scalars(select(Item).order_by(Item.id).limit(50)).all()
            return render_template_string(LIST_PAGE, items=items)

    @app.post("/save/<int:reply_id>")
    def save(reply_id: int) -> Response:
        with Session(engine) as session:
            reply = session.get_one(Reply, reply_id)
            reply.grade, reply.version = request.form["grade"], reply.version + 1
            session.commit()
        return redirect("/list")

    return app
