"""Views of the child, their parents or carers, and practitioners, attached to a case."""
