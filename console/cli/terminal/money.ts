/** Millionths as a decimal number: `1.25`. */
export const moneyInWords = (micro: number): string => (micro / 1_000_000).toFixed(micro % 10_000 === 0 ? 2 : 6);
