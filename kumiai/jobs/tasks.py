"""The two tasks: run one job, and take up again what lost its worker."""

from celery import shared_task

from kumiai.jobs import engine
from kumiai.ui.declarations import NO_PERSONAL_DATA


# NO_PERSONAL_DATA: each chunk opens the scope of the job's own activity (settings.JOB_CHUNK_CONTEXT).
@shared_task(name="jobs.run", acks_late=True, reject_on_worker_lost=True, activity=NO_PERSONAL_DATA)
def run_job(job_id: int) -> None:
    """Run a job to its end, a stop, or the end of this worker."""
    engine.run(job_id)


@shared_task(name="jobs.reap", activity=NO_PERSONAL_DATA)
def reap_jobs() -> None:
    """Send again what nobody works on."""
    engine.reap()
