/**
 * The number that an order has on paper and in X12, where an id of 36 characters does not fit: the first 22 digits of its id.
 *
 * Example: '5f8e4a3c-1b2d-5c6e-8f90-0123456789ab' → '5F8E4A3C1B2D5C6E8F9001'.
 */
export function purchaseOrderNo(orderId: string): string {
  return orderId.replaceAll('-', '').slice(0, DIGITS).toUpperCase();
}

const DIGITS = 22;

/** Ids from first to last whose number it is; null: it is the number of none. */
export function orderIdsOf(number: string): {readonly first: string; readonly last: string} | null {
  if (!/^[0-9a-f]{22}$/i.test(number)) return null;
  const whole = (fill: string): string =>
    number
      .toLowerCase()
      .padEnd(32, fill)
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return {first: whole('0'), last: whole('f')};
}
