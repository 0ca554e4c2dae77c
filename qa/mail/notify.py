"""Sending through GOV.UK Notify, with its own client, loaded when the first message leaves.

Notify sends templates: ours is one whose subject is ((subject)) and whose text is ((body)).
"""

import logging
from email.message import EmailMessage
from importlib import import_module
from typing import Any

from qa.mail.transport import SECONDS, Unreachable

# Its warnings repeat what the service answered, which may name the person written to.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

REFUSES_ALL = frozenset({401, 403, 404, 429})
"""Answers that hold for every message: a wrong key, a trial account, a template that is gone, too many."""


class NotifyService:
    """GOV.UK Notify. api_key: of the service; template_id: of the template; url: of the service's API."""

    def __init__(self, api_key: str, template_id: str, url: str) -> None:
        client = import_module("notifications_python_client.notifications")
        self._errors: Any = import_module("notifications_python_client.errors")
        self._client = client.NotificationsAPIClient(api_key, base_url=url, timeout=SECONDS)
        self._template_id = template_id

    def send(self, message: EmailMessage, name: str) -> None:
        """Hand a message over. name: what tells it apart, kept by the service.

        Raises Unreachable when the service takes no message at all, OSError when it refuses this one.
        """
        try:
            self._client.send_email_notification(
                email_address=str(message["To"]),
                template_id=self._template_id,
                personalisation={"subject": str(message["Subject"]), "body": message.get_content()},
                reference=name,
            )
        except self._errors.HTTPError as error:
            status = int(error.status_code or 503)
            if status in REFUSES_ALL or status >= 500:
                raise Unreachable(f"GOV.UK Notify answered {status}") from error
            raise OSError(f"GOV.UK Notify answered {status}") from error
