/** Who calls. What a party may do is said once per route (console/api/route.ts) and kept by the database (party-session.ts). */
export type Principal =
  /** Whoever runs the installation: holds FORESTOCK_API_TOKEN, or calls from this machine where none is set. May do all. */
  | {readonly kind: 'installation'}
  /** Holds a token that was made for a party: speaks for that party alone. */
  | {readonly kind: 'party'; readonly partyId: string; readonly tokenName: string};

export const INSTALLATION: Principal = {kind: 'installation'};
