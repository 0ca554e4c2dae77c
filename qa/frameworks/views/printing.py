"""An edition as a file to take away: YAML, a workbook, a blank tool to print."""

from werkzeug.wrappers import Response

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.frameworks import queries
from qa.frameworks.reading import edition_tree
from qa.frameworks.views.blueprint import blueprint
from qa.frameworks.yaml_source import dump_yaml


@blueprint.get("/frameworks/editions/<int:edition_id>/file")
@requires(Permission.FRAMEWORKS_READ)
def file(edition_id: int) -> Response:
    """The edition as a YAML file that can be brought in again."""
    queries.check_readable(current_person(), edition_id)
    tree = edition_tree(edition_id)
    name = f"{tree.content.key}.yaml"
    return Response(
        dump_yaml(tree.content),
        mimetype="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
