/** Takes turns per name: what is given under one name runs one after another, in order of asking. */
export type InTurn = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

export function createLanes(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = last.get(name);
    const mine = before === undefined ? work() : before.then(work, work);
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
}
