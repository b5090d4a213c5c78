import type {Client, Pool} from '../../platform/pg.ts';

export interface RoundTrips {
  /** The pool, counted. */
  readonly pool: Pool;
  /** Statements sent and answers waited for since the last look; statements that wait for their answers together are one wait. */
  taken(): {readonly statements: number; readonly waits: number};
}

/** Counts what a pool's user asks of the database. */
export function countRoundTrips(pool: Pool): RoundTrips {
  let statements = 0;
  let waits = 0;
  let underWay = 0;
  const counted = <T extends Pool | Client>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const found: unknown = Reflect.get(of, name, of);
        if (typeof found !== 'function') return found;
        const call = found as (...given: unknown[]) => Promise<unknown>;
        if (name === 'connect') return async () => counted((await of.connect()) as Client);
        if (name !== 'query') return call.bind(of);
        return async (...given: unknown[]) => {
          statements += 1;
          if (underWay === 0) waits += 1;
          underWay += 1;
          try {
            return await call.apply(of, given);
          } finally {
            underWay -= 1;
          }
        };
      },
    });
  return {
    pool: counted(pool),
    taken() {
      const taken = {statements, waits};
      statements = 0;
      waits = 0;
      return taken;
    },
  };
}
