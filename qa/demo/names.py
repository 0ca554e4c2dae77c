"""Names on the list of one area, of invented children, so that whoever types one sees what is asked."""

from qa.demo.scene import Scene
from qa.identifiers.listing import read_names
from qa.identifiers.models import GuardedName, NameList

AREA = "barking-and-dagenham"
LISTED = """
Zebedee Thistlewick
Ottoline Brackwater
Peregrine Oakshott
Clementine van der Hoeven
Summer Brackwater
"""


def add(scene: Scene) -> None:
    """Add the list."""
    area_id = scene.partnership.areas[AREA].id
    scene.session.add(NameList(area_id=area_id, stamp="demonstration"))
    pasted = read_names(LISTED, word_by_word=True)
    scene.session.add_all(
        GuardedName(area_id=area_id, name=name, folded=folded, added_at=scene.moment)
        for name, folded in pasted.names
    )
