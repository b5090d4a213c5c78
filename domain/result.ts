/** Expected trouble is a value: the caller must look before it uses the result. */
export type Result<T, R extends string = string> =
  {readonly ok: true; readonly value: T} | {readonly ok: false; readonly reason: R; readonly detail: string};

export function ok<T>(value: T): {readonly ok: true; readonly value: T} {
  return {ok: true, value};
}

/** @param detail names the thing, the number and the next step. */
export function refused<R extends string>(
  reason: R,
  detail: string,
): {readonly ok: false; readonly reason: R; readonly detail: string} {
  return {ok: false, reason, detail};
}
