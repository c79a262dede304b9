"""`/v1/workers`: who makes the videos, where, and what each has at hand. For administrators."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from yozora.studio import shown
from yozora.studio.api import describing, forms
from yozora.studio.api.callers import Admin
from yozora.studio.records import workers
from yozora.studio.state import state_of

router = APIRouter(prefix="/v1", tags=["queue"])


@router.get("/workers", responses=describing.answers(describing.listed(forms.WORKER)))
def listed(request: Request, who: Admin) -> JSONResponse:
    """Every worker of the studio, on whatever machine, and the video that it makes."""
    with state_of(request).database.read() as db:
        found = workers.everyone(db)
    return JSONResponse(shown.page([forms.worker(one) for one in found], False))
