"""A campaign to people who have to see a doctor, from its preview to the mail in the mailbox and the case that waits."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

from tests.journeys.conftest import ROOT
from tests.journeys.test_campaign import mailbox  # noqa: F401  (fixture)

# The night of the day, the sender at ten o'clock of it, and the cases after it: what beat and the worker do.
NIGHT_MORNING_AND_CASES = """
import sys
from datetime import date, timedelta
import django
django.setup()
from health_programs.checkups import tasks
from health_programs.checkups.enums import CampaignAim
from kumiai.mailing import engine, queries
day = date.fromisoformat(sys.argv[1])
at = queries.due_moment(day) + timedelta(hours=3)
tasks.build_due(at.date(), [CampaignAim.TREATMENT])
tasks.build_due(at.date(), [CampaignAim.TREATMENT])
engine.send_due(clock=lambda: at)
engine.send_due(clock=lambda: at)
tasks.write_recommended(at.date())
tasks.write_recommended(at.date())
"""
MEMBER = """
SELECT r.member_id, m.family_name, c.value FROM checkups_referral r
JOIN checkups_checkupresult x ON x.id = r.result_id AND x.age BETWEEN 55 AND 74
JOIN enrollment_member m ON m.id = r.member_id AND NOT m.protected AND m.sex = '2'
JOIN enrollment_contactpoint c ON c.member_id = r.member_id AND c.kind = 'email' AND upper_inf(c.period)
WHERE r.state = 'open' AND r.fiscal_year = (SELECT max(fiscal_year) FROM checkups_referral)
AND EXISTS (SELECT FROM enrollment_eligibilityperiod p WHERE p.member_id = r.member_id AND p.period @> current_date)
ORDER BY r.rank, r.member_id LIMIT 1
"""


def test_from_the_preview_to_the_mailbox_and_the_case(stack, open_page, accessible, mailbox):  # noqa: F811
    sink, port = mailbox
    day = date.today() + timedelta(days=2)
    [(member, name, address)] = stack.sql(MEMBER)
    page = open_page("1003")
    page.goto("/checkups/referrals/")
    accessible(page)
    page.get_by_role("link", name="メールと手紙で勧奨する").click()
    accessible(page)
    page.get_by_role("link", name="受診勧奨を作る").click()
    page.get_by_label("年度末年齢（から）").fill("55")
    page.get_by_label("性別").select_option("2")
    page.get_by_label("前の勧奨からあける日数").fill("0")
    page.get_by_label("送る日").fill(day.isoformat())
    page.get_by_label("件名").fill("血圧の結果のお知らせ")
    page.get_by_label("本文").fill("{氏名} 様")
    page.get_by_role("button", name="下書きを保存").click()
    page.get_by_role(
        "link", name="は検査の項目を表すので"
    ).wait_for()  # said in words, and what was typed is still there
    page.get_by_role("link", name="は差し込めません").wait_for()
    accessible(page)
    page.get_by_label("件名").fill("{組合}からのお知らせ")
    page.get_by_label("本文").fill("{年度}の結果の通知をもう一度ご覧ください。\n\n{組合}\n{連絡先}")
    page.get_by_role("button", name="下書きを保存").click()
    page.get_by_role("heading", name="見本").wait_for()
    accessible(page)
    campaign = page.url
    page.get_by_role("button", name="承認を依頼").click()
    page.get_by_text("依頼した本人は承認できません").wait_for()

    second = open_page("1008")
    second.goto(campaign)
    accessible(second)
    second.get_by_role("button", name="この受診勧奨を承認").click()
    second.get_by_text("承認しました").wait_for()

    env = stack.env | {
        "DATABASE_URL": stack.worker_url, "EMAIL_PORT": str(port), "EMAIL_HOST": "127.0.0.1", "EMAIL_USE_TLS": "0",
        "MAIL_PER_MINUTE": "6000", "DJANGO_SETTINGS_MODULE": "kumiai.settings",
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", NIGHT_MORNING_AND_CASES, day.isoformat()],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    received = [body for to, body in sink.accepted if to == address]
    assert len(received) == 1, "built twice and sent twice, it is one mail"
    mail = message_from_bytes(received[0], policy=default)
    words = mail.get_content()
    assert mail["Subject"].endswith("からのお知らせ") and "通知をもう一度ご覧ください" in words
    assert "{" not in words and name not in words

    page.goto(campaign)
    page.get_by_role("heading", name="その後の受診").wait_for()
    accessible(page)
    page.goto(f"/checkups/people/{member}/referral/")
    page.get_by_text("受診勧奨のメールを送った").wait_for()
    accessible(page)
    page.goto("/checkups/recommendations/mails/")
    accessible(page)


def test_another_section_opens_no_recommendation(open_page, accessible):
    page = open_page("1001")
    assert page.goto("/checkups/recommendations/").status == 403
    assert page.goto("/checkups/recommendations/new/").status == 403
    accessible(page)
