/**
 * SQL: whether a time that was written down in advance has come, by the database's clock. One further ahead than anybody writes is from before that
 * clock was set back: it has come too, or its row would wait until the clock is there again.
 *
 * @param aheadMaxS Seconds: a number or a parameter.
 */
export function hasCome(column: string, aheadMaxS: number | string): string {
  return `(${column} <= clock_timestamp() OR ${wasSetBack(column, aheadMaxS)})`;
}

/** SQL: whether a time lies further ahead than anybody writes. */
export function wasSetBack(column: string, aheadMaxS: number | string): string {
  return `${column} > clock_timestamp() + make_interval(secs => ${aheadMaxS})`;
}
