"""Laws of people: nobody has what is another's, rights never grow, every deed is written down."""

from __future__ import annotations

import json
import time

import pytest

from tests.fakes.people import BETTER, GOOD, SMALL, account, entered, key_of, told, unpacked
from tests.fakes.studio import studio
from yozora.studio.api import telling
from yozora.studio.errors import Conflict, StudioError
from yozora.studio.records import people
from yozora.studio.records.people import SCOPES, Role


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


def test_who_listens_hears_no_more_when_the_key_is_revoked(closed, boss):
    with entered(closed, boss, "listener") as (browser, _):
        key = key_of(browser, "videos:read", "videos:write")
        with closed.client(key["secret"]) as http:
            held = http.post("/v1/videos", json=SMALL | {"held": True}).json()["id"]
            with http.stream("GET", f"/v1/videos/{held}/events") as answer:
                lines = answer.iter_lines()
                assert next(lines) == "event: video"
                browser.delete(f"/v1/keys/{key['id']}")
                time.sleep(telling.ASK_S)
                browser.post(f"/v1/videos/{held}", json={"prompt": "a cat runs in a park"})
                assert "a cat" not in "\n".join(lines)


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
                for where in ("accounts", "audit", "workers", f"accounts/{made['id']}"):
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
