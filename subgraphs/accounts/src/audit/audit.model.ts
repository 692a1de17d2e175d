import { type Connection, type Model, Schema } from 'mongoose';
import { type AuditEntry, type ChainHead, peopleOf } from './audit-entry.ts';

export interface AuditRow extends AuditEntry {
  /** `<chain>/<number>`. */
  readonly _id: string;
  /** Whose own log shows it; kept beside the entry for reading, and not covered by its hash. */
  readonly people: readonly string[];
}

const actor = new Schema<AuditEntry['actor']>(
  {
    kind: { type: String, required: true },
    userId: { type: String, default: null },
    appId: { type: String, default: null },
    impersonatorId: { type: String, default: null },
    sessionId: { type: String, default: null },
    job: { type: String, default: null },
  },
  { _id: false, strict: 'throw' },
);

const entries = new Schema<AuditRow>(
  {
    _id: { type: String, required: true },
    chain: { type: String, required: true },
    number: { type: Number, required: true },
    factId: { type: String, required: true },
    at: { type: Date, required: true },
    action: { type: String, required: true },
    subject: {
      type: new Schema(
        { type: { type: String, required: true }, id: { type: String, required: true } },
        { _id: false, strict: 'throw' },
      ),
      required: true,
    },
    shopId: { type: String, default: null },
    userId: { type: String, default: null },
    actor: { type: actor, required: true },
    requestId: { type: String, default: null },
    before: { type: Schema.Types.Mixed, default: null },
    after: { type: Schema.Types.Mixed, default: null },
    details: { type: Schema.Types.Mixed, default: null },
    detailsHash: { type: String, required: true },
    previousHash: { type: String, required: true },
    hash: { type: String, required: true },
    people: { type: [String], required: true },
  },
  { collection: 'audit_entries', versionKey: false, strict: 'throw', minimize: false },
);
// A place in a chain is taken once; verification and a shop's list read by it.
entries.index({ chain: 1, number: -1 }, { unique: true });
// A fact is appended once, also where it is replayed after its consumer has forgotten it.
entries.index({ factId: 1 }, { unique: true });
// A person's own list; erasing their details.
entries.index({ people: 1, at: -1, _id: -1 });
// The operators' list.
entries.index({ at: -1, _id: -1 });
// Operators and shops look for one action, or for what happened to one thing.
entries.index({ action: 1, at: -1, _id: -1 });
entries.index({ 'subject.id': 1, at: -1, _id: -1 });

/** The head of each chain, moved by whoever appends; the only row of the log that changes. */
export interface HeadRow extends Omit<ChainHead, 'chain'> {
  readonly _id: string;
  readonly movedAt: Date;
}

const heads = new Schema<HeadRow>(
  {
    _id: { type: String, required: true },
    number: { type: Number, required: true },
    hash: { type: String, required: true },
    movedAt: { type: Date, required: true },
  },
  { collection: 'audit_chains', versionKey: false, strict: 'throw' },
);
// Anchoring looks at the chains that have moved lately.
heads.index({ movedAt: 1 });

/** Where a chain stood at some moment. */
export interface AnchorRow extends ChainHead {
  /** `<chain>/<number>`. */
  readonly _id: string;
  readonly at: Date;
}

const anchors = new Schema<AnchorRow>(
  {
    _id: { type: String, required: true },
    chain: { type: String, required: true },
    number: { type: Number, required: true },
    hash: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'audit_anchors', versionKey: false, strict: 'throw' },
);
// Verification reads a chain's.
anchors.index({ chain: 1, number: 1 });
// When anchoring was done last.
anchors.index({ at: -1 });

const named = <Row>(db: Connection, name: string, definition: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered by us, below, with this very schema
  db.model<Row>(name, definition);

export const auditModels = (db: Connection) => ({
  entries: named(db, 'AuditEntry', entries),
  heads: named(db, 'AuditChain', heads),
  anchors: named(db, 'AuditAnchor', anchors),
});

export const toEntry = ({ _id, people, ...entry }: AuditRow): AuditEntry => entry;

export const toRow = (entry: AuditEntry): AuditRow => ({
  ...entry,
  _id: `${entry.chain}/${entry.number}`,
  people: peopleOf(entry),
});
