"""All that callers can ask for."""

from __future__ import annotations

from framewright.domain.plan import Plan
from framewright.server import files, runs, streams
from framewright.server.answers import (
    AssetAnswer,
    AssetsAnswer,
    JobAnswer,
    JobsAnswer,
    ModelsAnswer,
    RunAnswer,
    RunsAnswer,
    UploadAnswer,
    UploadsAnswer,
)
from framewright.server.endpoint import Endpoint
from framewright.server.questions import (
    ApprovalQuestion,
    EventsQuery,
    JobQuestion,
    JobsQuery,
    ModelsQuery,
    PageQuery,
    ResumeQuestion,
    RunQuestion,
    UploadQuery,
)

EVENTS = "text/event-stream"
ANY_FILE = "*/*"
ABSENT = {404: "There is none such of yours."}
BUSY = {409: "Somebody is at it just now; ask again."}

ENDPOINTS = (
    Endpoint(
        "POST", "/v1/runs", "submitRun", "Have a brief or a plan made", runs.submit_run,
        RunAnswer, 202, body=RunQuestion, once=True, refusals=BUSY,
    ),
    Endpoint(
        "GET", "/v1/runs", "listRuns", "List runs, newest first", runs.list_runs,
        RunsAnswer, query=PageQuery,
    ),
    Endpoint(
        "GET", "/v1/runs/{run}", "showRun", "Show how a run stands", runs.show_run,
        RunAnswer, refusals=ABSENT,
    ),
    Endpoint(
        "GET", "/v1/runs/{run}/plan", "planOfRun", "Show the plan of a run", runs.plan_of_run,
        Plan, refusals=ABSENT,
    ),
    Endpoint(
        "GET", "/v1/runs/{run}/events", "runEvents",
        "Follow a run to its end; 204 where it is over and nothing is left to tell",
        streams.run_events, EVENTS, query=EventsQuery, refusals=ABSENT,
    ),
    Endpoint(
        "POST", "/v1/runs/{run}/cancel", "cancelRun", "Stop a run, at its providers too",
        runs.cancel_run, RunAnswer, refusals=ABSENT,
    ),
    Endpoint(
        "POST", "/v1/runs/{run}/resume", "resumeRun",
        "Go on with a run that failed, was stopped or left", runs.resume_run,
        RunAnswer, 202, body=ResumeQuestion, optional_body=True, refusals=ABSENT | BUSY,
    ),
    Endpoint(
        "POST", "/v1/runs/{run}/approve", "approveRun",
        "Let steps run that wait for a person, or leave them out", runs.approve_run,
        RunAnswer, body=ApprovalQuestion, optional_body=True, refusals=ABSENT | BUSY,
    ),
    Endpoint(
        "GET", "/v1/runs/{run}/steps/{step}/outputs/{number}", "runOutput",
        "Fetch one result of a step, counted from 0", runs.run_output, ANY_FILE, refusals=ABSENT,
    ),
    Endpoint(
        "POST", "/v1/jobs", "submitJob", "Have one model called once", runs.submit_job,
        JobAnswer, 202, body=JobQuestion, once=True, refusals=ABSENT | BUSY,
    ),
    Endpoint(
        "GET", "/v1/jobs", "listJobs", "List jobs, those of runs too, newest first",
        runs.list_jobs, JobsAnswer, query=JobsQuery, refusals=ABSENT,
    ),
    Endpoint(
        "GET", "/v1/jobs/{job}", "showJob", "Show how a job stands", runs.show_job,
        JobAnswer, refusals=ABSENT,
    ),
    Endpoint(
        "POST", "/v1/jobs/{job}/cancel", "cancelJob", "Stop a job, at its provider too",
        runs.cancel_job, JobAnswer, refusals=ABSENT,
    ),
    Endpoint(
        "GET", "/v1/jobs/{job}/outputs/{number}", "jobOutput",
        "Fetch one result of a job, counted from 0", runs.job_output, ANY_FILE, refusals=ABSENT,
    ),
    Endpoint(
        "POST", "/v1/uploads", "upload",
        "Give a file: the body itself, or the first file of a form", files.upload,
        UploadAnswer, 201, query=UploadQuery, file=True,
    ),
    Endpoint(
        "GET", "/v1/uploads", "listUploads", "List the files that were given",
        files.list_uploads, UploadsAnswer,
    ),
    Endpoint(
        "GET", "/v1/assets", "listAssets", "List stored files, newest first",
        files.list_assets, AssetsAnswer, query=PageQuery,
    ),
    Endpoint(
        "GET", "/v1/assets/{asset}", "showAsset", "Show what is known of a stored file",
        files.show_asset, AssetAnswer, refusals=ABSENT,
    ),
    Endpoint(
        "GET", "/v1/assets/{asset}/file", "assetFile",
        "Fetch a stored file, or with `Range` a part of it", files.asset_file, ANY_FILE,
        refusals=ABSENT,
    ),
    Endpoint(
        "GET", "/v1/models", "listModels", "List the models that can be called",
        files.list_models, ModelsAnswer, query=ModelsQuery,
    ),
    Endpoint(
        "GET", "/v1/events", "events", "Follow everything that happens to you, for ever",
        streams.all_events, EVENTS, query=EventsQuery,
    ),
)  # fmt: skip
