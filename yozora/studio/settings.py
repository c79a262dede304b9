"""What a studio is started with."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from yozora.home import home
from yozora.studio.errors import StudioError

PORT = 8000
MOST_DAYS = 36_500.0
LEAST_DAYS = 0.01  # a quarter of an hour, in which a film can be fetched


@dataclass(frozen=True, slots=True)
class Settings:
    """Where it listens, and where it keeps what it has."""

    home: Path
    host: str = "127.0.0.1"
    port: int = PORT
    database: str = ""  # sqlite beside the films, unless told
    storage: str = ""  # a folder beside the database, unless told
    workers: int = 1  # processes that make films
    ray: str = ""  # the address of a cluster whose nodes make films; "": this machine does
    nice: int = 19  # of workers, so that the API answers while they work
    streams: int = 1  # films that are watched live, at once
    keep_days: float | None = None  # how long videos are kept; None or 0: for ever
    open_here: bool = True  # whoever sits at this machine needs no login
    most_upload: int = 1 << 30  # bytes

    @staticmethod
    def usual() -> Settings:
        return Settings(home() / "studio")

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'studio.db'}"

    @property
    def storage_url(self) -> str:
        return self.storage or str(self.home / "objects")

    @property
    def staging(self) -> Path:
        """Films under way; of this machine."""
        return self.home / "staging"

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def check(settings: Settings) -> Settings:
    """Raises StudioError for what cannot be."""
    if not 1 <= settings.port <= 65535:
        raise StudioError(f"the port {settings.port} is not in 1..65535: choose another")
    if not 0 <= settings.workers <= 256:
        raise StudioError(f"{settings.workers} workers asked, 0 to 256 are possible")
    if not 0 <= settings.nice <= 19:
        raise StudioError(f"a nice level of {settings.nice} asked, 0 to 19 are possible")
    if settings.keep_days and not LEAST_DAYS <= settings.keep_days <= MOST_DAYS:  # nor NaN
        raise StudioError(
            f"{settings.keep_days:g} days to keep videos asked, {LEAST_DAYS:g} to {MOST_DAYS:g} "
            "are possible, or 0: for ever"
        )
    return settings


def make_home(settings: Settings) -> None:
    """The folder, for nobody but who runs the studio. Raises StudioError."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StudioError(
            f"{settings.home} cannot be made a folder ({error.strerror}): name another one with "
            "YOZORA_HOME"
        ) from error


def nameable(url: str) -> str:
    """An address without what may be a password: what is before an @ and behind a ?."""
    scheme, slashes, rest = url.partition("//")
    if not slashes:
        scheme, rest = "", url
    place, _, more = rest.partition("?")
    if "@" in more:  # a password that holds a ?, or one behind it that holds an @: who knows
        return f"{scheme}{slashes}..."
    return f"{scheme}{slashes}{place.rpartition('@')[2]}"[:200]
