"""Takes the pictures of the guide anew, from a portal that runs with demo data (invented people only).

    python manage.py demo_data --members 300 && python manage.py demo_work && python manage.py runserver 8120
    DEMO_MODE=1 python docs/guide/pictures.py http://127.0.0.1:8120 [name …]

Each picture is the screen at 1366×768, drawn 900 pixels wide. Needs a worker for the files that go out,
playwright and a Chromium (CHROMIUM: its path).
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "kumiai" / "guide" / "static" / "guide"
WIDTH, HEIGHT, DRAWN = 1366, 768, 900
MOST_BYTES = 90_000

CLERK, HEAD, OFFICER, PROGRAMMES = "1001", "1006", "1004", "1003"
BENEFITS = "1002"
PROTECTED = "濵田淳"  # the invented person of the demo data whom named clerks alone look after
EMPLOYER = "2　大阪工場"


def first_member(page, terms: str = "") -> None:
    """From the list (found by the reading `terms`) to the page of the first who is not protected."""
    page.goto("/members/")
    if terms:
        page.get_by_label("記号・番号、カナ、氏名、生年月日").fill(terms)
        page.get_by_role("button", name="検索", exact=True).click()
    page.locator(".member-table tbody tr:not(.protected) th a").first.click()
    page.locator(".identity").wait_for()


def of_member(label: str) -> Callable:
    """A form of 届を入力 on a member's page."""

    def go(page) -> None:
        first_member(page)
        page.get_by_text("届を入力", exact=True).click()
        page.get_by_role("link", name=label, exact=True).click()
        page.wait_for_load_state()

    return go


def at(address: str) -> Callable:
    """A screen by its address."""
    return lambda page: page.goto(address)


def first_link(address: str, selector: str) -> Callable:
    """The first of what a list leads to."""

    def go(page) -> None:
        page.goto(address)
        page.locator(selector).first.click()
        page.wait_for_load_state()

    return go


def account_end(page) -> None:
    """The form that ends an account, of the first run's first person whose account is in use."""
    page.goto("/members/payments/runs/")
    page.locator(".table tbody th a").last.click()
    page.locator(".member-table tbody th a").first.click()
    page.get_by_role("link", name="終わらせる").first.click()
    page.wait_for_load_state()


def waiting_recommendation(page) -> None:
    """The campaign that waits for the second person."""
    page.goto("/checkups/recommendations/")
    page.get_by_role("row").filter(has_text="承認待ち").get_by_role("link").first.click()
    page.wait_for_load_state()


def home(page) -> None:
    page.goto("/")
    page.wait_for_load_state("networkidle")


def member_menu(page) -> None:
    first_member(page)
    page.get_by_text("届を入力", exact=True).click()


def history(page) -> None:
    first_member(page)
    page.get_by_role("link", name="変更の履歴").first.click()


def protected(page) -> None:
    """Found by the name, as somebody who asks at the counter would be."""
    page.goto("/members/")
    page.get_by_label("記号・番号、カナ、氏名、生年月日").fill(PROTECTED)
    page.get_by_role("button", name="検索", exact=True).click()
    page.get_by_text("指名された担当者だけが扱えます").first.wait_for()


def request_ledger(page) -> None:
    """The ledger for an employer, with the second factor asked again, up to the count and the samples."""
    page.goto("/outputs/new/")
    page.locator(".kind-table th a", has_text="適用台帳").first.click()
    page.wait_for_load_state()
    if page.get_by_role("heading", name="二要素認証をもう一度").count():
        page.get_by_label("確認コード（6桁）").fill(fresh_code(CLERK))
        page.get_by_role("button", name="確かめる").click()
        page.wait_for_load_state()
    page.get_by_label("受け渡し先").select_option(label=EMPLOYER)
    page.get_by_role("button", name="次へ").click()
    page.get_by_label("形式").select_option("csv")
    page.get_by_role("button", name="渡す内容を確かめる").click()
    page.locator(".count-table").wait_for()


def ask_for_output(page) -> None:
    """A request, once a worker has made it: the page of the file."""
    request_ledger(page)
    page.locator(".output-decision button").click()
    page.wait_for_url(re.compile(r"/outputs/\d+/"))
    page.get_by_text("二人目の確認を待っています").wait_for(timeout=60_000)


def confirm_output(page) -> None:
    page.goto("/outputs/?show=waiting")
    page.locator(".table tbody th a").first.click()
    page.wait_for_load_state()
    page.locator(".decision-act a").first.click()
    if page.get_by_role("heading", name="二要素認証をもう一度").count():
        page.get_by_label("確認コード（6桁）").fill(fresh_code(HEAD))
        page.get_by_role("button", name="確かめる").click()
    page.locator(".confirm-box").wait_for()


def entering(page) -> None:
    page.goto("/members/filings/new/loss/")
    page.wait_for_load_state()


def cohort_form(page) -> None:
    """Conditions typed, and the count beside them."""
    page.goto("/checkups/lists/new/")
    page.get_by_label("条件Aの1行目の項目").select_option(label="収縮期血圧（mmHg）")
    page.get_by_label("条件Aの1行目の値").fill("130")
    page.get_by_label("条件Aの2行目の項目").select_option(label="服薬（血圧）：なし")
    page.locator("#id_title").focus()
    page.get_by_text("収縮期血圧が130mmHg以上").wait_for()
    page.evaluate("scrollTo(0, 0)")


def sampled_map(page) -> None:
    """The editor of a map over two invented rows, at its columns."""
    page.goto("/checkups/maps/")
    page.locator(".table tbody th a").first.click()
    page.get_by_role("link", name="直して次の版を作る").click()
    heads = "受付番号,記号番号,カナ氏名,生年月日,性別,健診日,身長,体重,腹囲,最高血圧,最低血圧,中性脂肪,HDL,LDL,GOT,GPT,γGTP,空腹時血糖,HbA1c,尿糖,尿蛋白,喫煙,薬血圧,薬血糖,薬脂質,医師の所見"
    row = "00001,12-3456-00,アクツ カオル,S54.9.27,男,2026/11/10,171.2,68.4,84.5,128,79,未実施,52,118,22,19,31,96,5.4,（－）,（±）,吸わない,無,無,無,"
    body = f"{heads}\r\n{row}\r\n{row.replace('128', '1 2 B')}\r\n".encode("cp932")
    page.locator("input[type=file]").set_input_files({"name": "mihon.csv", "mimeType": "text/csv", "buffer": body})
    page.get_by_role("button", name="見本で確かめる").click()
    page.get_by_role("heading", name="見本の行").wait_for()
    page.locator("#columns-title").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#columns-title').scrollIntoView()")


def of_csv(page) -> None:
    """The newest file that came as CSV."""
    page.goto("/checkups/archives/")
    page.locator(".table tbody tr").filter(has=page.get_by_text("CSV", exact=True)).locator("th a").first.click()


# Name of the picture → (staff number, the way to the screen)
PICTURES: dict[str, tuple[str, Callable]] = {
    "login": ("", at("/accounts/login/")),
    "home": (CLERK, home),
    "member-list": (CLERK, at("/members/")),
    "member": (CLERK, first_member),
    "member-menu": (CLERK, member_menu),
    "name-change": (CLERK, of_member("氏名の変更")),
    "address-change": (CLERK, of_member("住所の変更")),
    "history": (CLERK, history),
    "filing-list": (CLERK, at("/members/filings/")),
    "filing-enter": (CLERK, entering),
    "filing-detail": (CLERK, first_link("/members/filings/", ".filing-table tbody th a")),
    "filing-employers": (CLERK, at("/members/filings/employers/")),
    "transfer": (CLERK, of_member("事業所の変更・同日得喪")),
    "day-correct": (CLERK, of_member("資格の日の訂正")),
    "concurrent": (CLERK, of_member("二以上勤務の登録")),
    "mailing": (CLERK, of_member("送付先の変更")),
    "story": (CLERK, of_member("この人の登録（統合・結び付け）")),
    "employer-move": (CLERK, at("/members/moves/")),
    "voluntary-list": (CLERK, at("/members/lifecycle/voluntary/")),
    "voluntary-apply": (CLERK, first_link("/members/lifecycle/voluntary/?tab=leavers", ".row-action a")),
    "age-list": (CLERK, at("/members/lifecycle/ages/")),
    "output-list": (CLERK, at("/outputs/")),
    "output-kinds": (CLERK, at("/outputs/new/")),
    "output-request": (CLERK, request_ledger),
    "output-detail": (CLERK, ask_for_output),
    "output-confirm": (HEAD, confirm_output),
    "checkup-targets": (PROGRAMMES, at("/checkups/")),
    "checkup-plan": (PROGRAMMES, first_link("/checkups/?state=booked", ".member-table tbody th a")),
    "checkup-archives": (PROGRAMMES, at("/checkups/archives/")),
    "result-map": (PROGRAMMES, first_link("/checkups/maps/", ".table tbody th a")),
    "result-map-form": (PROGRAMMES, sampled_map),
    "result-table": (PROGRAMMES, of_csv),
    "checkup-unmatched": (PROGRAMMES, at("/checkups/unmatched/")),
    "checkup-invoices": (PROGRAMMES, at("/checkups/invoices/?state=matched")),
    "checkup-level": (PROGRAMMES, first_link("/checkups/levels/", ".member-table tbody th a")),
    "checkup-referrals": (PROGRAMMES, at("/checkups/referrals/")),
    "link-overview": (PROGRAMMES, at("/checkups/link/")),
    "link-batch": (PROGRAMMES, first_link("/checkups/link/", ".table tbody th a")),
    "link-errors": (PROGRAMMES, at("/checkups/link/errors/")),
    "handover-list": (PROGRAMMES, at("/checkups/handover/")),
    "government-report": (PROGRAMMES, at("/checkups/report/")),
    "campaign-form": (PROGRAMMES, at("/checkups/campaigns/new/")),
    "campaign-detail": (PROGRAMMES, first_link("/checkups/campaigns/", ".table tbody th a")),
    "mail-list": (PROGRAMMES, at("/checkups/mails/")),
    "recommendation-form": (PROGRAMMES, at("/checkups/recommendations/new/")),
    "recommendation-detail": (PROGRAMMES, waiting_recommendation),
    "recommendation-sent": (PROGRAMMES, at("/checkups/referrals/?state=recommended")),
    "cohort-form": (PROGRAMMES, cohort_form),
    "cohort-detail": (PROGRAMMES, first_link("/checkups/lists/", ".table tbody th a")),
    "notice-list": (PROGRAMMES, at("/checkups/notices/")),
    "analysis": (PROGRAMMES, at("/checkups/analysis/")),
    "analysis-item": (PROGRAMMES, at("/checkups/analysis/items/systolic/")),
    "analysis-employers": (PROGRAMMES, at("/checkups/analysis/employers/")),
    "payment-run": (BENEFITS, first_link("/members/payments/runs/", ".table tbody th a")),
    "payment-accounts": (BENEFITS, first_link("/members/payments/accounts/waiting/", ".member-table tbody th a")),
    "payment-end": (BENEFITS, account_end),
    "payment-waiting": (BENEFITS, at("/members/payments/accounts/waiting/")),
    "remuneration-list": (CLERK, at("/members/remuneration/")),
    "remuneration-person": (CLERK, first_link("/members/remuneration/", ".member-table tbody th a")),
    "cash-list": (BENEFITS, at("/benefits/cash/")),
    "cash-case": (BENEFITS, first_link("/benefits/cash/?folder=decide&kind=sickness", ".member-table tbody th a")),
    "cash-month": (BENEFITS, first_link("/benefits/cash/months/", ".table tbody th a")),
    "cash-certificates": (BENEFITS, first_link("/benefits/cash/sickness/certificates/", ".table tbody th a")),
    "cash-inquiry": (BENEFITS, first_link("/benefits/cash/inquiries/?folder=answered", ".member-table tbody td a")),
    "cash-number": (BENEFITS, at("/benefits/cash/number/")),
    "cash-number-case": (
        BENEFITS,
        first_link("/benefits/cash/number/inquiries/?folder=found", ".member-table tbody td a"),
    ),
    "intake-list": (CLERK, at("/members/intake/")),
    "intake-receive": (CLERK, at("/members/intake/new/")),
    "intake-detail": (CLERK, first_link("/members/intake/?kind=members", ".import-table tbody th a")),
    "statistics": (CLERK, at("/members/statistics/")),
    "protected": (CLERK, protected),
    "grants": (OFFICER, at("/notice/grants/")),
    "grant-use": (OFFICER, first_link("/notice/grants/", ".grant-matrix tbody th a")),
    "reviews": (HEAD, at("/notice/reviews/")),
    "log": (OFFICER, at("/access-log/")),
    "log-months": (OFFICER, at("/access-log/reviews/")),
}


_last_step: dict[str, int] = {}


def fresh_code(staff_number: str) -> str:
    """A one-time code that this person has not used: each works once."""
    from kumiai.accounts.demo import demo_code

    while int(time.time()) // 30 <= _last_step.get(staff_number, 0):
        time.sleep(0.5)
    _last_step[staff_number] = int(time.time()) // 30
    return demo_code(staff_number, at=time.time())


def log_in(page, staff_number: str) -> None:
    from kumiai.accounts.demo import PASSWORD

    page.goto("/accounts/login/")
    page.get_by_label("職員番号").fill(staff_number)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="次へ").click()
    page.get_by_label("確認コード（6桁）").fill(fresh_code(staff_number))
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.get_by_role("heading", name="今日の仕事", exact=True).wait_for()


def take(page, file: Path) -> int:
    """The upper part of the screen, as much of it as MOST_BYTES hold; its size in bytes."""
    for height in range(HEIGHT, 300, -40):
        picture = page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
        if len(picture) <= MOST_BYTES:
            break
    file.write_bytes(picture)
    return len(picture)


def main(address: str, names: list[str]) -> int:
    from playwright.sync_api import Error, sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        pages: dict[str, object] = {}
        for name, (staff_number, go) in PICTURES.items():
            if names and name not in names:
                continue
            page = pages.get(staff_number)
            if page is None:
                page = browser.new_page(
                    base_url=address,
                    viewport={"width": WIDTH, "height": HEIGHT},
                    device_scale_factor=DRAWN / WIDTH,
                    locale="ja-JP",
                )
                page.set_default_timeout(15_000)
                if staff_number:
                    log_in(page, staff_number)
                pages[staff_number] = page
            try:
                go(page)
                page.wait_for_load_state("networkidle")
                size = take(page, FOLDER / f"{name}.png")
            except Error as problem:
                missing += 1
                print(f"{name}: {str(problem).splitlines()[0]} ({page.url})")  # noqa: T201
                continue
            print(f"{name}: {size:,} bytes", flush=True)  # noqa: T201
        browser.close()
    return 1 if missing else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumiai.settings")
    django.setup()
    sys.exit(main(sys.argv[1], sys.argv[2:]))
