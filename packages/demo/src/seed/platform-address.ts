/** Where the data of one platform are. */
export interface PlatformAddress {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  readonly namespace: string;
}

/** The database that remembers whether the demo world is whole. */
export const demoDatabase = (namespace: string): string => `${namespace}_demo`;
