"""Who was at a meeting of the panel."""

from hypothesis import given
from hypothesis import strategies as st

from qa.moderation.attending import MOST_LETTERS, Attended, Attendee, checked, not_represented

AGENCIES = {1: "Council", 2: "Health", 3: "Police"}
ROWS = st.lists(
    st.builds(
        Attendee,
        st.text(max_size=3),
        st.text(max_size=3),
        st.sampled_from([None, 1, 2, 3, 9]),
        st.sampled_from(list(Attended)),
        st.just({}),
    )
)


@given(ROWS)
def test_only_empty_rows_are_left_out(rows: list[Attendee]) -> None:
    kept = checked(rows, AGENCIES)
    assert [row._replace(errors={}) for row in kept] == [row for row in rows if row.name or row.role]


@given(ROWS)
def test_a_row_is_faulty_without_a_name_or_with_a_strange_agency(rows: list[Attendee]) -> None:
    for row in checked(rows, AGENCIES):
        assert ("name" in row.errors) == (not row.name)
        assert ("agency" in row.errors) == (row.agency_id == 9)


def test_a_long_name_is_named_as_such() -> None:
    (row,) = checked([Attendee("n" * (MOST_LETTERS + 1), "Lead nurse")], AGENCIES)
    assert row.errors == {"name": "Name must be 120 characters or fewer"}


@given(ROWS)
def test_an_agency_is_represented_when_somebody_of_it_came(rows: list[Attendee]) -> None:
    missing = not_represented(rows, AGENCIES)
    for number, name in AGENCIES.items():
        came = any(row.agency_id == number and row.attended is Attended.PRESENT for row in rows)
        assert (name in missing) == (not came)
