"""A list page of fifty members through the whole request, against the same page with no purpose, wall or log."""

from benchmarks.measure import Way, compare, report
from benchmarks.place import as_web, clerk


def main() -> None:
    from django.test import Client
    from django.urls import reverse

    from tests.kumiai.accounts.signing_in import sign_in

    client = Client(raise_request_exception=True)
    sign_in(client, clerk())

    def get(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200 and answer.content.count(b'class="select"') > 40, answer.status_code

    address = reverse("enrollment:member-list")
    plain, walled = Way(lambda: get("/twin/")), Way(lambda: get(address), as_web)
    compare(plain, walled, rounds=60)
    report("page", plain, walled, target="ratio <= 1.10, statements <= 4", reached=lambda ratio: ratio <= 1.10)
