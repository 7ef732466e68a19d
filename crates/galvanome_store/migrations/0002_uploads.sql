-- Datasets that came by upload and that no folder lists: an import keeps them among those that count.
ALTER TABLE dataset ADD COLUMN uploaded BIGINT NOT NULL DEFAULT 0;
