"""Forms of signing in and of one's own account."""

from wtforms import Field, ValidationError

from qa.web.forms import Form, email_field, password_field


class SignInForm(Form):
    """E-mail and password."""

    email = email_field("E-mail address", required="Enter your e-mail address")
    password = password_field("Password", required="Enter your password")


class NewPasswordForm(Form):
    """A password chosen by a one-time link."""

    new_password = password_field(
        "New password",
        required="Enter a new password",
        hint="12 characters or more; three random words make a good one",
    )
    repeat = password_field("New password again", required="Enter the new password again")

    def validate_repeat(self, field: Field) -> None:
        """Both must be the same."""
        if field.data != self.new_password.data:
            raise ValidationError("The two passwords are not the same")


class ChangePasswordForm(NewPasswordForm):
    """One's own password, changed while signed in."""

    current_password = password_field("Present password", required="Enter your present password")


class ForgottenForm(Form):
    """Where to send a reset link."""

    email = email_field("E-mail address", required="Enter your e-mail address")
