/** 'transfer 1 from MIL-1'; 'nothing'. */
export function actText({
  action,
  quantity,
  sourceId,
}: {
  readonly action: string;
  readonly quantity: number;
  readonly sourceId: string | null;
}): string {
  if (quantity === 0) return action;
  return `${action} ${quantity}${sourceId === null ? '' : ` from ${sourceId}`}`;
}
