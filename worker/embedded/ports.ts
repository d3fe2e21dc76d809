/** Chooses the ports of the embedded server. */
import { connect, createServer } from 'node:net';

/** The ports of a server on the loopback interface. */
export interface ServerPorts {
  readonly grpcPort: number;
  readonly uiPort: number;
}

/** Temporal's own defaults, which its command line and SDKs expect. */
export const defaultPorts: ServerPorts = { grpcPort: 7233, uiPort: 8233 };

/** Each preferred port where it is free, else any free one. */
export async function choosePorts(preferred: ServerPorts): Promise<ServerPorts> {
  const grpcPort = (await isPortFree(preferred.grpcPort)) ? preferred.grpcPort : await freePort();
  const uiIsFree = preferred.uiPort !== grpcPort && (await isPortFree(preferred.uiPort));
  return { grpcPort, uiPort: uiIsFree ? preferred.uiPort : await freePort() };
}

/**
 * Whether nobody listens there and we could. Both are asked, because some systems let 127.0.0.1 be bound
 * beneath a listener on every interface.
 */
export async function isPortFree(port: number): Promise<boolean> {
  return !(await isListening(port)) && (await listenOnce(port)) !== undefined;
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('127.0.0.1: no port is free; end a program that listens there');
  return port;
}

/** Whether something accepts connections on that port of the loopback interface. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 500 });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(true));
    socket.once('error', () => done(false));
  });
}

/** The port that was bound for a moment, or undefined when it cannot be bound. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
