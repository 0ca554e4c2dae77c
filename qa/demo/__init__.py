"""The demonstration partnership: invented people, cases and grades around published findings."""
