"""The one settings file: its defaults are those of production, and the environment changes them."""

from pathlib import Path

from csp.constants import NONE, SELF

from ventanilla.config import environment as env
from ventanilla.config.postgres.roles import application_database
from ventanilla.core import statements

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent.parent
VAR = Path(env.text("VENTANILLA_VAR", str(CHECKOUT / "var")))

DEMO = env.flag("VENTANILLA_DEMO", False)
DEBUG = False
SECRET_KEY = env.secret_key("SECRET_KEY", VAR / "secret_key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
SECURE_COOKIES = env.flag("SECURE_COOKIES", not DEMO)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "ventanilla.core",  # before allauth: its sign-in page is ours
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "ventanilla.access",
    "ventanilla.outbox",
    "ventanilla.registry",
    "ventanilla.catalogue",
    "ventanilla.datasets",
    "ventanilla.intake",
    "ventanilla.referrals",
    "ventanilla.benefits",
    "ventanilla.eligibility",
    "ventanilla.screening",
    "ventanilla.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "ventanilla.config.middleware.RequestContextMiddleware",
    "ventanilla.config.middleware.MethodMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ventanilla.config.middleware.DomainErrorMiddleware",
    "ventanilla.config.middleware.ApiMiddleware",
]

ROOT_URLCONF = "ventanilla.config.urls"
WSGI_APPLICATION = "ventanilla.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # Set by hand: the app's own patch is undone by any other library that touches the loaders.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.static",
                "ventanilla.core.templatetags.ventanilla",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "ventanilla.config.shell.shell",
            ],
            "string_if_invalid": "",
        },
    }
]
FORM_RENDERER = "ventanilla.core.forms.Renderer"

DATABASES = {"default": application_database(VAR)}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"] |= statements.OPTIONS

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["ventanilla.access.sign_in.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "ventanilla.access.sign_in.SignInAdapter"
ACCOUNT_FORMS = {"login": "ventanilla.access.forms.SignInForm"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_RATE_LIMITS = False  # the lockout is ours, in the database, shared by every worker
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)  # without it all come from the proxy's address
MFA_ADAPTER = "ventanilla.access.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Ventanilla"
MFA_RECOVERY_CODES_SHOW_ONCE = True
API_REQUESTS_A_MINUTE = env.number("API_REQUESTS_A_MINUTE", 600)  # of one account, with all its keys
API_WRONG_KEYS_A_MINUTE = env.number("API_WRONG_KEYS_A_MINUTE", 60)  # from one network; good keys go on from there
AGREEMENT_DAYS = env.number("AGREEMENT_DAYS", 365)
WATCH_PEOPLE_AN_HOUR = env.number("WATCH_PEOPLE_AN_HOUR", 40)
WATCH_FAILED_SEARCHES_AN_HOUR = env.number("WATCH_FAILED_SEARCHES_AN_HOUR", 15)
EXTRACT_MONTHS = env.number("EXTRACT_MONTHS", 60)  # how long what an extract of the State said is kept
SAME_BENEFIT_MONTHS = env.number("SAME_BENEFIT_MONTHS", 6)  # how long a benefit given at an address is worth telling
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

SESSION_ENGINE = "ventanilla.access.sessions"
SESSION_COOKIE_NAME = "ventanilla"
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 10) * 3600  # from signing in, however much it is used
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would stay in the browser
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "ventanilla.config.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", not DEMO)
SECURE_REDIRECT_EXEMPT = [r"^salud/$"]  # asked from the machine itself, behind the proxy
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 0 if DEMO else 365 * 24 * 3600)
if proxy_header := env.text("SSL_PROXY_HEADER"):
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{proxy_header.upper().replace('-', '_')}", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # as much as the server waits for (config/whole_requests.py)

# Events for other systems go to the world; to this machine only in a demonstration or a test.
EVENTS_TO_LOOPBACK = env.flag("EVENTS_TO_LOOPBACK", DEMO)

EMAIL_HOST = env.text("EMAIL_HOST")  # none: no mail is sent, and the pages that would say so
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_TLS = env.flag("EMAIL_TLS", True)
EMAIL_USE_SSL = EMAIL_TLS and EMAIL_PORT == 465  # from the first byte; on any other port, STARTTLS
EMAIL_USE_TLS = EMAIL_TLS and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM")
if EMAIL_HOST and not DEFAULT_FROM_EMAIL:
    raise env.BadSetting("EMAIL_FROM debe decir desde qué dirección sale el correo, si EMAIL_HOST dice por dónde.")

LANGUAGE_CODE = "es-cl"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Santiago"
FORMAT_MODULE_PATH = ["ventanilla.config.formats"]
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
LOADS_ROOT = env.text("LOADS_ROOT", str(VAR / "loads"))  # files on their way in; server and worker share it
LOADS_FOLDER = env.text("LOADS_FOLDER")  # where others leave files for each institution; empty, nothing is looked at
DATASETS = "ventanilla.config.datasets.DATASETS"
WHITENOISE_MAX_AGE = 60

LOGGING_CONFIG = "ventanilla.config.logging.configure"
LOGGING: dict[str, object] = {"version": 1}  # empty, Django would not call the function above
LOG_JSON = env.flag("LOG_JSON", not DEMO)

TEST_RUNNER = "django.test.runner.DiscoverRunner"
NINJA_PAGINATION_PER_PAGE = 50
