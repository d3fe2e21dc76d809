import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpWorld } from './world.js';

let server: Server;
let address: string;
beforeAll(async () => {
  server = createServer(({ url }, response) => {
    if (url?.startsWith('/slow')) return;
    response.statusCode = url?.startsWith('/broken') ? 503 : 200;
    response.end(url?.startsWith('/page') ? '<html>' : JSON.stringify({ asked: url }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('gives the answer to what was asked', async () => {
  expect(await httpWorld().getJson(`${address}/api?query=up`)).toEqual({ asked: '/api?query=up' });
});

test('what is no answer says who did not give one, without the query', async () => {
  await expect(httpWorld().getJson(`${address}/broken?query=up`)).rejects.toThrow(`${address}/broken: answered 503;`);
  await expect(httpWorld().getJson(`${address}/page?query=up`)).rejects.toThrow(`${address}/page: answered no JSON;`);
  await expect(httpWorld().getJson('http://127.0.0.1:1/api?query=up')).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:1\/api: does not answer \(.+\); see that it is reachable/,
  );
});

test('an address with credentials is not asked, and they are in no error', async () => {
  const asked = httpWorld().getJson(`${address.replace('//', '//user:hunter2@')}/api?query=up`);
  const error: Error = await asked.then(
    () => Promise.reject(new Error('was asked')),
    (thrown: Error) => thrown,
  );
  expect(error.message).toBe(`${address}/api: is given with credentials; give it without`);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
});

test('a cancellation ends the wait, and is thrown as it came', async () => {
  const abort = new AbortController();
  const asked = httpWorld(abort.signal).getJson(`${address}/slow`);
  abort.abort(new Error('worker shuts down'));
  await expect(asked).rejects.toThrow('worker shuts down');
});
