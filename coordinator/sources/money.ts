/** Money as people write it, in millionths. */
export const microsOf = (money: number): number => Math.round(money * 1e6);

export const moneyOf = (micros: number): number => micros / 1e6;
