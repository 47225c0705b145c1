"""Long work as staff see it: it moves while they watch, goes on when they leave, and survives the death of its worker.
And what all of that leaves outside the wall: no name, wherever one looks.

The work is of the tests alone (tests/journeys/work_of_tests), served by a web process and a worker of their own.
"""

from __future__ import annotations

import base64
import binascii
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import pytest
import redis

from tests.journeys.conftest import ROOT, Stack, _database, free_port

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.journeys.portal_settings"}
ROWS = 150


@dataclass
class Working:
    """The portal with a worker, a clock and a mail catcher: what a journey may kill and read."""

    url: str
    stack: Stack
    env: dict[str, str]
    worker: subprocess.Popen | None = None
    said_to_broker: list[str] = field(default_factory=list)

    def start_worker(self) -> None:
        self.worker = self.stack.start(
            "worker", "-m", "celery", "-A", "kumiai", "worker", "--beat", "--schedule", str(self.stack.folder / "beat"),
            "--loglevel", "INFO", "--concurrency", "2", "--without-gossip", "--without-mingle", **self.env,
        )  # fmt: skip

    def kill_worker(self) -> None:
        """kill -9: the worker and the processes that do the work."""
        assert self.worker is not None
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def mail(self) -> list[str]:
        return [path.read_bytes().decode() for path in sorted(self.stack.folder.glob("mail/*.eml"))]


@contextmanager
def listening(url: str, heard: list[str]) -> Iterator[None]:
    """Everything that is said to the broker, by whomever, while this lasts."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port or 6379)) as line:
        line.sendall(b"MONITOR\r\n")

        def listen() -> None:
            while told := line.recv(65536):
                heard.append(told.decode(errors="replace"))

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            yield
        finally:
            line.shutdown(socket.SHUT_RDWR)
            listener.join(10)


@pytest.fixture(scope="module")
def working(stack) -> Iterator[Working]:
    if not os.environ.get("REDIS_URL"):
        pytest.skip("journeys run through script/test, which starts Redis")
    (stack.folder / "mail").mkdir()
    port = str(free_port())
    catcher = stack.start(
        "catcher", str(ROOT / "script" / "services" / "mail_catcher.py"), port, str(stack.folder / "mail")
    )
    env = SETTINGS | {"EMAIL_PORT": port, "REDIS_URL": re.sub(r"/\d+$", "/7", os.environ["REDIS_URL"])}
    login = f"{os.environ['WALL_PREFIX']}_worker"
    of_worker = _database(
        stack.database_url, stack.database_url.rsplit("/", 1)[1], user=login, password=os.environ["WORKER_PASSWORD"]
    )
    with stack.served("working-web", **env) as url:
        made = Working(url, stack, env | {"DATABASE_URL": of_worker})
        with listening(env["REDIS_URL"], made.said_to_broker):
            made.start_worker()
            try:
                yield made
            finally:
                made.kill_worker()
                catcher.terminate()
                catcher.wait(10)


def started(page) -> int:
    """Press the button that starts the work; the number of the job."""
    page.goto(f"/work-of-tests/?rows={ROWS}")
    page.get_by_role("button", name="始める").click()
    page.get_by_role("heading", name="電話番号の登録（試験）").wait_for()
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def until(stack, job: int, condition: str, seconds: float = 90) -> tuple:
    """Wait until something holds of the job's row; its state and count then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := stack.sql(f"SELECT state, done FROM jobs_job WHERE id = %s AND {condition}", (job,)):
            return found[0]
        time.sleep(0.1)
    pytest.fail(f"{condition}: {stack.sql('SELECT * FROM jobs_job WHERE id = %s', (job,))} {stack.printed()[-3000:]}")


def test_work_goes_on_without_its_page_and_after_its_worker_was_killed(open_page, accessible, working):
    stack = working.stack
    before = dict(stack.sql("SELECT member_id, count(*) FROM enrollment_contactpoint GROUP BY 1"))
    page = open_page("1001", at=working.url)
    job = started(page)

    # Watched, it moves by itself.
    seen = set()
    bar = page.locator("progress.job-bar")
    for _look in range(300):
        seen.add(bar.get_attribute("value"))
        if len(seen - {None, "0"}) >= 2:
            break
        page.wait_for_timeout(200)
    assert len(seen - {None, "0"}) >= 2, seen
    accessible(page)

    # Left alone it goes on.
    page.close()
    [[left_at]] = stack.sql("SELECT done FROM jobs_job WHERE id = %s", (job,))
    until(stack, job, f"done > {left_at}")

    # Its worker dies in the middle; another takes it up where the last chunk ended.
    working.kill_worker()
    [[state, position, done]] = stack.sql("SELECT state, position, done FROM jobs_job WHERE id = %s", (job,))
    assert (state, 0 < done < ROWS) == ("running", True)
    time.sleep(1)
    assert stack.sql("SELECT position, done FROM jobs_job WHERE id = %s", (job,)) == [(position, done)]
    working.start_worker()
    assert until(stack, job, "state NOT IN ('accepted', 'running')") == ("succeeded", ROWS)

    # Every row once, and the person is told.
    after = dict(stack.sql("SELECT member_id, count(*) FROM enrollment_contactpoint GROUP BY 1"))
    more = {member: count - before.get(member, 0) for member, count in after.items() if count != before.get(member, 0)}
    assert (len(more), set(more.values())) == (ROWS, {1})
    page = open_page("1001", at=working.url)
    page.goto("/")
    page.get_by_text("電話番号の登録（試験）").first.wait_for()
    accessible(page)
    page.goto(f"/jobs/{job}/")
    page.get_by_text("すべて済みました。").wait_for()
    assert page.locator("progress.job-bar").get_attribute("value") == "100"
    accessible(page)
    assert [mail for mail in working.mail() if str(job) in mail], "the message of the end has not arrived"


# --- Names beside the wall ------------------------------------------------------------------------------------------

KANJI = "鷹鸞麒麟驫鱶鰐鵺鼬龕"
KANA = "ヌヱヰヲヴヂヅ"


@dataclass(frozen=True)
class Secret:
    """A person as nobody is called: every word stands nowhere else."""

    family: str
    given: str
    kana: str
    street: str
    sought: str

    @property
    def words(self) -> tuple[str, ...]:
        return self.family, self.given, self.kana, self.street, self.sought


@pytest.fixture
def secret() -> Secret:
    seed = int(os.environ.get("PORTAL_SEED") or time.time_ns() % 10**6)
    print(f"PORTAL_SEED={seed}")
    dice = random.Random(seed)

    def word(letters: str, length: int) -> str:
        return "".join(dice.choice(letters) for _ in range(length))

    return Secret(word(KANJI, 5), word(KANJI, 5), word(KANA, 9), f"{word(KANJI, 4)}荘{seed}", word(KANJI, 6))


def holds(text: str, secret: Secret) -> list[str]:
    """The words found in a text, as they are, escaped, percent-encoded, or inside anything in base64."""
    texts = [text, *_unpacked(text)]
    found = []
    for word in secret.words:
        escaped = word.encode("unicode_escape").decode()
        bytewise = "".join(f"\\x{byte:02x}" for byte in word.encode())
        ways = {word, escaped, escaped.replace("\\", "\\\\"), quote(word), quote(word).lower(), bytewise}
        if any(way in part for way in ways for part in texts):
            found.append(word)
    return found


def _unpacked(text: str) -> Iterator[str]:
    for packed in set(re.findall(r"[A-Za-z0-9+/_-]{16,}={0,2}", text)):
        try:
            whole = packed.rstrip("=").replace("-", "+").replace("_", "/")
            yield base64.b64decode(whole + "=" * (-len(whole) % 4)).decode("utf-8", "ignore")
        except (binascii.Error, ValueError):
            continue


def test_the_search_finds_a_name_however_it_is_wrapped(secret):
    name = secret.family
    for text in (
        name, name.encode("unicode_escape").decode(), quote(name), repr(name.encode()),
        base64.b64encode(f'{{"name": "{name}"}}'.encode()).decode(),
    ):  # fmt: skip
        assert holds(f"x {text} y", secret) == [name], text
    assert holds("鷹の台", secret) == []


def work_with(page, stranger, member: int, secret: Secret) -> None:
    """What a day does with a person: found, read, changed, mistyped, refused, sought in vain."""
    page.goto(f"/members/{member}/name/change/")
    page.get_by_label("氏（戸籍の字のまま）").fill(secret.family)
    page.locator('[name="given_name"]').fill(secret.given)
    page.get_by_label("氏 フリガナ").fill(secret.kana)
    page.get_by_role("button", name="登録").click()  # without its day: refused, and shown again
    page.get_by_label("変更の日").fill("R8.11.1")
    page.get_by_role("button", name="登録").click()
    page.get_by_text("を登録しました").wait_for()
    page.goto(f"/members/{member}/address/change/")
    page.get_by_label("郵便番号").fill("230-0062")
    page.get_by_label("都道府県・市区町村・町域").fill("神奈川県横浜市鶴見区豊岡町")
    page.get_by_label("番地・建物").fill(secret.street)
    page.get_by_label("変更の日").fill("R8.11.1")
    page.get_by_role("button", name="登録").click()
    page.get_by_text("を登録しました").wait_for()
    for sought in (secret.family, secret.kana, secret.sought):
        page.goto("/members/")
        page.get_by_label("記号・番号、カナ、氏名、生年月日").fill(sought)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    for tab in ("", "address/", "history/", "access/", "household/"):
        page.goto(f"/members/{member}/{tab}")
    # What no screen leads to: addresses typed by hand, with a name in them.
    for strange in (f"/members/{quote(secret.sought)}/", f"/members/?terms={quote(secret.sought)}"):
        page.goto(strange)
    stranger.goto(f"/members/{member}/")
    stranger.goto("/accounts/session/")


def a_name_where_a_number_belongs(page, secret: Secret) -> None:
    """Somebody pastes a member's name into the log-in page."""
    page.goto("/accounts/login/")
    page.get_by_label("職員番号").fill(secret.sought)
    page.get_by_label("パスワード").fill(secret.family)
    with page.expect_navigation():
        page.get_by_role("button", name="次へ").click()


def test_no_name_is_anywhere_but_behind_the_wall(open_page, working, secret):
    stack = working.stack
    [[member]] = stack.sql(
        "SELECT m.id FROM enrollment_member m "
        "JOIN enrollment_address a ON a.member_id = m.id AND upper_inf(a.period) AND NOT a.cancelled "
        "WHERE m.branch = '00' AND NOT m.protected AND lower(a.period) < '2026-01-01' ORDER BY m.id LIMIT 1 OFFSET 20"
    )
    page = open_page("1001", at=working.url)
    work_with(page, open_page("1005", at=working.url), member, secret)
    a_name_where_a_number_belongs(open_page(at=working.url), secret)
    job = started(page)
    until(stack, job, "state = 'succeeded'")
    time.sleep(3)  # the clock seals the log once more

    places = {
        "broker, as it was told": "".join(working.said_to_broker),
        "broker, as it stands": in_redis(working.env["REDIS_URL"]),
        "printed by the processes": stack.printed(),
        "mail": "\n".join(working.mail()),
        "sessions": "\n".join(in_sessions(stack)),
    }
    assert all(places.values()), {name: len(text) for name, text in places.items()}
    personal, others = in_tables(stack, secret)
    found = {name: words for name, text in places.items() if (words := holds(text, secret))}
    print({name: len(text) for name, text in places.items()}, f"{len(others)} tables beside the wall")
    assert set(secret.words) - {secret.sought} <= personal, "behind the wall it must be found, or nothing was tried"
    assert found | {table: words for table, words in others.items() if words} == {}


def in_redis(url: str) -> str:
    """Every key with its value, in whatever type."""
    read = {
        b"string": lambda client, key: client.get(key),
        b"list": lambda client, key: client.lrange(key, 0, -1),
        b"set": lambda client, key: client.smembers(key),
        b"zset": lambda client, key: client.zrange(key, 0, -1),
        b"hash": lambda client, key: client.hgetall(key),
    }
    with redis.Redis.from_url(url) as client:
        return "\n".join(f"{key!r} {read[client.type(key)](client, key)!r}" for key in client.scan_iter())


def in_sessions(stack) -> list[str]:
    from kumiai.accounts.sessions import SessionStore

    return [str(SessionStore().decode(data)) for (data,) in stack.sql("SELECT session_data FROM accounts_usersession")]


def in_tables(stack, secret: Secret) -> tuple[set[str], dict[str, list[str]]]:
    """Words found in the personal tables; and by table beside the wall."""
    from privacy.records import personal_models, tables_of

    behind = {table for model in personal_models() for table in tables_of(model)}
    personal: set[str] = set()
    others: dict[str, list[str]] = {}
    for (table,) in stack.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        found = holds("\n".join(row for (row,) in stack.sql(f'SELECT t::text FROM public."{table}" t')), secret)
        if table in behind:
            personal |= set(found)
        else:
            others[table] = found
    return personal, others
