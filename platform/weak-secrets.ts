/** Texts of guides and examples, this one's own among them, that people leave where a secret has to stand. */
const WELL_KNOWN =
  /change-?me|password|passwort|secret|example|default|forestock|letmein|qwerty|admin|12345678|abcdefgh|placeholder|your-?token/i;
/** A random token of 16 hexadecimal digits has 2.7 bits a character or more in all but one of a million. */
const BITS_PER_CHARACTER_MIN = 2.2;

/**
 * Why a secret that is to be random is none; null: it may be.
 *
 * Its characters have Σ −p · log2 p bits each, p their shares in it (Shannon 1948): a random one has many different ones.
 *
 * Example: 'aaaaaaaaaaaaaaaa' → 0 bits; 'abababababababab' → 1 bit; '0f1e2d3c4b5a6978' → 4 bits, none is known → null.
 */
export function weaknessOf(secret: string): string | null {
  const known = WELL_KNOWN.exec(secret);
  if (known !== null) return 'it holds a word that guides and examples have there';
  if (bitsPerCharacter(secret) < BITS_PER_CHARACTER_MIN) return 'it repeats a few characters';
  return null;
}

function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
