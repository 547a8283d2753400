import type { Page } from '../shared/api/api';
import { client, take } from '../shared/api/client';
import type { components, operations } from '../shared/api/schema';

type Schemas = components['schemas'];
type Query<O extends keyof operations> = Omit<NonNullable<operations[O]['parameters']['query']>, 'cursor' | 'limit'>;

export type Rule = Schemas['RiskRule'];
export type RuleDraft = Schemas['RiskRuleRequest'];
export type RuleKind = RuleDraft['kind'];
export type Trial = Schemas['TrialResult'];
export type Block = Schemas['RiskBlock'];
export type BlockRequest = Schemas['RiskBlockRequest'];
export type Review = Schemas['RiskReview'];

type Cursor = string | undefined;
const from = (cursor: Cursor): { cursor?: string } => (cursor ? { cursor } : {});
const page = <T>(rows: T[], next: Cursor): Page<T> => (next ? { rows, next } : { rows });

/** Over so many days a rule is tried. */
export const TRIAL_DAYS = 7;

/** Rules against risk, what is blocked, and what they found. */
export const risk = {
  rules: async (signal: AbortSignal): Promise<Page<Rule>> => ({ rows: (await take(client.GET('/v1/operator/risk/rules', { signal }))).rules }),
  create: (rule: RuleDraft, reason: string): Promise<Rule> => take(client.POST('/v1/operator/risk/rules', { body: { ...rule, reason } })),
  change: (id: string, version: number, rule: RuleDraft, reason: string): Promise<Rule> => take(client.PUT('/v1/operator/risk/rules/{id}', { params: { path: { id } }, body: { ...rule, version, reason } })),
  remove: async ({ id, version }: Rule, reason: string): Promise<void> => void (await take(client.DELETE('/v1/operator/risk/rules/{id}', { params: { path: { id }, query: { version, reason } } }))),
  try: (rule: RuleDraft): Promise<Trial> => take(client.POST('/v1/operator/risk/rules/trial', { body: { rule, days: TRIAL_DAYS } })),
  blocks: async (query: Query<'listRiskBlocks'>, cursor: Cursor, signal: AbortSignal): Promise<Page<Block>> => {
    const { blocks: rows, nextCursor } = await take(client.GET('/v1/operator/risk/blocks', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  block: (body: BlockRequest): Promise<Block> => take(client.POST('/v1/operator/risk/blocks', { body })),
  lift: async (id: string, reason: string): Promise<void> => void (await take(client.DELETE('/v1/operator/risk/blocks/{id}', { params: { path: { id }, query: { reason } } }))),
  reviews: async (query: Query<'listRiskReviews'>, cursor: Cursor, signal: AbortSignal): Promise<Page<Review>> => {
    const { reviews: rows, nextCursor } = await take(client.GET('/v1/operator/risk/reviews', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  reviewed: async ({ merchantId, id }: Review, reason: string): Promise<void> => void (await take(client.POST('/v1/operator/risk/reviews/{merchantId}/{id}', { params: { path: { merchantId, id } }, body: { reason } }))),
};
