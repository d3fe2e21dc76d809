/** Makes a recorded history fit to be kept: nothing in it tells the machine that it was recorded on. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Folders that a test makes for itself end in letters of chance. */
const ownFolders = /\/[\w./-]*\/joinpoint-(\w+)-\w{6}\b/g;
/** Where this checkout is, and whatever else stands in a stack trace. */
const stackTrace = 'stackTrace';

/** The same history with neutral identities, queues of no host, folders of no machine and no stack traces. */
export function scrub(history: Json): Json {
  return walk(history);
}

function walk(value: Json, key = ''): Json {
  if (typeof value === 'string') {
    if (key === 'identity') return 'joinpoint';
    if (key === stackTrace) return '';
    if (key === 'data') return reencode(value);
    return neutral(value);
  }
  if (Array.isArray(value)) return value.map((item: Json) => walk(item));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, walk(field, name)] as const);
  return withoutHost(Object.fromEntries(fields));
}

/** A sticky queue is named by its worker's process and host. */
function withoutHost(fields: { readonly [key: string]: Json }): Json {
  return fields['kind'] === 'TASK_QUEUE_KIND_STICKY' ? { ...fields, name: 'sticky' } : fields;
}

/** Payloads are JSON in base64; stack traces stand in those of failures too. */
function reencode(data: string): string {
  const text = Buffer.from(data, 'base64').toString('utf8');
  return Buffer.from(neutral(text)).toString('base64');
}

function neutral(text: string): string {
  return text.replace(ownFolders, '/tmp/joinpoint-$1');
}
