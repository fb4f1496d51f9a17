/** Several named channels over one transport, for parents that have a single pipe to their child. */
import { Listeners, type Transport } from '../contract/transport';

function bodyOf(message: unknown, channel: string): { body: unknown } | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  if (!('channel' in message) || !('body' in message) || message.channel !== channel) return undefined;
  return { body: message.body };
}

/** The channel `name` of `transport`: what is sent on it arrives on the channel of that name at the other end. */
export function channelOf(transport: Transport, name: string): Transport {
  const messages = new Listeners<unknown>();
  transport.onMessage((message) => {
    const found = bodyOf(message, name);
    if (found !== undefined) messages.tell(found.body);
  });
  return {
    send: (body) => transport.send({ channel: name, body }),
    onMessage: (listener) => messages.add(listener),
    onClose: (listener) => transport.onClose(listener),
    close: () => messages.clear(),
  };
}
