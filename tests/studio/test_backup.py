"""Laws of backups: a studio from one answers the same, from whatever and into whatever it is kept,
and half of one is none."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from tests.fakes.people import SMALL, png
from tests.fakes.postgres import fresh
from tests.fakes.studio import studio
from yozora.studio import backing_up
from yozora.studio.errors import StudioError
from yozora.studio.objects import Objects
from yozora.studio.records import belongings, facts, jobs, leases, library, people
from yozora.studio.records.database import Database
from yozora.studio.records.jobs import Status
from yozora.studio.records.migrating import migrate
from yozora.studio.records.people import Role
from yozora.studio.records.tables import JOBS, METADATA

QUIET: list[str] = []


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A studio in which two people made things; the keys of theirs; a backup of it."""
    folder = tmp_path_factory.mktemp("used")
    with studio(folder / "home") as one:
        keys = [one.somebody("ada", Role.ADMIN), one.somebody("bob", most_bytes=1 << 30)]
        for key in keys:
            with one.client(key) as http:
                body = SMALL | {"prompt": f"a dog runs, né {key[-4:]}"}
                film = one.completed(http.post("/v1/videos", json=body), http)["id"]
                form = {"prompt": "it moves", "model": "yozora-1", "seconds": "1", "held": "true"}
                http.post("/v1/videos", data=form, files={"input_reference": ("own.png", png())})
                http.post(f"/v1/videos/{film}/remix", json={"prompt": "at night"})
                for video in http.get("/v1/videos").json()["data"]:
                    if not video["held"]:
                        one.finished(video["id"], http)
        with one.client(keys[0]) as http:
            for made in http.get("/v1/accounts").json()["data"][1:]:
                http.post(f"/v1/accounts/{made['id']}/credits", json={"credits": 5})
        target = folder / "studio.tar"
        backing_up.back_up(one.state.database, one.state.objects, target, QUIET.append)
        yield one, keys, target


def answers(one, keys) -> dict[str, bytes]:
    """All that these people are told, by what they asked."""
    seen = {}
    for n, key in enumerate(keys):
        with one.client(key) as http:
            asked = ["videos", "keys", "credits", "usage", "audit", "accounts", "me"]
            videos = http.get("/v1/videos").json()["data"]
            asked += [f"videos/{v['id']}" for v in videos]
            asked += [
                f"videos/{v['id']}/content?variant={variant}"
                for v in videos if v["status"] == "completed"
                for variant in ("video", "thumbnail", "spritesheet", "latents")
            ]  # fmt: skip
            for where in asked:
                answer = http.get(f"/v1/{where}")
                body = answer.content
                if "json" in answer.headers["content-type"]:
                    body = json.dumps(plain(answer.json())).encode()
                seen[f"{n} {where}"] = body
    return seen


def plain(value):
    """Without what tells of this moment: when a key was used, how long the queue is."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in ("used_at", "estimate")}
    return [plain(one) for one in value] if isinstance(value, list) else value


def restored(target, folder, url=""):
    folder.mkdir(exist_ok=True, parents=True)
    database = Database.open(url or f"sqlite:///{folder / 'studio.db'}")
    objects = Objects.open(folder / "objects")
    try:
        backing_up.restore(database, objects, target, QUIET.append)
    finally:
        database.close()


def test_a_studio_from_a_backup_answers_the_same(used, tmp_path):
    one, keys, target = used
    before = answers(one, keys)
    assert sum("variant=video" in where for where in before) >= 2
    restored(target, tmp_path / "new")
    with studio(tmp_path / "new", workers=0) as again:
        assert answers(again, keys) == before
        with again.client(keys[1]) as http:
            mine = http.post("/v1/videos", json=SMALL | {"held": True}).json()["id"]
            assert http.get("/v1/videos").json()["data"][0]["id"] == mine


@pytest.mark.acceptance  # its own processes take seconds to begin
def test_from_sqlite_to_postgresql_and_back(used, tmp_path, postgres):
    one, keys, target = used
    before = answers(one, keys)
    url = fresh(postgres, "backup")
    restored(target, tmp_path / "team", url)
    with studio(tmp_path / "team", workers=0, database=url) as team:
        assert answers(team, keys) == before
        with team.client(keys[0]) as http:  # numbers go on where they were
            made = http.get("/v1/accounts").json()["data"][-1]["id"]
            http.post(f"/v1/accounts/{made}/credits", json={"credits": 1})
        now = answers(team, keys)
        back = tmp_path / "back.tar"
        backing_up.back_up(team.state.database, team.state.objects, back, QUIET.append)
    with pytest.raises(StudioError, match="already"):
        restored(target, tmp_path / "other", url)
    restored(back, tmp_path / "home")
    with studio(tmp_path / "home", workers=0) as again:
        assert answers(again, keys) == now != before


@pytest.mark.acceptance  # its own processes take seconds to begin
def test_the_command_backs_up_a_running_studio_and_fills_a_new_one(used, tmp_path):
    one, keys, _ = used
    before = answers(one, keys)
    target = tmp_path / "studio.tar"

    def command(home, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "yozora", "studio", *arguments], capture_output=True, text=True,
            check=False, env=os.environ | {"YOZORA_HOME": str(home)}, cwd=tmp_path,
        )  # fmt: skip

    home = tmp_path / "here"
    home.mkdir()
    (home / "studio").symlink_to(one.state.settings.home)
    done = command(home, "--backup", str(target))
    assert done.returncode == 0, done.stderr
    assert target.stat().st_mode & 0o777 == 0o600
    assert command(tmp_path / "there", "--restore", str(target)).returncode == 0
    with studio(tmp_path / "there" / "studio", workers=0) as other:
        assert answers(other, keys) == before


def test_what_cannot_be_backed_up_is_told(used, tmp_path):
    one, _, target = used
    before = target.read_bytes()
    nothing = Database.open(f"sqlite:///{tmp_path / 'studio.db'}")
    (tmp_path / "empty").mkdir()
    empty = Database.open(f"sqlite:///{tmp_path / 'empty' / 'studio.db'}")
    with empty.write():
        pass
    for database, where, word in (
        (one.state.database, target, "already"), (nothing, tmp_path / "1.tar", "no studio"),
        (empty, tmp_path / "2.tar", "no studio"),
        (one.state.database, tmp_path / "none" / "3.tar", "no folder"),
    ):  # fmt: skip
        with pytest.raises(StudioError, match=word):
            backing_up.back_up(database, one.state.objects, where, QUIET.append)
        assert where == target or not where.exists()
    assert target.read_bytes() == before
    assert not list(tmp_path.rglob("*.half"))


def test_only_into_a_studio_that_nobody_has_used(used, tmp_path):
    _, keys, target = used
    with studio(tmp_path / "fresh", workers=0):
        pass
    restored(target, tmp_path / "fresh")  # begun once, with its owner and nothing else
    with studio(tmp_path / "fresh", workers=0) as one, one.client(keys[0]) as http:
        assert http.get("/v1/me").json()["name"] == "ada"
    with studio(tmp_path / "used", workers=0) as one:
        one.somebody("carol")
    with pytest.raises(StudioError, match="already"):
        restored(target, tmp_path / "used")
    with studio(tmp_path / "used", workers=0) as one, one.state.database.read() as db:
        assert [a.name for a in people.some(db, 9).items] == ["owner", "carol"]
    Objects.open(tmp_path / "full" / "objects").put("files/x/png", b"x")
    with pytest.raises(StudioError, match="store"):
        restored(target, tmp_path / "full")


def rewritten(target, path, **changed):
    """A backup with other members: None takes one away."""
    with tarfile.open(target) as old, tarfile.open(path, "w") as new:
        for member in old.getmembers():
            raw = old.extractfile(member).read()
            change = next((v for k, v in changed.items() if member.name.startswith(k)), raw)
            if change is not None:
                raw = change(raw) if callable(change) else change
                member.size = len(raw)
                new.addfile(member, io.BytesIO(raw))
    return path


def test_half_a_backup_or_a_damaged_one_changes_nothing(used, tmp_path):
    _, _, target = used
    cut = tmp_path / "cut.tar"
    cut.write_bytes(target.read_bytes()[: target.stat().st_size * 2 // 3])
    worse = [
        cut,
        rewritten(target, tmp_path / "1.tar", end=None),
        rewritten(target, tmp_path / "2.tar", head=b'{"format": 9, "schema": "0001"}'),
        rewritten(target, tmp_path / "3.tar", head=b'{"format": 1, "schema": "9999"}'),
        rewritten(target, tmp_path / "4.tar", head=b"{"),
        rewritten(target, tmp_path / "5.tar", head=b"[]"),
        rewritten(target, tmp_path / "6.tar", objects=lambda raw: raw[:-1] + b"?"),
        rewritten(target, tmp_path / "7.tar", objects=None),
        rewritten(target, tmp_path / "8.tar", **{"tables/jobs": b""}),
    ]
    (tmp_path / "9.tar").write_bytes(b"no archive")
    worse += [tmp_path / "9.tar", tmp_path / "none.tar"]
    home = tmp_path / "home"
    for one in worse:
        with pytest.raises(StudioError) as told:
            restored(one, home)
        assert ":" in str(told.value)
        assert not list(Objects.open(home / "objects").everything()), one
    with studio(home, workers=0) as fresh, fresh.state.database.read() as db:
        assert [a.name for a in people.some(db, 9).items] == ["owner"]


def test_keys_that_lead_out_of_the_store_are_refused(used, tmp_path):
    import hashlib

    _, _, target = used
    with tarfile.open(target) as tar:
        rows = tar.extractfile("tables/objects.jsonl").read().splitlines(keepends=True)
        end = json.load(tar.extractfile("end.json"))
    row = json.loads(rows[0])
    first = row["key"]
    row["key"] = "jobs/../../../evil.mp4"
    raw = b"".join([json.dumps(row).encode() + b"\n", *rows[1:]])
    end["tables"]["objects"]["sha256"] = hashlib.sha256(raw).hexdigest()
    evil = rewritten(target, tmp_path / "evil.tar",
                     **{"tables/objects": raw, "end": json.dumps(end).encode()})  # fmt: skip
    with tarfile.open(evil, "a") as tar, tarfile.open(target) as old:
        film = old.extractfile(f"objects/{first}").read()
        info = tarfile.TarInfo(f"objects/{row['key']}")
        info.size = len(film)
        tar.addfile(info, io.BytesIO(film))
    with pytest.raises(StudioError, match="no whole backup"):
        restored(evil, tmp_path / "home" / "deep")
    assert not list(tmp_path.rglob("evil.mp4"))


def test_what_is_damaged_in_the_store_is_told_and_the_rest_is_kept(tmp_path):
    with studio(tmp_path / "home") as one, one.client() as http:
        films = [one.completed(http.post("/v1/videos", json=SMALL), http)["id"] for _ in range(2)]
        key = next(
            k for k, _ in one.state.objects.everything(f"jobs/{films[0]}") if k.endswith("mp4")
        )
        one.state.objects.put(key, b"not that film")
        said: list[str] = []
        target = tmp_path / "studio.tar"
        backing_up.back_up(one.state.database, one.state.objects, target, said.append)
        assert any(key in line for line in said)
        good = http.get(f"/v1/videos/{films[1]}/content").content
    restored(target, tmp_path / "new")
    with studio(tmp_path / "new", workers=0) as again, again.client() as http:
        assert http.get(f"/v1/videos/{films[0]}/content").status_code == 404
        assert http.get(f"/v1/videos/{films[1]}/content").content == good


def test_what_was_under_way_goes_back_to_the_queue(tmp_path):
    with studio(tmp_path / "home", workers=0) as one:
        with one.state.database.write() as db:
            owner = people.owner(db)
            for n, stop in enumerate((None, "hold", "cancel")):
                new = jobs.New(f"video_{n}", owner.id, {"tool": {"tool": "generate"}}, "a dog",
                               "yozora-1", 4.0, 256, 144, 7, 1.0)  # fmt: skip
                jobs.submit(db, new, 1)
                leases.lease(db, "w", 2)
                db.execute(JOBS.update().where(JOBS.c.id == new.id).values(stop=stop))
            facts.put(db, "a fact", {"kept": None})
        target = tmp_path / "studio.tar"
        backing_up.back_up(one.state.database, one.state.objects, target, QUIET.append)
    restored(target, tmp_path / "new")
    with studio(tmp_path / "new", workers=0) as again, again.state.database.read() as db:
        found = [jobs.get(db, f"video_{n}") for n in range(3)]
        assert [(one.status, one.held) for one in found] == [
            (Status.QUEUED, False), (Status.QUEUED, True), (Status.FAILED, False),
        ]  # fmt: skip
        assert {one.worker for one in found} == {None}
        assert facts.get(db, "a fact") == {"kept": None}


@dataclass
class Meanwhile(Objects):
    """A store in which something happens just before the first object is fetched."""

    deed: Callable[[], object] = lambda: None

    def fetch(self, key, path):
        deed, self.deed = self.deed, lambda: None
        deed()
        return super().fetch(key, path)


def test_a_backup_is_of_one_moment_while_everything_goes_on(tmp_path):
    """Whatever is made and deleted meanwhile: nothing in the copy names what is not in it."""
    with studio(tmp_path / "home") as one, one.client() as http:
        films = [one.completed(http.post("/v1/videos", json=SMALL), http)["id"] for _ in range(2)]
        form = {"prompt": "it moves", "model": "yozora-1", "seconds": "1"}
        picture = {"input_reference": ("own.png", png())}
        animated = one.completed(http.post("/v1/videos", data=form, files=picture), http)["id"]

        def meanwhile():
            http.delete(f"/v1/videos/{films[0]}")
            with one.state.database.write() as db:
                (row,) = belongings.rows(db, "files.json", people.owner(db).id, 9)
                key = library.remove_file(db, library.file(db, row[0], people.owner(db).id))
            one.state.objects.delete(key)
            http.post("/v1/videos", json=SMALL | {"held": True})

        store = Meanwhile(one.state.objects.store, deed=meanwhile)
        said: list[str] = []
        backing_up.back_up(one.state.database, store, tmp_path / "studio.tar", said.append)
        assert not any("damaged" in line for line in said)
    restored(tmp_path / "studio.tar", tmp_path / "new")
    with studio(tmp_path / "new", workers=0) as again, again.client() as http:
        found = [video["id"] for video in http.get("/v1/videos").json()["data"]]
        assert found == [animated, films[1]]
        for video in found:
            assert http.get(f"/v1/videos/{video}/content").status_code == 200
        with again.state.database.read() as db:
            assert not belongings.rows(db, "files.json", people.owner(db).id, 9)


@pytest.mark.parametrize("most", [100_000, 2_000_000], ids=["of rows", "of bytes"])
def test_a_full_disk_leaves_nothing_half(database, tmp_path, most):
    store = Objects.open(tmp_path / "objects")
    with database.write() as db:
        owner = people.add(db, "owner", Role.OWNER, 1)
        size, sha256 = store.put("files/file_1/png", bytes(3_000_000))
        library.add_object(
            db, key="files/file_1/png", account=owner.id, role=library.FILE, mime="image/png",
            bytes=size, sha256=sha256, created_at=1,
        )  # fmt: skip
    free = tmp_path / "full"
    free.mkdir()
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2);"
        "from pathlib import Path; from yozora.studio import backing_up;"
        "from yozora.studio.objects import Objects;"
        "from yozora.studio.records.database import Database;"
        "db = Database.open(sys.argv[1]); store = Objects.open(sys.argv[2]);"
        "backing_up.back_up(db, store, Path(sys.argv[3]), print)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(database.engine.url), str(tmp_path / "objects"),
         str(free / "studio.tar"), str(most)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    sentence = done.stderr.splitlines()[-1]
    assert done.returncode != 0 and sentence.startswith("yozora.studio.errors."), done.stderr
    assert not list(free.iterdir())


def test_every_table_comes_along_but_those_of_the_moment(used):
    one, _, target = used
    with tarfile.open(target) as tar:
        end = json.load(tar.extractfile("end.json"))
    kept = set(METADATA.tables) - {"workers", "previews", "sessions", "links"}
    assert set(end["tables"]) == kept
    with one.state.database.read() as db:
        for name in ("accounts", "keys", "jobs", "objects", "files", "ledger"):
            count = len(db.execute(select(METADATA.tables[name])).all())
            assert end["tables"][name]["rows"] == count


def test_the_moment_of_a_database_is_not_moved_by_writers(tmp_path):
    from yozora.studio.records import copying

    database = Database.open(f"sqlite:///{tmp_path / 'studio.db'}")
    migrate(database)
    with database.write() as db:
        people.add(db, "owner", Role.OWNER, 1)
    (tmp_path / "scratch").mkdir()
    with copying.view(database, tmp_path / "scratch") as db:
        with database.write() as other:
            people.add(other, "late", Role.MEMBER, 2)
        table = next(one for one in copying.tables(db) if one.name == "accounts")
        assert [row["name"] for row in copying.rows(db, table)] == ["owner"]
    database.close()
