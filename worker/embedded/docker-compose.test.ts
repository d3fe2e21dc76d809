/** Checks docker-compose.yml as far as that goes without a container engine. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const Service = z.looseObject({
  image: z.string(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  volumes: z.array(z.string()).default([]),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
});
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
  configs: z.record(z.string(), z.object({ content: z.string() })),
});

const text = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
const compose = Compose.parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  it('has the database, the server, its UI, the engine and the agents of the Anton plan', () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([
        'postgresql',
        'temporal-schema',
        'temporal',
        'temporal-namespace',
        'temporal-ui',
        'worker',
        'agent-a',
        'agent-b',
        'agent-c',
        'agent-d',
        'agent-e',
      ]),
    );
  });

  it.each(services)('%s depends on services that exist, and waits for health where there is a check', (_, service) => {
    for (const [target, { condition }] of Object.entries(service.depends_on)) {
      expect(Object.keys(compose.services)).toContain(target);
      if (condition === 'service_healthy') expect(compose.services[target]?.healthcheck).toBeDefined();
    }
  });

  it.each(services)('%s pins its image', (_, { image }) => {
    expect(image).toMatch(/:(local|\d[\w.-]+)$/);
  });

  it('names volumes and configs that exist', () => {
    const named = services.flatMap(([, { volumes }]) => volumes.filter((volume) => !volume.startsWith('/')));
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(named.map((volume) => volume.split(':')[0])));
    const sources = services.flatMap(([, { configs }]) => configs.map(({ source }) => source));
    expect(Object.keys(compose.configs)).toEqual(expect.arrayContaining(sources));
    for (const { content } of Object.values(compose.configs)) expect(() => parse(content)).not.toThrow();
  });

  it('keeps closed workflows for a year', () => {
    expect(text.match(/--retention 8760h/g)).toHaveLength(2);
  });
});
