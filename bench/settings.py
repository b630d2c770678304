"""The application's settings with the floor's addresses added."""

from ventanilla.config.settings import *  # noqa: F403 - the bench changes one line of them

ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"] = [str(CHECKOUT / "bench/templates")]  # noqa: F405 - the settings of the application, all of them
API_REQUESTS_A_MINUTE = 10**9  # its clients are all of one account
