/** Refuses and counts every attempt of this process to reach a network: Duet has no reason to open a connection. */
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import { AppError } from '../contract/errors';

/** Replaces the few functions through which all of Node's networking passes; returns the undo. */
export function denyNetwork(onRefused: (what: string) => void): () => void {
  const refuse = (what: string): never => {
    onRefused(what);
    throw new AppError('network/denied', `Duet opens no connections; ${what} was refused.`);
  };
  const undo = [
    replace(net.Socket.prototype, 'connect', () => refuse('a socket')),
    replace(net.Server.prototype, 'listen', () => refuse('a listening socket')),
    replace(dgram.Socket.prototype, 'send', () => refuse('a datagram')),
    replace(dgram.Socket.prototype, 'bind', () => refuse('a datagram socket')),
    replace(dns, 'lookup', () => refuse('a name look-up')),
    replace(dns, 'resolve', () => refuse('a name look-up')),
    replace(dns.promises, 'lookup', () => refuse('a name look-up')),
    replace(dns.promises, 'resolve', () => refuse('a name look-up')),
  ];
  return () => {
    for (const one of undo) one();
  };
}

function replace(owner: object, name: string, value: () => never): () => void {
  const before: unknown = Reflect.get(owner, name);
  Reflect.set(owner, name, value);
  return () => void Reflect.set(owner, name, before);
}
