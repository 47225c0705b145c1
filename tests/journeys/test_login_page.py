"""The log-in page, by keyboard alone and under the strict policy for content."""


def test_the_login_page_opens_without_a_violation_of_policy_or_accessibility(open_page, accessible):
    page = open_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto("/accounts/login/")
    assert answer.status == 200
    assert "unsafe" not in answer.headers["content-security-policy"]
    page.get_by_role("heading", name="職員番号とパスワードを入力").wait_for()
    assert complaints == []
    accessible(page)


def test_a_wrong_password_is_told_in_words_and_tells_nothing_about_the_number(open_page, accessible):
    page = open_page()
    answers = set()
    for staff_number in ("1002", "9999"):
        page.goto("/accounts/login/")
        page.get_by_label("職員番号").focus()
        page.keyboard.type(staff_number)
        page.keyboard.press("Tab")
        page.keyboard.type("not-the-password")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        answers.add(page.get_by_role("alert").inner_text())
        accessible(page)
    assert len(answers) == 1
