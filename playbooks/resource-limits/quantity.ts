/** Kubernetes' quantities, compared. */

const units: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** In cores or bytes; zero for what is no quantity, such as a variable. */
export function amountOf(quantity: string): number {
  const [, number = '0', unit = ''] = /^([\d.]+(?:[eE][+-]?\d+)?)(\w*)$/.exec(quantity) ?? [];
  return Number(number) * (units[unit] ?? 1);
}

/** As it is written; the first of two that are the same amount. */
export function largerOf(one: string, other: string): string {
  return amountOf(other) > amountOf(one) ? other : one;
}

export function roundUp(number: number, step: number): number {
  return Math.max(step, Math.ceil(number / step) * step);
}
