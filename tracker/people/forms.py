"""The forms of people: each says in its own words what is wrong, and no password is ever shown again."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import SetPasswordForm
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models.roles import ADMINISTRATOR, ANALYST, EDITOR, REVIEWER

User = get_user_model()
LONGEST_ADDRESS = 254

ROLES = {
    ANALYST: (gettext_lazy("Analyst"), gettext_lazy("looks at the registry and the log, and changes nothing.")),
    EDITOR: (
        gettext_lazy("Editor"),
        gettext_lazy("records figures, stages, judgements and findings as drafts, and hands them in."),
    ),
    REVIEWER: (
        gettext_lazy("Reviewer"),
        gettext_lazy("records as an editor does, and publishes or returns what others have handed in."),
    ),
    ADMINISTRATOR: (
        gettext_lazy("Administrator"),
        gettext_lazy("reviews, registers plans and promises, and looks after accounts."),
    ),
}


class SignInForm(AdminAuthenticationForm):
    """The sign-in name, or the address where it belongs to one account alone."""

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.fields["username"].label = _("Sign-in name or e-mail address")
        self.fields["username"].max_length = LONGEST_ADDRESS
        self.fields["username"].widget.attrs |= {"maxlength": LONGEST_ADDRESS, "autofocus": False}

    def clean_username(self):
        typed = self.cleaned_data["username"]
        if len(typed) > LONGEST_ADDRESS:  # it would be stored with the attempt
            raise self.get_invalid_login_error()
        if "@" in typed:
            names = list(User.objects.filter(email__iexact=typed).values_list("username", flat=True)[:2])
            if len(names) == 1:
                return names[0]
        return typed


class CodeForm(forms.Form):
    """A code of the authenticator, or one of the recovery codes."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class AddressForm(forms.Form):
    """To whom a link shall be mailed."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class OwnPasswordForm(SetPasswordForm):
    """A password of one's own, twice."""

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.fields["new_password1"].help_text = _(
            "12 characters or more; not a common password, not like your name or address, and not digits alone. "
            "Four or five words that have nothing to do with each other do well."
        )
        self.fields["new_password2"].help_text = ""


def proof(form, user):
    """Give a form a field in which its owner says the password that she has."""
    form.fields["password"] = forms.CharField(
        label=_("Your password, as it is now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_password():
        if not user.check_password(form.cleaned_data["password"]):
            raise forms.ValidationError(_("This is not your password."))

    form.clean_password = clean_password
    return form


class DetailsForm(forms.Form):
    """Name and address."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class RoleForm(forms.Form):
    """One role, each with what it means."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.fields["role"].choices = [
            (role, format_html("<b>{}</b> {}", name, meaning)) for role, (name, meaning) in ROLES.items()
        ]


class InvitationForm(RoleForm, DetailsForm):
    """Who is invited, and as what."""

    field_order = ["name", "email", "role"]

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        for name in ("name", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
