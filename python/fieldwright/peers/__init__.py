"""Fieldwright beside other engines on the same instances: ``python -m fieldwright.peers``. Extra ``peers``.

An instance is a day of technicians: skills, one window for each job, priorities, a travel matrix. What is
wanted is the same for everybody: first serve what is worth most (a job is worth ``1 + priority``), then
travel as little as possible. Every answer is judged by :func:`~fieldwright.peers.instance.judge`, which
knows none of the engines.
"""
