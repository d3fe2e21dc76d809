/** Makes a namespace fit for rollouts that take weeks: a year's retention and our search attributes. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { SearchAttributeType } from '@temporalio/common';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';

/** Search attributes by name, as a namespace must know them before a workflow may use them. */
export type SearchAttributes = Readonly<Record<string, SearchAttributeType>>;

const yearMs = 8_760 * 3_600_000;

/**
 * Raises the retention of closed workflows to a year and registers what is missing; returns once the server
 * lists it. Idempotent, since it looks before it changes; tries again until `deadlineAt`, because a server
 * that has just begun to answer does not know its namespaces for a moment.
 */
export async function prepareNamespace(
  connection: Connection,
  namespace: string,
  searchAttributes: SearchAttributes,
  deadlineAt: number,
): Promise<void> {
  for (;;) {
    try {
      await connection.withDeadline(deadlineAt, async () => {
        await raiseRetention(connection, namespace);
        await registerSearchAttributes(connection, namespace, searchAttributes);
      });
      return;
    } catch (error) {
      if (Date.now() + 100 >= deadlineAt) throw error;
      await delay(100);
    }
  }
}

/** How long a namespace keeps closed workflows, in milliseconds. */
export async function describeRetentionMs(connection: Connection, namespace: string): Promise<number> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return tsToMs(config?.workflowExecutionRetentionTtl);
}

async function raiseRetention(connection: Connection, namespace: string): Promise<void> {
  if ((await describeRetentionMs(connection, namespace)) >= yearMs) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(yearMs) },
  });
}

/** Registers what the namespace does not list yet; idempotent. Throws until the server lists it all. */
export async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
  wanted: SearchAttributes,
): Promise<void> {
  const missing = async (): Promise<SearchAttributes> => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    return Object.fromEntries(Object.entries(wanted).filter(([name]) => !(name in customAttributes)));
  };
  const toAdd = await missing();
  if (Object.keys(toAdd).length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      Object.entries(toAdd).map(([name, type]) => [name, encodeSearchAttributeIndexedValueType(type) ?? 0]),
    ),
  });
  // An attribute that the server does not know yet wedges the first workflow that uses it.
  if (Object.keys(await missing()).length > 0) throw new Error('search attributes are not listed yet');
}
