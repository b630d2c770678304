"""Pages of one's own account: the agreement, the password, the second factor, the sessions."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from ventanilla.access import actions
from ventanilla.access.gate import OperatorRequest, public, requires
from ventanilla.access.models import AgreementSignature
from ventanilla.access.open_sessions import sessions_of
from ventanilla.access.permissions import NEEDS_SECOND_FACTOR, Permission
from ventanilla.access.register_forms import CodeForm, ConfirmPasswordForm, PasswordForm, SignForm
from ventanilla.access.requirements import sha256_of, text_in_force
from ventanilla.access.second_factor import SecondFactorAdapter, has_factor, use_code
from ventanilla.access.sessions import stored
from ventanilla.access.sign_in import lock_of, record_attempt, wait_for_others
from ventanilla.core import clock, documents
from ventanilla.core.forms import show_on
from ventanilla.core.ids import parse_uuid

OF_CODES = "codes_%s"  # two forms of one page ask the same: the ids of one differ
KEPT = "second_factor_unproved"  # the name under which the session keeps it until it is proved


@requires(Permission.SESSION_USE, before_operating=True)
def agreement(request: OperatorRequest) -> HttpResponse:
    """The text in force, to read and sign; once signed, the signature."""
    text = text_in_force()
    form = SignForm(request.POST or None, initial={"sha256": sha256_of(text)})
    if form.is_valid():
        with show_on(form):
            actions.sign_agreement(by=request.actor, sha256=form.cleaned_data["sha256"])
            messages.success(request, "El acuerdo quedó firmado.")
            return redirect("access:agreement")
    context = {"text": text, "form": form, "signature": _signature(request), "sha256": sha256_of(text)}
    return render(request, "access/agreement.html", context)


def _signature(request: OperatorRequest) -> AgreementSignature | None:
    mine = AgreementSignature.objects.in_force_on(clock.today()).filter(
        account_id=request.actor.account, institution=request.posting.institution
    )
    return mine.select_related("text", "institution").first()


@requires(Permission.SESSION_USE, before_operating=True)
def agreement_pdf(request: OperatorRequest) -> HttpResponse:
    signature = _signature(request)
    if signature is None:
        return redirect("access:agreement")
    context = {"text": signature.text, "signature": signature, "posting": request.posting}
    return documents.answer("access/agreement_pdf.html", context, name="acuerdo-de-confidencialidad.pdf")


@requires(Permission.SESSION_USE, before_operating=True)
def password(request: OperatorRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        with show_on(form):
            account = actions.change_own_password(
                by=request.actor, old=typed["old"], new=typed["new"], session_key=request.session.session_key
            )
            update_session_auth_hash(request, account)
            messages.success(request, "Su contraseña quedó cambiada, y sus otras sesiones, cerradas.")
            return redirect("desk:home")
    return render(request, "access/password.html", {"form": form})


@requires(Permission.SESSION_USE, before_operating=True)
def sessions(request: OperatorRequest) -> HttpResponse:
    """Where one is signed in, each to close or all others at once."""
    if request.method == "POST":
        only = parse_uuid(request.POST.get("session", ""))
        closed = actions.close_sessions(by=request.actor, session_key=request.session.session_key, only=only)
        messages.success(request, "Sesión cerrada." if closed == 1 else f"Se cerraron {closed} sesiones.")
        return redirect("access:sessions")
    current = stored(request.session.session_key or "")
    return render(request, "access/sessions.html", {"sessions": sessions_of(request.user), "current": current})


@requires(Permission.SESSION_USE, before_operating=True)
def second_factor(request: OperatorRequest) -> HttpResponse:
    """Activate it with a telephone, or see that it is active."""
    if has_factor(request.user):
        return _show_factor(request)
    adapter = SecondFactorAdapter()
    kept = request.session.setdefault(KEPT, adapter.encrypt(generate_totp_secret()))
    secret = adapter.decrypt(kept)
    code_form = CodeForm(request.POST or None)
    if code_form.is_valid():
        with show_on(code_form):
            codes = actions.activate_second_factor(by=request.actor, secret=secret, code=code_form.cleaned_data["code"])
            del request.session[KEPT]
            return render(request, "access/recovery_codes.html", {"codes": codes})
    drawing = mark_safe(adapter.build_drawing(request.user, secret))  # noqa: S308 - made here
    return render(
        request, "access/second_factor_activate.html", {"form": code_form, "secret": secret, "drawing": drawing}
    )


@require_POST
@requires(Permission.SESSION_USE, before_operating=True)
def recovery_codes(request: OperatorRequest) -> HttpResponse:
    form = ConfirmPasswordForm(request.POST, auto_id=OF_CODES)
    if form.is_valid():
        with show_on(form):
            codes = actions.renew_recovery_codes(by=request.actor, **form.cleaned_data)
            return render(request, "access/recovery_codes.html", {"codes": codes})
    return _show_factor(request, codes_form=form)


@require_POST
@requires(Permission.SESSION_USE, before_operating=True)
def second_factor_off(request: OperatorRequest) -> HttpResponse:
    form = ConfirmPasswordForm(request.POST)
    if form.is_valid():
        with show_on(form):
            actions.deactivate_second_factor(by=request.actor, **form.cleaned_data)
            messages.success(request, "El segundo factor quedó desactivado.")
            return redirect("access:second_factor")
    return _show_factor(request, off_form=form)


def _show_factor(
    request: OperatorRequest, *, codes_form: Form | None = None, off_form: Form | None = None
) -> HttpResponse:
    context = {
        "codes_form": codes_form or ConfirmPasswordForm(auto_id=OF_CODES),
        "off_form": off_form or ConfirmPasswordForm(),
        "is_obligatory": request.actor.role in NEEDS_SECOND_FACTOR,
    }
    return render(request, "access/second_factor.html", context, status=422 if codes_form or off_form else 200)


@public("the second step of signing in")
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]  # allauth has no types
def second_step(request: HttpRequest) -> HttpResponse:
    """The code, after the password; failures count for the same lockout as passwords."""
    stage = request._login_stage  # type: ignore[attr-defined]  # set by login_stage_required
    account, network = stage.login.user, get_adapter(request).get_client_ip(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        wait_for_others(account.username)
        if until := lock_of(account.username, network):
            form.add_error("code", f"Hubo demasiados intentos. Puede probar a las {timezone.localtime(until):%H:%M}.")
        elif used := use_code(account, form.cleaned_data["code"]):
            post_authentication(request, used)
            answer: HttpResponse = stage.exit()
            return answer
        else:
            record_attempt(account.username, network, succeeded=False)
            form.add_error("code", "El código no corresponde o ya se usó. Escriba el que su teléfono muestra ahora.")
    return render(request, "access/second_step.html", {"form": form})
