"""Which error ends in which exit code: the one place that says so."""

from __future__ import annotations

DONE, OUR_FAULT, YOUR_INPUT, CANCELLED = 0, 1, 2, 130


def exit_code(error: BaseException) -> int:
    """2 for what the person can mend, 130 for a cancelled run, 1 for everything else."""
    # imported here: a command that succeeds need not load every room
    from yozora.engine.protocol import Cancelled
    from yozora.media.errors import MediaError
    from yozora.model.errors import WeightsError
    from yozora.prompts.errors import PromptError
    from yozora.request import RequestError
    from yozora.studio.errors import StudioError
    from yozora.timeline.errors import TimelineError
    from yozora.training.errors import TrainingError
    from yozora.world.errors import WorldError

    yours = (
        PromptError,
        RequestError,
        TimelineError,
        WeightsError,
        MediaError,
        StudioError,
        TrainingError,
        WorldError,
    )
    if isinstance(error, yours):
        return YOUR_INPUT
    if isinstance(error, Cancelled | KeyboardInterrupt):
        return CANCELLED
    return OUR_FAULT
