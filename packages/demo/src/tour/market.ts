/** Where the tour takes place: the first live room of the demo world. */
export const MARKET = 'GB';
