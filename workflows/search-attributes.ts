/** The search attributes of joinpoint's workflows: registered before the first start, read by people, never by a decision. */
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

const rolloutKey = defineSearchAttributeKey('JoinpointRollout', 'KEYWORD');
const phaseKey = defineSearchAttributeKey('JoinpointPhase', 'KEYWORD');
const statusKey = defineSearchAttributeKey('JoinpointStatus', 'KEYWORD');

/** Name and Temporal type, as the operator service takes them. */
export const searchAttributeTypes = {
  JoinpointRollout: 'KEYWORD',
  JoinpointPhase: 'KEYWORD',
  JoinpointStatus: 'KEYWORD',
} as const;

export function rolloutAttributes(rollout: string, phase?: string): SearchAttributePair[] {
  return [{ key: rolloutKey, value: rollout }, ...(phase ? [{ key: phaseKey, value: phase }] : [])];
}

export function statusAttributes(status: string, phase?: string): SearchAttributePair[] {
  return [{ key: statusKey, value: status }, ...(phase ? [{ key: phaseKey, value: phase }] : [])];
}
