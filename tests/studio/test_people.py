"""Laws of people: nobody has what is another's, rights never grow, who goes leaves nothing."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from argon2 import extract_parameters
from sqlalchemy import Text, cast, select

from tests.fakes.studio import studio
from yozora.studio import passwords, state
from yozora.studio.errors import Conflict, StudioError, TooMany
from yozora.studio.records import belongings, jobs, leases, people
from yozora.studio.records.people import SCOPES, Role
from yozora.studio.records.tables import METADATA

SMALL = {"model": "yozora-1", "seconds": "1", "prompt": "a dog runs in a park"}
GOOD, BETTER = "correct horse battery", "staple stapler staples"


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A studio that asks everybody who they are, and its owner's key."""
    with studio(tmp_path_factory.mktemp("closed"), open_here=False) as one:
        with one.state.database.write() as db:
            owner = people.owner(db)
            key = people.add_key(db, owner.id, "first", SCOPES, one.state.now())[1]
        one.owner = key
        yield one


@pytest.fixture
def boss(closed):
    closed.state.failures.seen.clear()
    closed.state.guesses.seen.clear()
    with closed.client(closed.owner) as http:
        yield http


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def account(boss, name, **more):
    answer = boss.post("/v1/accounts", json={"name": name} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


@contextlib.contextmanager
def entered(closed, boss, name, **more):
    """A browser in which somebody new came in by a link, and set a password."""
    made = account(boss, name, **more)
    link = boss.post(f"/v1/accounts/{made['id']}/link").json()["url"]
    with closed.client() as browser:
        assert browser.get(link).status_code == 303
        browser.headers["x-yozora-csrf"] = browser.get("/v1/me").json()["csrf"]
        assert browser.put("/v1/password", json={"password": GOOD}).status_code == 200
        yield browser, made


def key_of(browser, *scopes, **more):
    return browser.post("/v1/keys", json={"scopes": scopes, "name": "k"} | more).json()


def in_database(closed, word: str) -> list[str]:
    """Tables in which a word stands anywhere, whatever the column."""
    found = []
    with closed.state.database.read() as db:
        for table in METADATA.sorted_tables:
            for row in db.execute(select(*(cast(c, Text) for c in table.columns))):
                if any(word in (value or "") for value in row):
                    found.append(table.name)
    return found


def test_a_link_opens_once_and_the_newest_alone(closed, boss):
    made = account(boss, "linked")
    old, new = (boss.post(f"/v1/accounts/{made['id']}/link").json()["url"] for _ in range(2))
    with closed.client() as http:
        assert told(http.get(old))[0] == 401
        answer = http.get(new)
        flags = answer.headers["set-cookie"].lower()
        assert answer.status_code == 303 and "httponly" in flags and "samesite=strict" in flags
        assert http.get("/v1/me").json()["id"] == made["id"]
    with closed.client() as http:
        assert told(http.get(new))[0] == 401


def test_a_session_over_https_is_kept_to_it(closed, boss):
    made = account(boss, "secured")
    link = boss.post(f"/v1/accounts/{made['id']}/link").json()["url"]
    with closed.client() as http:
        flags = http.get(link, headers={"x-forwarded-proto": "https"}).headers["set-cookie"]
    assert flags.startswith("__Host-") and "; Secure" in flags and "; Path=/" in flags


def test_sessions_obey_their_own_page_alone(closed, boss):
    with entered(closed, boss, "browser") as (browser, _):
        own = {"origin": closed.url, "sec-fetch-site": "same-origin"}
        assert browser.post("/v1/keys", json={"scopes": ["files"]}, headers=own).status_code == 200
        for header in (
            {"x-yozora-csrf": ""}, {"x-yozora-csrf": "guess"},
            {"origin": "http://127.0.0.1:1"}, {"origin": "null"}, {"origin": "http://["},
            {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "cross-site"},
        ):  # fmt: skip
            answer = browser.post("/v1/keys", json={"scopes": ["files"]}, headers=own | header)
            assert told(answer) == (403, "permission_denied"), header
        for header in ({"origin": "http://127.0.0.1:1"}, {"sec-fetch-site": "same-site"}):
            assert browser.get("/v1/videos", headers=header).status_code == 403
            assert browser.post("/v1/logout", headers=header).status_code == 403
            body = {"name": "browser", "password": GOOD}
            assert browser.post("/v1/login", json=body, headers=header).status_code == 403
        assert len(browser.get("/v1/keys").json()["data"]) == 1


def test_in_and_out(closed, boss):
    with entered(closed, boss, "Ada Lovelace") as (first, made), closed.client() as http:
        answer = http.post("/v1/login", json={"name": " Ada Lovelace ", "password": GOOD})
        assert answer.json()["account"] == made["id"]
        assert http.get("/v1/me").json()["csrf"] == answer.json()["csrf"]
        before = dict(http.cookies)
        http.post("/v1/login", json={"name": "Ada Lovelace", "password": GOOD})
        assert dict(http.cookies) != before
        after = dict(http.cookies)
        assert http.post("/v1/logout").status_code == 200 and not http.cookies
        for cookie in (before, after):
            with closed.client() as thief:
                thief.cookies.update(cookie)
                assert told(thief.get("/v1/me"))[0] == 401
        assert first.get("/v1/me").status_code == 200


def test_another_password_ends_other_sessions_and_needs_the_old_one(closed, boss):
    with entered(closed, boss, "grace") as (own, made), closed.client() as http:
        http.post("/v1/login", json={"name": "grace", "password": GOOD})
        pending = closed.state.now()
        with closed.state.database.write() as db:
            link = people.add_link(db, made["id"], pending)
            old = pending - 3_600_000
            db.exec_driver_sql("UPDATE sessions SET created_at = ?", (old,))
        assert told(own.put("/v1/password", json={"password": BETTER}))[0] == 403
        wrong = {"password": BETTER, "current": "wrong"}
        assert told(own.put("/v1/password", json=wrong))[0] == 403
        assert told(own.put("/v1/password", json={"password": "short", "current": GOOD}))[0] == 400
        assert http.get("/v1/me").status_code == 200
        right = {"password": BETTER, "current": GOOD}
        assert own.put("/v1/password", json=right).status_code == 200
        assert own.get("/v1/me").status_code == 200
        assert told(http.get("/v1/me"))[0] == 401
        assert told(http.get(f"/enter/{link}"))[0] == 401
        assert told(http.post("/v1/login", json={"name": "grace", "password": GOOD}))[0] == 401
        assert http.post("/v1/login", json={"name": "grace", "password": BETTER}).status_code == 200


def test_who_is_switched_off_is_out_at_once(closed, boss):
    with entered(closed, boss, "leaver") as (browser, made), closed.client() as http:
        key = key_of(browser, "videos:read")["secret"]
        link = boss.post(f"/v1/accounts/{made['id']}/link").json()["url"]
        boss.post(f"/v1/accounts/{made['id']}", json={"disabled": True})
        assert told(browser.get("/v1/me"))[0] == 401
        assert told(http.get(link))[0] == 401
        login = {"name": "leaver", "password": GOOD}
        assert told(http.post("/v1/login", json=login))[0] == 401
        http.headers["authorization"] = f"Bearer {key}"
        assert told(http.get("/v1/videos"))[0] == 401
        boss.post(f"/v1/accounts/{made['id']}", json={"disabled": False})
        assert http.get("/v1/videos").status_code == 200
        assert told(browser.get("/v1/me"))[0] == 401, "sessions do not come back"


def test_guesses_are_slowed_by_name_and_by_address(closed, boss):
    with entered(closed, boss, "target"), closed.client() as http:
        for name in ("target", "nobody of that name"):
            body = {"name": name, "password": "wrong wrong wrong"}
            closed.state.failures.seen.clear()
            answers = [http.post("/v1/login", json=body) for _ in range(state.MOST_GUESSES + 1)]
            texts = {a.json()["error"]["message"] for a in answers[:-1]}
            assert {told(a)[0] for a in answers[:-1]} == {401} and len(texts) == 1
            assert told(answers[-1]) == (429, "rate_limit_exceeded")
            assert int(answers[-1].headers["retry-after-ms"]) > 0
        closed.state.failures.seen.clear()
        right = http.post("/v1/login", json={"name": "target", "password": GOOD})
        assert told(right)[0] == 429, "nor is the right one looked at"
        for _ in range(state.MOST_FAILURES - 1 - len(closed.state.failures.seen)):
            closed.state.failures.failed("127.0.0.1")
        for n in range(3):
            answer = http.post("/v1/login", json={"name": f"name {n}", "password": "x" * 10})
        assert told(answer)[0] == 429
        assert told(http.get("/v1/videos", headers={"authorization": "Bearer yz_guess"}))[0] == 429
        assert boss.get("/v1/videos").status_code == 200, "who has a key does not wait for others"


def test_as_many_guesses_at_once_as_in_turn(closed, boss):
    with entered(closed, boss, "crowded"), closed.client() as http:
        body = {"name": "crowded", "password": "wrong wrong wrong"}
        with ThreadPoolExecutor(16) as pool:
            seen = list(
                pool.map(lambda _: http.post("/v1/login", json=body).status_code, range(16))
            )
    assert seen.count(401) == state.MOST_GUESSES and seen.count(429) == 16 - state.MOST_GUESSES


def test_an_unknown_name_costs_as_much_as_a_wrong_password():
    kept = passwords.hashed(GOOD)
    assert passwords.is_right(GOOD, kept) and not passwords.is_right(GOOD + "s", kept)
    nobodys = extract_parameters(passwords._nobodys())
    assert nobodys == extract_parameters(kept) and nobodys.memory_cost >= 64 << 10
    assert not passwords.is_right("nobody's", None)


def test_failures_are_remembered_in_bounds_and_by_neighbourhood():
    failures = state.Failures(most=2)
    for n in range(state.MOST_REMEMBERED + 50):
        failures.failed(f"address {n}")
    assert len(failures.seen) <= state.MOST_REMEMBERED
    failures.failed("last")
    failures.failed("last")
    with pytest.raises(TooMany):
        failures.failed("last")


@pytest.mark.parametrize(
    ("role", "scopes"),
    [(Role.VIEWER, ("videos:read",)), (Role.MEMBER, ("videos:read", "files")),
     (Role.ADMIN, ("admin",)), (Role.OWNER, ("admin", "videos:read"))],
)  # fmt: skip
def test_rights_never_grow(closed, boss, role, scopes):
    """Whatever a key asks for, what comes of it opens no more than the key."""
    with entered(closed, boss, f"grower {role}", role=role) as (browser, made):
        small = key_of(browser, *scopes)
        big = key_of(browser, *role.scopes)
        ends = closed.state.now() // 1000 + 3600
        brief = key_of(browser, *scopes, expires_at=ends)
        with closed.client(small["secret"]) as http:
            for scope in SCOPES:
                answer = http.post("/v1/keys", json={"scopes": [*scopes, scope]})
                if scope in scopes:
                    assert set(answer.json()["scopes"]) == set(scopes)
                else:
                    assert told(answer) == (403, "permission_denied"), scope
            more = role.scopes > set(scopes)
            assert told(http.put("/v1/password", json={"password": BETTER}))[0] == 403
            assert told(http.post(f"/v1/accounts/{made['id']}/link"))[0] == 403
            if more:
                assert told(http.get("/v1/account/export"))[0] == 403
                gone = http.request("DELETE", "/v1/account", json={"confirm": made["name"]})
                assert told(gone)[0] == 403
                assert told(http.delete(f"/v1/keys/{big['id']}"))[0] == 403
        with closed.client(brief["secret"]) as http:
            for wanted in (None, ends + 10_000):
                answer = http.post("/v1/keys", json={"scopes": scopes, "expires_at": wanted})
                assert answer.json()["expires_at"] == ends
        if role is not Role.VIEWER:
            boss.post(f"/v1/accounts/{made['id']}", json={"role": "viewer"})
            with closed.client(big["secret"]) as http:
                assert told(http.post("/v1/videos", json=SMALL))[0] == 403
                assert told(http.get("/v1/audit"))[0] == 403


@pytest.mark.parametrize("scopes", [[], ["everything"], ["files", "root"], "files", [1], None])
def test_scopes_that_are_none_are_refused(closed, boss, scopes):
    assert told(boss.post("/v1/keys", json={"scopes": scopes}))[0] == 400
    if scopes != "files" and scopes is not None:
        with closed.state.database.write() as db, pytest.raises(StudioError):
            people.add_key(db, people.owner(db).id, "k", tuple(scopes), 1)


def test_keys_are_told_once_run_out_and_are_revoked(closed, boss):
    with entered(closed, boss, "keyholder") as (browser, _):
        made = key_of(browser, "videos:read")
        shown = browser.get("/v1/keys").json()["data"][0]
        assert "secret" not in shown and shown["hint"] == made["secret"][-4:]
        with closed.client(made["secret"]) as http:
            assert http.get("/v1/videos").status_code == 200
            assert browser.delete(f"/v1/keys/{made['id']}").json()["deleted"]
            assert told(http.get("/v1/videos"))[0] == 401
        soon = key_of(browser, "videos:read", expires_at=closed.state.now() // 1000 + 5)
        with closed.state.database.read() as db:
            assert people.key_of(db, soon["secret"], closed.state.now()) is not None
            assert people.key_of(db, soon["secret"], closed.state.now() + 5000) is None
        late = browser.post("/v1/keys", json={"scopes": ["files"], "expires_at": 1})
        assert told(late) == (400, "invalid_value")
        with closed.state.database.write() as db:
            mine = people.get(db, browser.get("/v1/me").json()["id"]).id
            with pytest.raises(Conflict):
                for _ in range(people.MOST_KEYS + 1):
                    people.add_key(db, mine, "k", ("files",), closed.state.now())


@pytest.mark.parametrize("role", list(Role)[:-1])
def test_nobody_sees_or_changes_what_is_anothers_whatever_their_role(closed, boss, role):
    with entered(closed, boss, f"victim of {role}") as (victim, made):
        video = victim.post("/v1/videos", json=SMALL | {"held": True}).json()["id"]
        key = key_of(victim, "videos:read")["id"]
        boss.post(f"/v1/accounts/{made['id']}/credits", json={"credits": 7})
        with entered(closed, boss, f"curious {role}", role=role) as (other, _):
            for method, where, body in (
                ("GET", f"/v1/videos/{video}", None), ("POST", f"/v1/videos/{video}", {"seed": 1}),
                ("GET", f"/v1/videos/{video}/content", None),
                ("GET", f"/v1/videos/{video}/events", None),
                ("POST", f"/v1/videos/{video}/cancel", None),
                ("DELETE", f"/v1/videos/{video}", None), ("DELETE", f"/v1/keys/{key}", None),
                ("POST", f"/v1/videos/{video}/remix", {"prompt": "a cat"}),
                ("POST", "/v1/videos/order", {"videos": [video]}),
            ):  # fmt: skip
                answer = other.request(method, where, json=body)
                assert answer.status_code in (403, 404), (method, where)
                assert made["id"] not in answer.text and SMALL["prompt"] not in answer.text
            seen = json.dumps([other.get(f"/v1/{one}").json() for one in
                               ("videos", "keys", "credits", "usage")])  # fmt: skip
            archive = other.get("/v1/account/export").content
            for mine in (video, key, made["id"]):
                assert mine not in seen and mine.encode() not in unpacked(archive)
            link = other.post(f"/v1/accounts/{made['id']}/link")
            assert link.status_code == (200 if role is Role.OWNER else 403)
            gone = other.request(
                "DELETE", f"/v1/accounts/{made['id']}", json={"confirm": "somebody"}
            )
            assert gone.status_code == (400 if role is Role.OWNER else 403)
            if role not in (Role.OWNER, Role.ADMIN):
                for where in ("accounts", "audit", f"accounts/{made['id']}"):
                    assert told(other.get(f"/v1/{where}"))[0] == 403
                assert told(other.post("/v1/accounts", json={"name": "x"}))[0] == 403
                where = f"/v1/accounts/{made['id']}"
                assert told(other.post(where, json={"weight": 2}))[0] == 403
                assert told(other.post(f"{where}/credits", json={"credits": 2}))[0] == 403
        assert victim.get(f"/v1/videos/{video}").json()["held"]
        assert victim.get("/v1/credits").json()["credits"] < 7.01


def test_only_owners_touch_owners(closed, boss):
    owner = boss.get("/v1/accounts").json()["data"][0]
    with entered(closed, boss, "administrator", role="admin") as (admin, made):
        where = f"/v1/accounts/{owner['id']}"
        for answer in (
            admin.post(where, json={"disabled": True}), admin.post(where, json={"name": "me"}),
            admin.post(f"{where}/link"), admin.post(f"{where}/credits", json={"credits": 1}),
            admin.post("/v1/accounts", json={"name": "mine", "role": "owner"}),
            admin.post(f"/v1/accounts/{made['id']}", json={"role": "owner"}),
            admin.request("DELETE", where, json={"confirm": owner["name"]}),
        ):  # fmt: skip
            assert told(answer) == (403, "permission_denied")
        assert admin.get(where).json() == boss.get(where).json()


@pytest.fixture
def sole(tmp_path):
    """The only owner of a studio."""
    with studio(tmp_path, workers=0) as one, one.client() as http:
        yield http


def test_somebody_is_always_in_charge(sole):
    boss = sole
    owner = boss.get("/v1/me").json()
    where = f"/v1/accounts/{owner['id']}"
    for answer in (
        boss.post(where, json={"role": "member"}), boss.post(where, json={"disabled": True}),
        boss.request("DELETE", "/v1/account", json={"confirm": owner["name"]}),
        boss.request("DELETE", where, json={"confirm": owner["name"]}),
    ):  # fmt: skip
        assert told(answer) == (409, "conflict")
    off = account(boss, "an owner who is off", role="owner")
    boss.post(f"/v1/accounts/{off['id']}", json={"disabled": True})
    assert told(boss.post(where, json={"role": "member"}))[0] == 409
    assert boss.post(f"/v1/accounts/{off['id']}", json={"role": "member"}).status_code == 200


def test_accounts_are_changed_and_listed_in_pages(closed, boss):
    made = account(boss, "many limits", weight=3, most_queued=1, rate_per_minute=600)
    where = f"/v1/accounts/{made['id']}"
    changed = boss.post(where, json={"most_queued": None, "most_bytes": 5, "name": "limited"})
    assert changed.json() == made | {"most_queued": None, "most_bytes": 5, "name": "limited"}
    for body in (
        {"weight": 0}, {"weight": None}, {"most_bytes": -1}, {"rate_per_minute": 0}, {}, {"x": 1},
        {"role": "gone"}, {"role": "god"}, {"name": ""}, {"name": " "}, {"name": "a\u202eb"},
        {"name": "a\0"}, {"name": "a" * 101}, {"name": "\ud800"},
    ):  # fmt: skip
        raw = json.dumps(body)
        assert told(boss.post(where, content=raw))[0] == 400, body
    assert told(boss.post(where, json={"name": "owner"}))[0] == 409
    assert told(boss.post("/v1/accounts", json={"name": " owner"}))[0] == 409
    seen, after = [], {}
    while True:
        page = boss.get("/v1/accounts", params={"limit": 2} | after).json()
        seen += [one["id"] for one in page["data"]]
        after = {"after": page["last_id"]}
        if not page["has_more"]:
            break
    whole = boss.get("/v1/accounts").json()["data"]
    assert seen == [one["id"] for one in whole] and made["id"] in seen


def test_credits_and_usage_are_told(closed, boss):
    with entered(closed, boss, "spender") as (browser, made):
        assert browser.get("/v1/credits").json()["credits"] is None
        where = f"/v1/accounts/{made['id']}/credits"
        for amount in (100, -40.5):
            left = boss.post(where, json={"credits": amount}).json()["credits"]
        assert left == 59.5
        done = closed.completed(browser.post("/v1/videos", json=SMALL), browser)
        held = browser.post("/v1/videos", json=SMALL | {"held": True}).json()
        first = browser.get("/v1/credits", params={"limit": 3}).json()
        rest = browser.get("/v1/credits", params={"before": first["last_id"]}).json()
        rows = first["data"] + rest["data"]
        assert first["has_more"] and not rest["has_more"]
        assert sum(row["credits"] for row in rows) == pytest.approx(first["credits"])
        assert [row["job"] for row in rows] == [held["id"], done["id"], None, None]
        usage = browser.get("/v1/usage").json()
        assert usage["videos"] == {"queued": 1, "in_progress": 0, "completed": 1, "failed": 0}
        assert usage["film_seconds"] == float(done["seconds"]) and usage["bytes"] > 1000
        assert usage["credits"] == first["credits"]


def test_every_deed_is_in_the_audit_log(closed, boss):
    with entered(closed, boss, "watched") as (browser, made):
        key = key_of(browser, "files")
        browser.delete(f"/v1/keys/{key['id']}")
        boss.post(f"/v1/accounts/{made['id']}/credits", json={"credits": 1})
        boss.post(f"/v1/accounts/{made['id']}", json={"weight": 2})
        browser.post("/v1/logout")
        browser.post("/v1/login", json={"name": "watched", "password": GOOD})
        lines = boss.get("/v1/audit", params={"limit": 10}).json()["data"]
        owner = boss.get("/v1/me").json()["id"]
        assert [(one["deed"], one["account"]) for one in lines] == [
            ("logged in", made["id"]), ("logged out", made["id"]),
            ("changed an account", owner), ("granted credits", owner),
            ("revoked a key", made["id"]), ("made a key", made["id"]),
            ("changed the password", made["id"]), ("entered by a link", made["id"]),
            ("made a link", owner), ("made an account", owner),
        ]  # fmt: skip
        assert {one["address"] for one in lines} == {"127.0.0.1"}
        older = boss.get("/v1/audit", params={"limit": 2, "before": lines[3]["number"]}).json()
        assert older["data"] == lines[4:6]
        everything = json.dumps(lines)
        assert "watched" not in everything and key["secret"] not in everything


def unpacked(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.testzip() is None
        return b"".join(found.read(name) for name in found.namelist())


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


def png() -> bytes:
    import numpy as np
    from PIL import Image

    target = io.BytesIO()
    Image.fromarray(np.full((36, 64, 3), 90, np.uint8)).save(target, "PNG")
    return target.getvalue()


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
        assert not in_database(closed, word), word
    for video in (film, busy):
        assert set(in_database(closed, video)) == {"ledger"}, "what was paid, by nobody"
    assert set(in_database(closed, "gone_")) == {"accounts", "ledger", "audit"}
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


def test_whoever_comes_through_a_proxy_sits_elsewhere(running):
    with running.client() as http:
        assert http.get("/v1/videos").status_code == 200
        for name in ("x-forwarded-for", "forwarded", "via", "x-real-ip"):
            assert told(http.get("/v1/videos", headers={name: "1.2.3.4"}))[0] == 401


def test_asking_without_a_key_is_no_guess(closed, boss):
    with closed.client() as http:
        for _ in range(state.MOST_FAILURES + 5):
            assert told(http.get("/v1/videos"))[0] == 401
