"""Fieldwright beside other engines on the same instances: ``python -m fieldwright.peers``. Extra ``peers``.

An instance is a file of a published set, a problem of one's own, or a day of technicians drawn from a
seed. Each is read by this package, once; an engine of somebody else is told the same integers
(:class:`~fieldwright.peers.instance.Instance`), answers with orders of stops, and is judged by
:func:`fieldwright.check` after these have been timed anew: nobody's own word counts. An engine that has no word for
something in an instance is left out there, with the reason.
"""
