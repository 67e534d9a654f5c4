-- The trace of the request that queued it: the text of the header traceparent (W3C Trace Context).
ALTER TABLE sluice.ingest ADD COLUMN trace_parent text;
