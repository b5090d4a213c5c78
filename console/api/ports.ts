import type {Mode} from '../../domain/decision.ts';
import type {DeviceLogins, IngestApiPorts} from '../../ingest/api.ts';
import type {NetworkPorts, NetworkReads} from '../../network/api.ts';
import type {NoticeDesk, TemplateDesk} from '../../notices/api.ts';
import type {Breaches, DataShares} from '../../partners/api.ts';
import type {AccessLog} from '../../platform/access-log.ts';
import type {WorldClock} from '../../platform/clock.ts';
import type {Logger} from '../../platform/log.ts';
import type {Holds} from '../../platform/holds.ts';
import type {Parameters} from '../../platform/parameters.ts';
import type {Pool} from '../../platform/pg.ts';
import type {Sessions} from '../../platform/sessions.ts';
import type {Tokens} from '../../platform/tokens.ts';
import type {Users} from '../../platform/users.ts';
import type {ModelDesk} from '../../predict/api.ts';
import type {BackorderDesk, Campaigns, Planning, Reviews} from '../../replenish/api.ts';

/** One thing that readiness depends on. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What is there, or what is missing and what to do. */
  readonly detail: string;
}

/** Counters that live in the process; the rest of the metrics is counted in the database. */
export interface ProcessCounts {
  readonly packets: number;
  readonly accepted: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly refusedForNow: number;
  readonly stored: number;
  readonly repeated: number;
  readonly conflicts: number;
  readonly poisoned: number;
  readonly storeFailures: number;
}

/** What the running stages can say about themselves. */
export interface Vitals {
  checks(): Promise<readonly HealthCheck[]>;
  counts(): ProcessCounts;
  /** Failures in a row of each stage's loop. */
  loopFailures(): Readonly<Record<string, number>>;
  /** Versions that are in use, or lie in the models folder, and were refused by this process. */
  modelsRefused(): number;
  readonly modelBackend: {
    readonly active: string;
    readonly passedOver: readonly {readonly name: string; readonly problem: string}[];
  };
}

/** What the console needs: connections for reading, the stages' own commands for writing. */
export interface ConsolePorts {
  /** Role forestock_api: may read every stage's tables and write none. */
  readonly db: Pool;
  readonly clock: WorldClock & {readonly rate: number};
  readonly log: Logger;
  readonly network: {readonly ports: NetworkPorts; readonly reads: NetworkReads};
  readonly reviews: Reviews;
  readonly backorders: BackorderDesk;
  readonly campaigns: Campaigns;
  readonly planning: Planning;
  readonly models: ModelDesk;
  readonly notices: NoticeDesk;
  readonly templates: TemplateDesk;
  readonly dataShares: DataShares;
  readonly breaches: Breaches;
  readonly tokens: Tokens;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly devices: DeviceLogins;
  readonly holds: Holds;
  readonly accessLog: AccessLog;
  readonly parameters: Parameters;
  /** Puts a dead effect back into the queue. @returns whether there was one. */
  readonly replayEffect: (outboxId: number) => Promise<boolean>;
  /** Takes the body out of an audit entry. @returns whether there was one. */
  readonly redactAudit: (auditId: number, actor: string, reason: string) => Promise<boolean>;
  /** As it was started: FORESTOCK_MODE, which a tunable can outdo, whether it is the demo, and whether that is open to this machine. */
  readonly installation: {readonly mode: Mode; readonly demo: boolean; readonly open: boolean};
  /** Null in a process without the stages: a command line on the database alone. */
  readonly vitals: Vitals | null;
  readonly ingest: IngestApiPorts | null;
}
