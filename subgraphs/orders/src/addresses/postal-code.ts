/**
 * What a postal code looks like in each market, after the Universal Postal Union's sheets. A market
 * that is not here takes any: refusing a right address is worse than keeping a wrong one.
 */
const SHAPES: Readonly<Record<string, RegExp>> = {
  US: /^\d{5}(-\d{4})?$/,
  GB: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i,
  IE: /^[A-Z]\d[\dW] ?[A-Z\d]{4}$/i,
  DE: /^\d{5}$/,
  FR: /^\d{5}$/,
  IT: /^\d{5}$/,
  ES: /^\d{5}$/,
  MX: /^\d{5}$/,
  BR: /^\d{5}-?\d{3}$/,
  JP: /^\d{3}-?\d{4}$/,
  ID: /^\d{5}$/,
  MY: /^\d{5}$/,
  TH: /^\d{5}$/,
  PH: /^\d{4}$/,
  SG: /^\d{6}$/,
  VN: /^\d{5,6}$/,
};

/** Whether a code may be one of the market. */
export const isPostalCodeOf = (market: string, postalCode: string): boolean =>
  SHAPES[market]?.test(postalCode) ?? true;
