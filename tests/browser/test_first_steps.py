"""The first ten minutes: sign in with the one-time password, set one's own, see the desk."""

from office.first_start import first_passwords
from tests.browser.conftest import Site


def test_the_first_person_signs_in_and_sets_a_password(site: Site) -> None:
    given = {account: password for account, _, password in first_passwords(site.office)}
    page = site.page(None)
    page.goto("/")
    page.get_by_label("账号").fill("office")
    page.get_by_label("密码", exact=True).fill(given["office"])
    page.get_by_role("button", name="登 录").click()
    assert page.url.endswith("/account/password")
