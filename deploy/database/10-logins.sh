#!/bin/sh
# Runs once, as superuser, when the database is made. The service logs in without owning anything: it may only take on the
# roles of the stages, and each of these writes only its own folder's tables. The owner's login is for `forestock migrate`.
set -eu

psql -v ON_ERROR_STOP=1 -v password="$(cat "$SERVICE_PASSWORD_FILE")" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE forestock_service LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD :'password';
CREATE ROLE forestock_platform NOLOGIN;
CREATE ROLE forestock_network NOLOGIN;
CREATE ROLE forestock_ingest NOLOGIN;
CREATE ROLE forestock_predict NOLOGIN;
CREATE ROLE forestock_replenish NOLOGIN;
CREATE ROLE forestock_partners NOLOGIN;
CREATE ROLE forestock_notices NOLOGIN;
CREATE ROLE forestock_api NOLOGIN;
GRANT forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish,
  forestock_partners, forestock_notices, forestock_api TO forestock_service;
SQL
