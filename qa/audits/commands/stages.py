"""Moving an audit from stage to stage."""

from qa.accounts.permissions import CurrentPerson
from qa.audits.commands.locking import at_stage, locked_audit
from qa.audits.lifecycle import Move, missing
from qa.audits.queries.counting import progress_of
from qa.db import writing
from qa.problems import refused
from qa.trail.recording import record


def change_stage(person: CurrentPerson, audit_id: int, move: Move) -> None:
    """Move an audit on, or back.

    Raises NotFound, NotAllowed, or Refused when the audit is at another stage by now or something the move
    needs is missing.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        if audit.stage is not move.start:
            raise refused(f"The audit is {at_stage(audit.stage)} by now: nothing was changed")
        wanting = missing(move, progress_of(audit))
        if wanting:
            raise refused(" ".join(wanting))
        audit.stage = move.end
        record(session, person.id, move.event, "audit", audit.id, fields=["stage"], area_id=audit.area_id)
