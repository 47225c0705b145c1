"""受診勧奨 from the preview to the mail in the mailbox: made by 高橋, approved by 中村, built by the night, sent by the worker."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from tests.journeys.conftest import ROOT
from tests.kumiai.mailing.server import Post, Sink

# The night of the day, and the sender at ten o'clock of it: what beat and the worker do, at a time of ours.
NIGHT_AND_MORNING = """
import sys
from datetime import date, timedelta
import django
django.setup()
from health_programs.checkups import tasks
from kumiai.mailing import engine, queries
day = date.fromisoformat(sys.argv[1])
at = queries.due_moment(day) + timedelta(hours=3)
tasks.build_due(at.date())
tasks.build_due(at.date())
engine.send_due(clock=lambda: at)
engine.send_due(clock=lambda: at)
"""


@pytest.fixture
def mailbox():
    sink = Sink()
    post = Post(sink)
    post.start()
    yield sink, post.port
    post.stop()


def test_from_the_preview_to_the_mailbox(stack, open_page, accessible, mailbox):
    sink, port = mailbox
    day = date.today() + timedelta(days=2)
    [(member, employer)] = stack.sql(
        "SELECT t.member_id, t.employer_id FROM checkups_target t JOIN checkups_checkupkind k ON k.id = t.kind_id "
        "JOIN enrollment_contactpoint c ON c.member_id = t.member_id AND c.kind = 'email' AND upper_inf(c.period) "
        "JOIN enrollment_member m ON m.id = t.member_id AND NOT m.protected "
        "WHERE k.statutory AND NOT t.gone AND t.until > current_date + 30 AND t.employer_id IS NOT NULL "
        "AND t.age BETWEEN 40 AND 74 AND t.fiscal_year = (SELECT max(fiscal_year) FROM checkups_target) "
        "AND NOT EXISTS (SELECT FROM checkups_checkupresult r WHERE r.member_id = t.member_id "
        "AND r.fiscal_year = t.fiscal_year) AND NOT EXISTS (SELECT FROM checkups_booking b "
        "WHERE b.member_id = t.member_id AND b.fiscal_year = t.fiscal_year) "
        "AND NOT EXISTS (SELECT FROM checkups_targetexclusion e WHERE e.member_id = t.member_id) LIMIT 1"
    )
    page = open_page("1003")
    page.goto("/checkups/campaigns/")
    accessible(page)
    page.get_by_role("link", name="受診勧奨を作る").click()
    page.get_by_label("事業所").select_option(str(employer))
    page.get_by_label("前の勧奨からあける日数").fill("0")
    page.get_by_label("送る日").fill(day.isoformat())
    page.get_by_label("本文").fill("{名前} 様")
    page.get_by_role("button", name="下書きを保存").click()
    page.get_by_role("link", name="は差し込めません").wait_for()  # said in words, and what was typed is still there
    accessible(page)
    page.get_by_label("本文").fill("{氏名} 様\n\n{健診}を受けてください。\n\n{組合}")
    page.get_by_role("button", name="下書きを保存").click()
    page.get_by_role("heading", name="見本").wait_for()
    accessible(page)
    address = page.url
    page.get_by_role("button", name="承認を依頼").click()
    page.get_by_text("依頼した本人は承認できません").wait_for()

    second = open_page("1008")
    second.goto(address)
    accessible(second)
    second.get_by_role("button", name="この受診勧奨を承認").click()
    second.get_by_text("承認しました").wait_for()

    env = stack.env | {
        "DATABASE_URL": stack.worker_url, "EMAIL_PORT": str(port), "EMAIL_HOST": "127.0.0.1", "EMAIL_USE_TLS": "0",
        "MAIL_PER_MINUTE": "6000", "DJANGO_SETTINGS_MODULE": "kumiai.settings",
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", NIGHT_AND_MORNING, day.isoformat()], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    [(mail,)] = stack.sql(
        "SELECT value FROM enrollment_contactpoint WHERE member_id = %s AND kind = 'email' AND upper_inf(period) "
        "ORDER BY lower(period) DESC LIMIT 1", (member,),
    )  # fmt: skip
    received = [body for to, body in sink.accepted if to == mail]
    assert len(received) == 1, "built twice and sent twice, it is one mail"
    words = message_from_bytes(received[0], policy=default).get_content()
    assert "特定健康診査を受けてください。" in words and "{" not in words

    page.goto(address)
    page.get_by_role("heading", name="その後の受診").wait_for()
    accessible(page)


def test_another_section_opens_no_campaign(open_page, accessible):
    page = open_page("1001")
    assert page.goto("/checkups/campaigns/").status == 403
    assert page.goto("/checkups/campaigns/new/").status == 403
    accessible(page)
