"""A process of its own that writes to a database: `python writer.py URL FOLDER COMMANDS`.

Half of its commands change a row that all writers change, the others note a reading.
"""

import sys
from pathlib import Path

from sqlalchemy import select

from qa.accounts.models import Area
from qa.db import writing
from qa.factory import create_app
from qa.trail.recording import record, record_reading
from tests.support.application import test_settings

url, folder, commands = sys.argv[1:]
with create_app(test_settings(url, Path(folder))).app_context():
    for number in range(int(commands)):
        if number % 2:
            record_reading(1, "case", number)
            continue
        with writing() as session:
            area = session.scalars(select(Area).with_for_update()).one()
            area.name = f"Area of change {area.version}"
            record(session, 1, "accounts.area_renamed", "area", area.id, fields=["name"])
