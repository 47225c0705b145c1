"""Settings, all from the environment. `script/server` writes a development environment into .local/env."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kumiai.declarations import TABLES_OF_NOBODY, VIEW_ACTIVITIES  # noqa: F401  (settings read by privacy)

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    """The value of an environment variable; refuses to start when it is missing and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"環境変数 {name} を設定してください。")
    return value


def env_flag(name: str, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def database(url: str) -> dict:
    """A DATABASES entry from postgresql://user:password@host:port/name (host may be a quoted directory)."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # Several statements in one message are impossible with server-side binding (docs/adr/0001).
        # Only what asks for it is prepared (entering, the event): without a threshold the driver would prepare nothing.
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 1_000_000,
            "application_name": "kumiai",
            # Compiling a statement costs 0.4 s and saves less: the longest of a screen takes 0.1 s (a list of 100,000).
            # A page of an index costs about what the next page of a table does where nothing turns (SSD, memory): with the
            # server's own 4.0 the planner reads a million members in order rather than probe a thousand by their key.
            "options": "-c jit=off -c random_page_cost=1.1",
        },
        "CONN_MAX_AGE": int(env("DATABASE_CONN_MAX_AGE", "60")),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": os.environ.get("TEST_DATABASE_NAME") or None},
    }


DEBUG = env_flag("DEBUG")
# Demo personas and their one-time codes exist only in demo mode.
DEMO_MODE = env_flag("DEMO_MODE")
# Invented work of the other wings, after that of the members: functions of (seed, today).
DEMO_WORK = [
    "health_programs.checkups.demo.load.load",
    "members.remuneration.demo.load.load",
    "benefits.cash.demo.load.load",
    "members.payments.demo.load.load",
]
SECRET_KEY = env("SECRET_KEY")
# Encrypts second-factor secrets (Fernet key, urlsafe base64 of 32 bytes). The first encrypts, all decrypt.
FIELD_ENCRYPTION_KEYS = env("FIELD_ENCRYPTION_KEYS").split(",")
ALLOWED_HOSTS = env("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in env("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its templates, for FORM_RENDERER
    "kumiai.accounts.admin_site.PortalAdminConfig",
    "guardian",
    "simple_history",
    "django_htmx",
    "django_otp",
    "axes",
    "kumiai.accounts",
    "kumiai.ui",
    "kumiai.jobs",
    "kumiai.reference",
    "kumiai.guide",
    "kumiai.mailing",
    "privacy.notice",
    "privacy.accesslog",
    "privacy.outputs",
    "members.enrollment",
    "members.filings",
    "members.lifecycle",
    "members.intake",
    "members.remuneration",
    "members.payments",
    "benefits.cash",
    "health_programs.checkups",
    "privacy",  # last: its post_migrate builds the wall over the tables of all the others
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kumiai.ui.middleware.ErrorReferenceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "kumiai.accounts.middleware.SessionLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "privacy.middleware.ScopeMiddleware",  # last: it opens the transaction and calls the view itself
]

ROOT_URLCONF = "kumiai.urls"
WSGI_APPLICATION = "kumiai.wsgi.application"
ASGI_APPLICATION = "kumiai.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kumiai.ui.context_processors.frame",
                "privacy.context_processors.purpose",
            ],
            "builtins": ["kumiai.ui.templatetags.ui"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Log-in -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "kumiai.accounts.sessions"  # database rows under the hash of their key
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = int(env("SESSION_IDLE_SECONDS", "1800"))
SESSION_WARNING_SECONDS = int(env("SESSION_WARNING_SECONDS", "300"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# The lock is on the staff number alone, whatever the address or the browser: nothing to rotate.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # thirty minutes, as the page says, not "from the last try"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # a lock-out ends by itself; its records are no page
AXES_LOCKOUT_CALLABLE = "kumiai.accounts.views.login.keep_response"  # the log-in page says so itself
AXES_SENSITIVE_PARAMETERS: list[str] = [  # kept masked in the records of failures
    "password",
    "old_password",
    "new_password",
    "new_password_again",
    "code",
    "csrfmiddlewaretoken",
]

# --- Grants and history -----------------------------------------------------------------------------------
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# The rows of history tables are written by a trigger in the database (docs/adr/0003).
SIMPLE_HISTORY_ENABLED = False
# Which sections one person may not belong to together: (person, groups) → sentences.
MEMBERSHIP_CHECK = "privacy.notice.policies.membership_problems"
# Prefix of this installation's database roles. Roles belong to the cluster, so two checkouts need two prefixes.
WALL_PREFIX = env("WALL_PREFIX")

# A scope that read personal tables and recorded nobody: an error here, an alarm in the log of production.
RAISE_ON_UNLOGGED = DEBUG
# A template that shows as a day what is none: an error here, a line in the log and an empty place in production.
RAISE_ON_NO_DAY = DEBUG

# --- Security ---------------------------------------------------------------------------------------------
HTTPS = env_flag("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Language, time, files --------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(BASE_DIR / ".local" / "static")))
STATICFILES_DIRS: list[Path] = []
# What is uploaded never touches a disk of the web host: larger files are refused, not spooled (bytes).
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 65 * 1024 * 1024

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept on disk
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- Celery and mail --------------------------------------------------------------------------------------
CELERY_BROKER_URL = env("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A document of 10,000 lines takes 1.2 GB while it is set; a process that grew so (kilobytes) ends after its task.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# What runs by the clock: seconds, or a time of day in Tokyo.
CELERY_BEAT_SCHEDULE = {
    "jobs.reap": {"task": "jobs.reap", "schedule": 30.0, "options": {"expires": 30}},
    "accesslog.seal": {"task": "accesslog.seal", "schedule": 30.0, "options": {"expires": 30}},
    "accounts.clear_sessions": {"task": "accounts.clear_sessions", "schedule": crontab(hour=3, minute=10)},
    # Ages and voluntary terms of the day; again before the counter opens, for a night that was cut short.
    "lifecycle.night": {"task": "lifecycle.night", "schedule": crontab(hour="2,6", minute=20)},
    # Results of the day before are judged while nobody waits for them.
    "checkups.night": {"task": "checkups.night", "schedule": crontab(hour=4, minute=20)},
    # Reminders of the day are fixed after what came in the night before, before the outbox opens at 07:00.
    "checkups.campaigns": {"task": "checkups.campaigns", "schedule": crontab(hour="4,6", minute=40)},
    "checkups.recommendations": {"task": "checkups.recommendations", "schedule": crontab(hour="4,6", minute=45)},
    # What the outbox sent stands in the cases within the quarter of an hour.
    "checkups.recommended": {"task": "checkups.recommended", "schedule": crontab(minute="*/15", hour="7-21")},
    # What a merge asked for while the broker was away, before the clerks collect.
    "payments.follow_merges": {"task": "payments.follow_merges", "schedule": crontab(hour="3,6", minute=50)},
    # What the bank did the day before stands in the cases before the clerks come.
    "cash.night": {"task": "cash.night", "schedule": crontab(hour=5, minute=30)},
    "outputs.night": {"task": "outputs.night", "schedule": crontab(hour=1, minute=40)},
    # Batches become due at 07:00 of a business day; retries and what was released meanwhile every five minutes.
    "mailing.send_due": {"task": "mailing.send_due", "schedule": crontab(minute="*/5"), "options": {"expires": 300}},
}
# The transaction around one chunk of a job: the scope of the job's activity for its owner.
JOB_CHUNK_CONTEXT = "privacy.jobs.chunk_scope"
EMAIL_HOST = env("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(env("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = int(env("EMAIL_TIMEOUT", "30"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "no-reply@kumiai.example")
# Mail of the outbox: From; where bounces go; the domain of Message-IDs; mails a minute, of all batches together.
MAIL_FROM = env("MAIL_FROM", DEFAULT_FROM_EMAIL)
MAIL_FROM_NAME = env("MAIL_FROM_NAME", env("ASSOCIATION_NAME", "MBK連合健康保険組合"))
MAIL_RETURN_PATH = env("MAIL_RETURN_PATH", MAIL_FROM)
MAIL_DOMAIN = env("MAIL_DOMAIN", MAIL_FROM.rpartition("@")[2])
MAIL_PER_MINUTE = int(env("MAIL_PER_MINUTE", "60"))
# Keys the digests of addresses. It outlives SECRET_KEY: with another one the suppressions would be forgotten.
MAIL_DIGEST_KEY = env("MAIL_DIGEST_KEY", SECRET_KEY)
# Address of the page that ends a subscription, with {token} in it; without it mails carry no such header.
MAIL_UNSUBSCRIBE_URL = env("MAIL_UNSUBSCRIBE_URL", "")
# Days the association is closed beside the public holidays, as month-day.
MAIL_CLOSED_DAYS = env("MAIL_CLOSED_DAYS", "12-29,12-30,12-31,1-2,1-3")

# --- The association: what the public notice must name (個人情報保護法32条1項) ------------------------------
ASSOCIATION = {
    "name": env("ASSOCIATION_NAME", "MBK連合健康保険組合"),
    "insurer_number": env("ASSOCIATION_INSURER_NUMBER", "06139992"),
    "postal_code": env("ASSOCIATION_POSTAL_CODE", "100-0000"),
    "address": env("ASSOCIATION_ADDRESS", "東京都千代田区架空町1-2-3"),
    "representative": env("ASSOCIATION_REPRESENTATIVE", "理事長　見本 太郎"),
    "privacy_officer": env("ASSOCIATION_PRIVACY_OFFICER", "個人情報保護管理者　田中 恒一"),
    "contact": env("ASSOCIATION_CONTACT", "総務課　03-0000-0000（平日9時から17時）"),
    "disclosure_fee": env("ASSOCIATION_DISCLOSURE_FEE", "1件につき300円（郵送は送料の実費を加えます）"),
}

# --- 国への実績報告: where the report goes, and the schemas of the ministry it is checked against ------------
# The number of the body that takes it (支払基金, as 代行機関); confirm it with the ministry's current 手引き before going live.
CHECKUP_REPORT_RECEIVER = env("CHECKUP_REPORT_RECEIVER", "94899010")
# A folder with the XSDs V08 and their coreschemas; they are not part of this project. Empty: only our own structural check.
CHECKUP_XSD_DIR = env("CHECKUP_XSD_DIR", "")

# --- PDF documents: one Japanese font, the same on every machine; where Debian keeps it, else where script/setup puts it -
_DEBIAN_FONT = Path("/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf")
_OWN_FONT = BASE_DIR / ".local" / "fonts" / "matplotlib_fontja" / "fonts" / "ipaexg.ttf"
PDF_FONT_PATH = env("PDF_FONT_PATH", str(_DEBIAN_FONT if _DEBIAN_FONT.exists() else _OWN_FONT))

# --- Logging: references and codes, never a name, an address, a search word or a parameter -------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kumiai.ui.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(reference)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
    },
}

# --- The first page: fragments of the apps, each under its own activity ---------------------------------------
HOME_FRAGMENTS = [
    "filings:filing-clocks",
    "filings:filing-waiting",
    "filings:filing-drafts",
    "enrollment:member-recent",
    "enrollment:change-today",
    "lifecycle:lifecycle-home",
    "cash:cash-home",
    "checkups:checkup-home",
    "checkups:referral-home",
    "checkups:campaign-home",
    "payments:payment-home",
    "outputs:output-home",
    "jobs:job-home-fragment",
]
# What other apps know of a member, each under its own activity, on the member's page; `pk` is the member.
MEMBER_FRAGMENTS = [
    "filings:filing-of-member",
    "lifecycle:member-marks",
    "cash:cash-of-member",
    "payments:member-account",
    "outputs:person-fragment",
]
HOME_FRAGMENT_FILTER = "privacy.grants.permitted"
HOME_SEARCH_URL_NAME = "enrollment:member-search"
