"""The address at which the owner of a one-time token sets a password."""

from qa.web.addresses import public_address


def set_password_link(token: str) -> str:
    """The whole address at which the owner of the token sets a password."""
    return public_address("accounts.set_password", token=token)
