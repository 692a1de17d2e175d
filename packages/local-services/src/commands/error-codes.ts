/** MongoDB's number and name of an error. */
export interface ErrorCode {
  readonly code: number;
  readonly codeName: string;
}

/**
 * DocumentDB raises its errors as SQLSTATE `M` and four base-36 digits. Below, MongoDB's number
 * and name for each state that has a name in MongoDB too; the rest are single assertions inside
 * one operator, which no client tells apart.
 */
const NAMED: Readonly<Record<string, readonly [code: number, codeName: string]>> = {
  M0000: [1, 'InternalError'],
  M0001: [2, 'BadValue'],
  M0002: [5, 'GraphContainsCycle'],
  M0003: [9, 'FailedToParse'],
  M0004: [14, 'TypeMismatch'],
  M0005: [15, 'Overflow'],
  M0006: [20, 'IllegalOperation'],
  M0007: [23, 'AlreadyInitialized'],
  M0008: [26, 'NamespaceNotFound'],
  M0009: [27, 'IndexNotFound'],
  M000A: [28, 'PathNotViable'],
  M000B: [31, 'RoleNotFound'],
  M000C: [34, 'CannotBackfillArray'],
  M000D: [40, 'ConflictingUpdateOperators'],
  M000E: [43, 'CursorNotFound'],
  M000F: [48, 'NamespaceExists'],
  M000G: [52, 'DollarPrefixedFieldName'],
  M000H: [53, 'InvalidIdField'],
  M000I: [54, 'NotSingleValueField'],
  M000J: [56, 'EmptyFieldName'],
  M000K: [57, 'DottedFieldName'],
  M000L: [61, 'ShardKeyNotFound'],
  M000M: [66, 'ImmutableField'],
  M000N: [67, 'CannotCreateIndex'],
  M000O: [68, 'IndexAlreadyExists'],
  M000P: [72, 'InvalidOptions'],
  M000Q: [73, 'InvalidNamespace'],
  M000R: [85, 'IndexOptionsConflict'],
  M000S: [86, 'IndexKeySpecsConflict'],
  M000T: [111, 'NotExactValueField'],
  M000U: [115, 'CommandNotSupported'],
  M000V: [118, 'NamespaceNotSharded'],
  M000W: [146, 'ExceededMemoryLimit'],
  M000X: [159, 'DurationOverflow'],
  M000Y: [165, 'ViewDepthLimitExceeded'],
  M000Z: [166, 'CommandNotSupportedOnView'],
  M0010: [167, 'OptionNotSupportedOnView'],
  M0011: [181, 'AmbiguousIndexKeyPattern'],
  M0012: [197, 'InvalidIndexSpecificationOption'],
  M0013: [224, 'QueryFeatureNotAllowed'],
  M0014: [232, 'MaxSubPipelineDepthExceeded'],
  M0015: [241, 'ConversionFailure'],
  M0016: [263, 'OperationNotSupportedInTransaction'],
  M0017: [276, 'IndexBuildAborted'],
  M0018: [291, 'UnableToFindIndex'],
  M0019: [361, 'CollectionUUIDMismatch'],
  M001B: [10334, 'BSONObjectTooLarge'],
  M001C: [11000, 'DuplicateKey'],
  M001D: [12587, 'BackgroundOperationInProgressForNamespace'],
  M001H: [13113, 'MergeStageNoMatchingDocument'],
  M001I: [13297, 'DatabaseDifferCase'],
  M00CO: [121, 'DocumentValidationFailure'],
  M00DO: [16, 'InvalidLength'],
  M00E7: [13, 'Unauthorized'],
  M00E8: [10107, 'NotWritablePrimary'],
  M00EL: [143, 'CursorInUse'],
  M00ER: [13, 'Unauthorized'],
  M00EU: [6, 'HostUnreachable'],
  M00EV: [18, 'AuthenticationFailed'],
  M00EW: [24, 'LockTimeout'],
  M00EX: [50, 'MaxTimeMSExpired'],
  M00EY: [59, 'CommandNotFound'],
  M00F0: [91, 'ShutdownInProgress'],
  M00F1: [112, 'WriteConflict'],
  M00F2: [117, 'ConflictingOperationInProgress'],
  M00F4: [201, 'CannotBuildIndexKeys'],
  M00F5: [225, 'TransactionTooOld'],
  M00F6: [251, 'NoSuchTransaction'],
  M00F7: [256, 'TransactionCommitted'],
  M00FE: [175, 'QueryPlanKilled'],
  // PostgreSQL's own states.
  '23505': [11000, 'DuplicateKey'],
  '23P01': [11000, 'DuplicateKey'],
  '40001': [112, 'WriteConflict'],
  '40P01': [112, 'WriteConflict'],
  '55P03': [112, 'WriteConflict'],
  '53100': [14031, 'OutOfDiskSpace'],
  '53200': [146, 'ExceededMemoryLimit'],
  '54000': [10334, 'BSONObjectTooLarge'],
  '57014': [50, 'MaxTimeMSExpired'],
};

/** The MongoDB error of a SQLSTATE; 8, UnknownError, for one without a name. */
export function errorCodeOf(sqlState: string): ErrorCode {
  const [code, codeName] = NAMED[sqlState] ?? [8, 'UnknownError'];
  return { code, codeName };
}

const CONFLICTS = new Set(['40001', '40P01', '55P03', 'M00F1']);

/** Two writers met: the statement did nothing and may run again. */
export function isConflict(sqlState: string): boolean {
  return CONFLICTS.has(sqlState);
}

/**
 * Inside `writeErrors` DocumentDB gives the SQLSTATE as PostgreSQL's packed integer: six bits a
 * character, the first one lowest, counted from '0'.
 */
export function unpackSqlState(packed: number): string {
  let state = '';
  for (let rest = packed, place = 0; place < 5; place += 1) {
    state += String.fromCharCode((rest & 0x3f) + 48);
    rest = Math.floor(rest / 64);
  }
  return state;
}
