/** Runs work of one key in the order it was given, one after the other; other keys are not held up. */
export type OneAtATime = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

export function oneAtATime(): OneAtATime {
  const tails = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const own = (tails.get(key) ?? Promise.resolve()).then(work, work);
    tails.set(key, own);
    const leave = (): void => {
      if (tails.get(key) === own) tails.delete(key);
    };
    own.then(leave, leave);
    return own;
  };
}
