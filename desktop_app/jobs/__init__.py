"""Jobs: operations of the core running on threads of their own, heard of on the GUI thread.

`Lane` is a thread (or a few) with a queue, `Job` one operation on it, `Latest` a question of which only
the newest answer counts, `Single` what is done once at a time. QtCore only; nothing here knows what an operation does.
"""

from __future__ import annotations

from desktop_app.jobs.garbage import GuiGarbage
from desktop_app.jobs.job import Job, Operation
from desktop_app.jobs.lane import Lane, shut_down
from desktop_app.jobs.latest import Latest
from desktop_app.jobs.reports import merge_changes, merge_reports
from desktop_app.jobs.single import Single

__all__ = ["GuiGarbage", "Job", "Lane", "Latest", "Operation", "Single", "merge_changes", "merge_reports", "shut_down"]
