"""Routes that put their addresses together late put the same ones together."""

import pytest
from werkzeug.routing import Map, Rule

from qa.web.routing import LazyRule

ADDRESSES: tuple[tuple[str, dict[str, object]], ...] = (
    ("/audits/<int:audit_id>", {"audit_id": 7}),
    ("/audits/<int:audit_id>", {"audit_id": 7, "show": "late", "page": 2}),
    ("/returns/<int:return_id>/sections/<key>", {"return_id": 1, "key": "front door/ä"}),
    ("/", {}),
)


@pytest.mark.parametrize(("rule", "values"), ADDRESSES)
def test_an_address_is_the_same(rule: str, values: dict[str, object]) -> None:
    built = [
        Map([kind(rule, endpoint="page")]).bind("audit.example.org").build("page", dict(values))
        for kind in (Rule, LazyRule, LazyRule)
    ]
    assert built[0] == built[1] == built[2]


def test_an_address_is_put_together_again_and_again() -> None:
    adapter = Map([LazyRule("/cases/<int:number>", endpoint="case")]).bind("audit.example.org")
    assert [adapter.build("case", {"number": number}) for number in (1, 2)] == ["/cases/1", "/cases/2"]
    assert adapter.match("/cases/2") == ("case", {"number": 2})
