"""Why a job failed, in a code and a sentence: the one place that says which error is which."""

from __future__ import annotations

import errno

from yozora.media.errors import MediaError
from yozora.model.errors import WeightsError
from yozora.prompts.errors import PromptError
from yozora.request import RequestError
from yozora.studio.errors import Busy, StorageFull, StudioError, in_fields
from yozora.timeline.errors import TimelineError

OURS = "internal_error"


def told(error: BaseException) -> tuple[str, str]:
    """(code, sentence). What is no fault of who asked says nothing of the inside."""
    match error:
        case StorageFull() | OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return "storage_full", "there is no room left for the film: delete some, then try again"
        case PromptError():
            return "invalid_prompt", in_fields(str(error))
        case MediaError():
            if isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.ENOSPC:
                return told(error.__cause__)
            return "invalid_media", in_fields(str(error))
        case TimelineError():
            return "invalid_timeline", in_fields(str(error))
        case RequestError():
            return "invalid_request", in_fields(str(error))
        case Busy():
            return "storage_unreachable", "the store could not be reached for long: try again later"
        case StudioError():
            return error.code, str(error)
        case WeightsError():
            return "weights", str(error)
        case MemoryError():
            return "out_of_memory", "the film is too large for this machine: ask for a smaller one"
        case _:
            return OURS, "something went wrong here: the studio's log says what"
