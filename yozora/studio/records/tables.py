"""The studio's tables, for SQLite and PostgreSQL alike. Times are whole milliseconds of Unix time.

Migrations bring a database to this (`migrations/`); a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str = "id") -> Column[str]:
    return Column(name, Text, primary_key=True)


def _owner() -> Column[str]:
    return Column("account", Text, ForeignKey("accounts.id"), nullable=False, index=True)


def _when(name: str, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


ACCOUNTS = Table(
    "accounts",
    METADATA,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("password_hash", Text),  # None: signs in by links and keys alone
    Column("role", Text, nullable=False),  # one of people.ROLES
    Column("disabled", Boolean, nullable=False, default=False),
    Column("weight", Integer, nullable=False, default=1),  # of its turns in the queue
    Column("turn", Float, nullable=False, default=0.0),  # its last one
    Column("batch_turn", Float, nullable=False, default=0.0),  # its batches' last one
    Column("most_running", Integer),  # jobs at once; None: as many as there are workers
    Column("most_queued", Integer),
    Column("most_bytes", BigInteger),  # of films and files
    Column("rate_per_minute", Integer),  # calls of the API
    _when("created_at"),
)

KEYS = Table(
    "keys",
    METADATA,
    _id(),
    _owner(),
    Column("name", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),  # sha256: keys are random, not words
    Column("hint", Text, nullable=False),  # its last letters
    Column("scopes", JSON, nullable=False),
    _when("created_at"),
    _when("expires_at", nullable=True),
    _when("used_at", nullable=True),
    _when("revoked_at", nullable=True),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    _id("hash"),
    _owner(),
    Column("csrf", Text, nullable=False),
    _when("created_at"),
    _when("expires_at"),
)

LINKS = Table(  # one-time links: the first owner's, invitations, forgotten passwords
    "links",
    METADATA,
    _id("hash"),
    _owner(),
    _when("created_at"),
    _when("expires_at"),
    _when("used_at", nullable=True),
)

JOBS = Table(  # a video is the job that makes it: one row, one id
    "jobs",
    METADATA,
    _id(),
    _owner(),
    Column("wish", JSON, nullable=False),  # wishes.Wish
    Column("title", Text, nullable=False),  # the prompt as written
    Column("model", Text, nullable=False),  # the name that was asked for
    Column("remixed_from", Text),
    Column("batch", Text, index=True),
    # the queue
    Column("status", Text, nullable=False),  # one of jobs.Status
    Column("held", Boolean, nullable=False, default=False),  # paused by its owner
    Column("waits", Integer, nullable=False, default=0),  # for so many other jobs
    Column("priority", Integer, nullable=False, default=0),
    Column("turn", Float, nullable=False),  # start-time fair queueing: the least is next
    Column("cost", Float, nullable=False),  # units of work, as estimates.work counts
    Column("worker", Text),  # who has it
    Column("attempt", Integer, nullable=False, default=0),  # the fence of its lease
    Column("losses", Integer, nullable=False, default=0),  # workers that were lost over it
    Column("stop", Text),  # what the worker is asked to do: cancel, hold
    # what a person sees
    Column("progress", Integer, nullable=False, default=0),  # 0..100, never falls
    Column("phase", Text, nullable=False, default=""),
    Column("notes", JSON, nullable=False),
    Column("caption", Text, nullable=False, default=""),
    Column("error_code", Text),
    Column("error_message", Text),
    # what is asked, then what was made
    Column("seconds", Float, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("fps", Float),
    Column("frames", Integer),
    Column("seed", BigInteger, nullable=False),
    Column("packets_sha256", Text),
    _when("created_at"),
    _when("started_at", nullable=True),
    _when("completed_at", nullable=True),
    _when("expires_at", nullable=True),
    Column("worked_ms", BigInteger),
    Index("ix_jobs_next", "status", "held", "waits", "priority", "turn"),
    Index("ix_jobs_listed", "account", "created_at", "id"),
    Index("ix_jobs_worker", "worker"),
    Index("ix_jobs_unfinished", "account", "status"),
    Index("ix_jobs_expiry", "expires_at"),
)

WAITS = Table(  # jobs that begin when others are done
    "waits",
    METADATA,
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("on_job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, index=True),
)

PREVIEWS = Table(
    "previews",
    METADATA,
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("step", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # a WebP that moves
)

WORKERS = Table(
    "workers",
    METADATA,
    _id(),
    Column("host", Text, nullable=False),
    Column("about", JSON, nullable=False),
    Column("beats", BigInteger, nullable=False, default=0),  # counts while it lives
    _when("started_at"),
)

OBJECTS = Table(  # bytes in the store; those without a row are swept away
    "objects",
    METADATA,
    _id("key"),
    _owner(),
    Column("job", Text, ForeignKey("jobs.id"), index=True),
    Column("role", Text, nullable=False),  # video, latents, thumbnail, spritesheet, file
    Column("mime", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("ready", Boolean, nullable=False, default=True),  # False while it is being written
    _when("created_at"),
)

FILES = Table(
    "files",
    METADATA,
    _id(),
    _owner(),
    Column("object", Text, ForeignKey("objects.key"), nullable=False),
    Column("filename", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    _when("created_at"),
    _when("expires_at", nullable=True),
    Column("seconds", Float),  # of a film
    Column("width", Integer),
    Column("height", Integer),
    Index("ix_files_listed", "account", "created_at", "id"),
    Index("ix_files_expiry", "expires_at"),
)

CHARACTERS = Table(
    "characters",
    METADATA,
    _id(),
    _owner(),
    Column("name", Text, nullable=False),
    Column("file", Text, ForeignKey("files.id"), nullable=False),  # the picture that is drawn on
    _when("created_at"),
)

EVENTS = Table(  # what happened, written in the transaction in which it did; webhooks read it
    "events",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    _owner(),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("shared_out", Boolean, nullable=False, default=False),  # deliveries were made of it
    _when("created_at"),
    Index("ix_events_to_share", "shared_out", "number"),
)

ENDPOINTS = Table(
    "endpoints",
    METADATA,
    _id(),
    _owner(),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("event_types", JSON, nullable=False),
    Column("secret", Text, nullable=False),  # whsec_..., as it is signed with
    Column("old_secret", Text),  # signs too, until its time is over
    _when("old_secret_until", nullable=True),
    Column("disabled", Text),  # why nothing is sent there; None: it is
    _when("failing_since", nullable=True),  # None: what was sent last arrived
    Column("last_error", Text),
    _when("created_at"),
    _when("updated_at"),
)

DELIVERIES = Table(
    "deliveries",
    METADATA,
    _id(),  # the webhook-id, the same however often it is sent
    Column("endpoint", Text, ForeignKey("endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("event", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("status", Text, nullable=False),  # one of hooks.WAITING, DELIVERED, GIVEN_UP
    Column("last_status", Integer),  # of HTTP
    Column("last_error", Text),
    _when("created_at"),
    _when("next_at"),
    _when("ended_at", nullable=True),
    UniqueConstraint("endpoint", "event"),
    Index("ix_deliveries_due", "status", "next_at"),
    Index("ix_deliveries_listed", "endpoint", "created_at", "id"),
)

BATCHES = Table(
    "batches",
    METADATA,
    _id(),
    _owner(),
    Column("input_file", Text, nullable=False),
    Column("output_file", Text),
    Column("error_file", Text),
    Column("endpoint", Text, nullable=False),
    Column("window", Text, nullable=False),
    Column("status", Text, nullable=False),  # one of batches.State
    Column("end_as", Text, nullable=False),  # the status that it comes to
    Column("metadata", JSON),
    Column("errors", JSON),  # why the whole of it failed
    Column("total", Integer, nullable=False, default=0),  # lines
    Column("placed", Integer, nullable=False, default=0),
    Column("read_bytes", BigInteger, nullable=False, default=0),  # of the input, with them
    Column("completed", Integer, nullable=False, default=0),
    Column("failed", Integer, nullable=False, default=0),
    Column("output_expires_s", Integer),
    _when("created_at"),
    _when("expires_at"),
    _when("in_progress_at", nullable=True),
    _when("finalizing_at", nullable=True),
    _when("cancelling_at", nullable=True),
    _when("ended_at", nullable=True),
    Index("ix_batches_status", "status"),
    Index("ix_batches_listed", "account", "created_at", "id"),
)

BATCH_LINES = Table(  # until the files that they come to are written
    "batch_lines",
    METADATA,
    Column("batch", Text, ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("custom_id", Text, nullable=False),
    Column("job", Text),  # None: it was refused
    Column("ended", Boolean, nullable=False, default=False),
    Column("good", Boolean, nullable=False, default=False),
    Column("answer", JSON),  # its line of the files, once it ended
    Index("ix_batch_lines_ended", "batch", "ended"),
)

ONCE = Table(  # idempotency keys: the same key is the same request
    "once",
    METADATA,
    Column("account", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("job", Text, nullable=False),
    _when("created_at"),
)

LEDGER = Table(  # credits, in millionths: appended, never changed
    "ledger",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    _owner(),
    Column("micros", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),  # grant, reserve, settle, refund
    Column("job", Text, index=True),
    _when("created_at"),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("account", Text, index=True),  # who did it; None: nobody who is known
    Column("deed", Text, nullable=False),
    Column("subject", Text, nullable=False, default=""),
    Column("address", Text, nullable=False, default=""),
    _when("created_at"),
)

FACTS = Table("facts", METADATA, _id("name"), Column("value", JSON, nullable=False))
