"""Forms of links."""

from qa.web.forms import Form, email_field, text_field


class LinkForm(Form):
    """Whom a link goes to."""

    name = text_field(
        "Their name", required="Enter their name", hint="Of a person, such as Dr Ann Lee", limit=120
    )
    email = email_field(
        "Their e-mail address",
        required="Enter their e-mail address",
        hint="Their own address at work. The link and the codes go there and nowhere else.",
    )


class CodeForm(Form):
    """The code from the message."""

    code = text_field("Code", required="Enter the code from the message", hint="6 digits", limit=40)
