import ipaddr from 'ipaddr.js';
import {z} from 'zod';

export function whole(min: number, max: number): z.ZodCoercedNumber {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number(expected).int(expected).min(min, expected).max(max, expected);
}

export const port = (): z.ZodCoercedNumber => whole(1, 65_535);

/** Not below `min`: a mistyped number of days would drop what nobody can bring back. */
export const days = (unset: number, min = 30): z.ZodDefault<z.ZodCoercedNumber> =>
  whole(min, 36_500).default(unset);

export function url(example: string, ...protocols: readonly string[]): z.ZodString {
  const isOurs = (text: string): boolean => URL.canParse(text) && protocols.includes(new URL(text).protocol);
  return z.string().refine(isOurs, `expected a URL such as ${example}`);
}

/** Example: 'erp.intern, 10.0.0.5' → ['erp.intern', '10.0.0.5']. */
export const hosts = (): z.ZodType<readonly string[]> =>
  z
    .union([z.array(z.string()), z.string()])
    .default('')
    .transform((given) => (typeof given === 'string' ? given.split(',') : given))
    .transform((names) => names.map((name) => name.trim()).filter((name) => name !== ''));

/** Signed by the Standard Webhooks scheme: 24 to 64 random bytes in base64. */
export const isWebhookSecret = (text: string): boolean => {
  const bytes = Buffer.from(text.replace(/^whsec_/, ''), 'base64').length;
  return bytes >= 24 && bytes <= 64;
};

/** Example: '10.0.0.0/8' and '::1' → true; 'proxy.example' → false, for a name can come to mean another machine. */
export const isAddressOrNetwork = (text: string): boolean => ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
