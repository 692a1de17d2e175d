/** A place where what subgraphs answered does not fit the schema. Its path is built from the end. */
export interface Fault {
  readonly reversedPath: (string | number)[];
}

export type Faults = Fault[];

/** Stands for a null whose reason has been reported: as it rises, it is reported no more. */
export const EXPLAINED: unique symbol = Symbol('explained null');

/** Puts what was found below a field or an element of a list in its place. */
export function place(faults: Faults, since: number, at: string | number): void {
  for (let index = since; index < faults.length; index += 1) faults[index]?.reversedPath.push(at);
}
