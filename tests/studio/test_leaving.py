"""Laws of leaving: an export has all and opens nothing; who is erased leaves nothing."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from sqlalchemy import JSON, Boolean, LargeBinary, Text, cast, select

from tests.fakes.people import GOOD, SMALL, entered, key_of, png, told, unpacked
from yozora.studio.records import belongings, jobs, leases, people
from yozora.studio.records.people import Role
from yozora.studio.records.tables import METADATA


def in_database(database, word: str) -> list[str]:
    """Tables in which a word stands anywhere, whatever the column."""
    found = []
    with database.read() as db:
        for table in METADATA.sorted_tables:
            for row in db.execute(select(*(cast(c, Text) for c in table.columns))):
                if any(word in (value or "") for value in row):
                    found.append(table.name)
    return found


def test_an_export_has_all_and_opens_nothing(closed, boss):
    with entered(closed, boss, "traveller") as (browser, made):
        key = key_of(browser, "files")
        done = closed.completed(browser.post("/v1/videos", json=SMALL), browser)
        form = {"prompt": "it moves", "model": "yozora-1", "seconds": "1", "held": "true"}
        picture = {"input_reference": ("own.png", png())}
        assert browser.post("/v1/videos", data=form, files=picture).status_code == 200
        with zipfile.ZipFile(io.BytesIO(browser.get("/v1/account/export").content)) as archive:
            videos = json.loads(archive.read("videos.json"))
            assert {one["title"] for one in videos} == {SMALL["prompt"], "it moves"}
            film = browser.get(f"/v1/videos/{done['id']}/content").content
            assert archive.read(f"videos/{done['id']}/video.mp4") == film
            (file,) = json.loads(archive.read("files.json"))
            assert archive.read(f"files/{file['id']}.png").startswith(b"\x89PNG")
            assert json.loads(archive.read("account.json"))["name"] == "traveller"
            assert json.loads(archive.read("keys.json"))[0]["id"] == key["id"]
            deeds = [one["deed"] for one in json.loads(archive.read("audit.json"))]
            assert {"made an account", "made a key", "exported an account"} <= set(deeds)
        whole = unpacked(browser.get("/v1/account/export").content)
        with closed.state.database.read() as db:
            opens = [people.digest(key["secret"]), people.get(db, made["id"]).password_hash]
        for one in (*opens, key["secret"], browser.headers["x-yozora-csrf"]):
            assert one.encode() not in whole


@pytest.mark.parametrize("by", ["itself", "an owner"])
def test_who_is_erased_leaves_no_row_and_no_byte(closed, boss, by):
    name, words = f"Zebulon by {by}", f"a xylophone for {by}"
    with entered(closed, boss, name) as (browser, made):
        key_of(browser, "files")
        boss.post(f"/v1/accounts/{made['id']}/credits", json={"credits": 5000})
        body = SMALL | {"prompt": words}
        film = closed.completed(browser.post("/v1/videos", json=body), browser)["id"]
        data = {"prompt": words, "model": "yozora-1", "seconds": "1", "held": "true"}
        browser.post("/v1/videos", data=data, files={"input_reference": ("own.png", png())})
        told_once = {"idempotency-key": f"key of {name}"}
        browser.post("/v1/videos", json=body | {"held": True}, headers=told_once)
        with closed.state.database.read() as db:
            (file,) = (row["id"] for _, row in belongings.rows(db, "files.json", made["id"], 9))
        closed.engine.slow.set()
        busy = browser.post("/v1/videos", json=body | {"num_inference_steps": 60}).json()["id"]
        while browser.get(f"/v1/videos/{busy}").json()["progress"] < 3:
            pass
        http, where = (browser, "/v1/account") if by == "itself" else (
            boss, f"/v1/accounts/{made['id']}")  # fmt: skip
        for wrong in ({}, {"confirm": "zebulon"}, {"confirm": None}):
            assert http.request("DELETE", where, json=wrong).status_code == 400
        assert browser.get(f"/v1/videos/{film}").status_code == 200
        assert http.request("DELETE", where, json={"confirm": name}).json()["deleted"]
        closed.engine.slow.clear()
        assert told(browser.get("/v1/me"))[0] == 401
    with closed.client() as other:
        login = {"name": name, "password": GOOD}
        assert told(other.post("/v1/login", json=login))[0] == 401
    closed.completed(boss.post("/v1/videos", json=SMALL), boss)  # the worker went on
    for word in (made["id"], name, words, file):
        assert not in_database(closed.state.database, word), word
    for video in (film, busy):
        assert set(in_database(closed.state.database, video)) == {"ledger"}, (
            "what was paid, by nobody"
        )
    assert set(in_database(closed.state.database, "gone_")) == {"accounts", "ledger", "audit"}
    kept = " ".join(key for key, _ in closed.state.objects.everything())
    assert film not in kept and file not in kept and busy not in kept
    for path in closed.state.settings.home.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            for word in (name, words, made["id"]):
                assert word.encode() not in raw, path
    assert "gone_" not in boss.get("/v1/accounts").text
    lines = boss.get("/v1/audit").json()["data"]
    gone = lines[0]["subject"]
    assert {one["address"] for one in lines if one["account"] == gone} == {""}


def test_every_table_that_is_somebodys_is_told_or_forgotten():
    """A new table must say what becomes of it when its owner goes."""
    known = {table.name for table in (*belongings.OWN, *belongings.KEPT)}
    assert {table.name for table in METADATA.sorted_tables if "account" in table.c} == known
    gone: set[str] = set()
    for table in belongings.OWN:
        gone.add(table.name)
        for other in METADATA.sorted_tables:
            for key in other.foreign_keys:
                if key.column.table is table and other.name not in gone:
                    assert key.ondelete == "CASCADE" or other is table, (other.name, table.name)


def filled(db, account: str, word: str) -> None:
    """A row in every table but those of everybody, with a word wherever there is room for one."""
    for table in METADATA.sorted_tables:
        if table.name in ("accounts", "facts", "workers", "audit"):
            continue
        row = {}
        for column in table.columns:
            kind = column.type
            row[column.name] = (
                account if column.name == "account" else word if isinstance(kind, Text)
                else {word: [word]} if isinstance(kind, JSON)
                else word.encode() if isinstance(kind, LargeBinary)
                else True if isinstance(kind, Boolean) else len(word)
            )  # fmt: skip
        if table.name == "ledger":  # what was paid for stays, by an id that says nothing
            row["job"] = None
            row["reason"] = "grant"
        db.execute(table.insert().values(row))


def test_whatever_table_it_stands_in_it_is_told_without_secrets_and_forgotten(database):
    word = "zebulon"
    with database.write() as db:
        people.add(db, "owner", Role.OWNER, 1)
        made = people.add(db, word, Role.MEMBER, 1)
        other = people.add(db, "other", Role.MEMBER, 1)
        filled(db, made.id, word)
        filled(db, other.id, "innocent")
        people.note(db, made.id, "a deed", f"{made.id} role=member", "10.0.0.1", 1)
        for name in belongings.TOLD:
            for _, row in belongings.rows(db, name, made.id, 9):
                hidden = ("secret", "hash", "csrf", "password")
                opens = [key for key in row if any(part in key for part in hidden)]
                assert word not in [row[key] for key in opens], name
        belongings.forget(db, made.id, 2)
    for secret in (word, made.id, "10.0.0.1"):
        assert not in_database(database, secret)
    kept = {
        table.name for table in METADATA.sorted_tables if table.name not in ("facts", "workers")
    }
    with database.read() as db:
        assert set(in_database(database, "innocent")) == kept - {"accounts", "audit", "ledger"}


def test_an_erased_job_is_refunded_and_its_worker_changes_nothing(database):
    with database.write() as db:
        people.add(db, "owner", Role.OWNER, 1)
        ada = people.add(db, "ada", Role.MEMBER, 1)
        new = jobs.New("video_1", ada.id, {"tool": {"tool": "generate"}}, "a dog", "yozora-1",
                       4.0, 256, 144, 7, 1.0)  # fmt: skip
        jobs.submit(db, new, 1)
        mine = leases.lease(db, "w", 1)
        belongings.forget(db, ada.id, 2)
        assert leases.report(db, mine, 50, "sampling") == "lost"
        assert not leases.complete(db, mine, jobs.Made((), 4, 256, 144, 12, 48, ""), 3, None)
        assert not leases.fail(db, mine, "x", "y", 3)
