import type {Logger} from '../platform/log.ts';

/** Draining takes a second or two; past this an orchestrator would kill us anyway. */
const STOP_WAIT_MS = 25_000;

/** Nothing acknowledged is lost by leaving late work behind: the bus and the rows keep it. */
export function leaveInTime(log: Logger): void {
  setTimeout(() => {
    log.error({waitedMs: STOP_WAIT_MS}, 'did not drain in time; what is left is done at the next start');
    process.exit(1);
  }, STOP_WAIT_MS).unref();
}
