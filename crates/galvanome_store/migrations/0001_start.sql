-- The store as it begins. One text for SQLite and PostgreSQL: BIGINT, DOUBLE PRECISION and TEXT only, no ids
-- made by the database. A body is the JSON of a noun of galvanome_model; the columns beside it are what is
-- searched, ordered or held together by foreign keys. Times are microseconds since 1970 UTC.

CREATE TABLE campaign (
    id             TEXT   NOT NULL PRIMARY KEY,
    revision       BIGINT NOT NULL,
    listed         BIGINT NOT NULL, -- the revision of the import whose nouns count
    answer_seq     BIGINT NOT NULL, -- the last number given to an answer
    facts_sha256   TEXT   NOT NULL, -- what was imported last, answers apart
    answers_sha256 TEXT   NOT NULL, -- the answers that were imported last; by metaview in imported_view
    created_us     BIGINT NOT NULL,
    updated_us     BIGINT NOT NULL,
    body           TEXT   NOT NULL  -- the definition without its lists
);

-- The nouns of a definition. A row that an import no longer lists stays, because answers may name it; it
-- counts while its `listed` is that of its campaign.
CREATE TABLE partner (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);
CREATE TABLE component (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);
CREATE TABLE sample_group (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);
CREATE TABLE question (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);
CREATE TABLE observable (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);
CREATE TABLE technique (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);
CREATE TABLE descriptor (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);
CREATE TABLE margin ( -- id: descriptor, a space, observable
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);
CREATE TABLE fact (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);

-- Samples and their way.
CREATE TABLE sample (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL,
    component TEXT, sample_group TEXT, made_by TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (campaign, id),
    FOREIGN KEY (campaign, component) REFERENCES component (campaign, id),
    FOREIGN KEY (campaign, sample_group) REFERENCES sample_group (campaign, id),
    FOREIGN KEY (campaign, made_by) REFERENCES partner (campaign, id)
);
CREATE TABLE sample_parent (
    campaign TEXT NOT NULL, sample TEXT NOT NULL, position BIGINT NOT NULL, parent TEXT NOT NULL,
    PRIMARY KEY (campaign, sample, position),
    FOREIGN KEY (campaign, sample) REFERENCES sample (campaign, id),
    FOREIGN KEY (campaign, parent) REFERENCES sample (campaign, id)
);
CREATE TABLE shipment (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL,
    sender TEXT NOT NULL, receiver TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (campaign, id),
    FOREIGN KEY (campaign, sender) REFERENCES partner (campaign, id),
    FOREIGN KEY (campaign, receiver) REFERENCES partner (campaign, id)
);
CREATE TABLE shipment_sample (
    campaign TEXT NOT NULL, shipment TEXT NOT NULL, position BIGINT NOT NULL, sample TEXT NOT NULL,
    PRIMARY KEY (campaign, shipment, position),
    FOREIGN KEY (campaign, shipment) REFERENCES shipment (campaign, id),
    FOREIGN KEY (campaign, sample) REFERENCES sample (campaign, id)
);

-- Experiments and what they produced.
CREATE TABLE experiment (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL,
    technique TEXT NOT NULL, partner TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (campaign, id),
    FOREIGN KEY (campaign, technique) REFERENCES technique (campaign, id),
    FOREIGN KEY (campaign, partner) REFERENCES partner (campaign, id)
);
CREATE TABLE experiment_sample (
    campaign TEXT NOT NULL, experiment TEXT NOT NULL, position BIGINT NOT NULL, sample TEXT NOT NULL,
    PRIMARY KEY (campaign, experiment, position),
    FOREIGN KEY (campaign, experiment) REFERENCES experiment (campaign, id),
    FOREIGN KEY (campaign, sample) REFERENCES sample (campaign, id)
);
CREATE TABLE dataset (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL,
    experiment TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (campaign, id),
    FOREIGN KEY (campaign, experiment) REFERENCES experiment (campaign, id)
);
CREATE TABLE dataset_sample (
    campaign TEXT NOT NULL, dataset TEXT NOT NULL, position BIGINT NOT NULL, sample TEXT NOT NULL,
    PRIMARY KEY (campaign, dataset, position),
    FOREIGN KEY (campaign, dataset) REFERENCES dataset (campaign, id),
    FOREIGN KEY (campaign, sample) REFERENCES sample (campaign, id)
);
CREATE TABLE dataset_source (
    campaign TEXT NOT NULL, dataset TEXT NOT NULL, position BIGINT NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (campaign, dataset, position),
    FOREIGN KEY (campaign, dataset) REFERENCES dataset (campaign, id),
    FOREIGN KEY (campaign, source) REFERENCES dataset (campaign, id)
);
CREATE TABLE gate ( -- id: its place among the gates
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL,
    position BIGINT NOT NULL, listed BIGINT NOT NULL,
    experiment TEXT, dataset TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (campaign, id),
    FOREIGN KEY (campaign, experiment) REFERENCES experiment (campaign, id),
    FOREIGN KEY (campaign, dataset) REFERENCES dataset (campaign, id)
);
-- batch: empty for what a folder says; `DATASET ANALYSIS` for computed ones, which are replaced together.
CREATE TABLE quantity (
    campaign TEXT NOT NULL REFERENCES campaign (id), batch TEXT NOT NULL, position BIGINT NOT NULL,
    descriptor TEXT NOT NULL, component TEXT, sample TEXT, experiment TEXT, dataset TEXT,
    value DOUBLE PRECISION NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (campaign, batch, position),
    FOREIGN KEY (campaign, component) REFERENCES component (campaign, id),
    FOREIGN KEY (campaign, sample) REFERENCES sample (campaign, id),
    FOREIGN KEY (campaign, experiment) REFERENCES experiment (campaign, id),
    FOREIGN KEY (campaign, dataset) REFERENCES dataset (campaign, id)
);
CREATE INDEX quantity_of_descriptor ON quantity (campaign, descriptor);

-- Bytes lie in the object store under their SHA-256; here is what it holds.
CREATE TABLE file (
    sha256 TEXT NOT NULL PRIMARY KEY, bytes BIGINT NOT NULL, stored_at_us BIGINT NOT NULL, actor TEXT NOT NULL
);
CREATE TABLE document (
    campaign TEXT NOT NULL REFERENCES campaign (id), id TEXT NOT NULL, -- id: its path in the folder
    position BIGINT NOT NULL, listed BIGINT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES file (sha256),
    body TEXT NOT NULL,
    PRIMARY KEY (campaign, id)
);

-- Every revision of every answer. Pending is not among them: it is the absence of a row. observable is empty
-- for a statement on a whole row. The key serves a metaview (three columns) and a pixel (five) alike.
CREATE TABLE answer (
    campaign TEXT NOT NULL, component TEXT NOT NULL, question TEXT NOT NULL, technique TEXT NOT NULL,
    observable TEXT NOT NULL, seq BIGINT NOT NULL,
    experiment TEXT, origin TEXT NOT NULL, answer TEXT NOT NULL, body TEXT NOT NULL,
    actor TEXT NOT NULL, written_at_us BIGINT NOT NULL, replaced BIGINT,
    PRIMARY KEY (campaign, component, question, technique, observable, seq),
    FOREIGN KEY (campaign, component) REFERENCES component (campaign, id),
    FOREIGN KEY (campaign, question) REFERENCES question (campaign, id),
    FOREIGN KEY (campaign, technique) REFERENCES technique (campaign, id),
    FOREIGN KEY (campaign, experiment) REFERENCES experiment (campaign, id)
);

-- What an import said of each metaview last: one that says the same again has nothing to add.
CREATE TABLE imported_view (
    campaign TEXT NOT NULL REFERENCES campaign (id), component TEXT NOT NULL, question TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (campaign, component, question)
);

CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY, -- the number of the audit entry that made it
    kind TEXT NOT NULL, campaign TEXT, payload TEXT NOT NULL, state TEXT NOT NULL,
    run_at BIGINT NOT NULL, attempts BIGINT NOT NULL, max_attempts BIGINT NOT NULL,
    worker TEXT NOT NULL, lease_until BIGINT NOT NULL,
    progress DOUBLE PRECISION NOT NULL, message TEXT NOT NULL,
    actor TEXT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL
);
CREATE INDEX job_in_turn ON job (state, run_at, id);

-- Who changed what: a chain of hashes, one entry for each transaction. Entries carry ids, not names.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY, at_us BIGINT NOT NULL, actor TEXT NOT NULL, campaign TEXT NOT NULL,
    action TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE audit_head (id BIGINT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');
