import type {KeptProcess} from '../../chaos/kept-process.ts';

/** What a contender has at its turn, and nobody else. */
export interface PeerServers {
  readonly mqttUrl: string;
  readonly natsUrl: string;
  /** An empty database, on a durable server. */
  readonly databaseUrl: string;
  readonly folder: string;
}

/** A program that carries messages from the broker into PostgreSQL, under a service manager that restarts it. */
export interface Peer {
  readonly process: KeptProcess;
  /** Messages of it that are committed. */
  readonly countSql: string;
}

/** The table that a plain program would have: one row a message, none twice. */
export const PEER_TABLE = `CREATE TABLE reading (
  equipment_id text NOT NULL, boot integer NOT NULL, seq integer NOT NULL, observed_at timestamptz NOT NULL, "values" jsonb NOT NULL,
  PRIMARY KEY (equipment_id, boot, seq))`;
export const PEER_COUNT = 'SELECT count(*)::int AS n FROM reading';
