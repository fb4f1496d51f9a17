/** A MessagePort as a transport of the contract. */
import { Listeners, type Transport } from '../../electron/contract/transport';

/** Wraps `port` and starts it; a port of this runtime never tells that its other end died, so only `close` does. */
function portTransport(port: MessagePort): Transport {
  const messages = new Listeners<unknown>();
  const closes = new Listeners<void>();
  port.addEventListener('message', (event: MessageEvent<unknown>) => messages.tell(event.data));
  port.addEventListener('messageerror', () => closes.tell());
  port.start();
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => messages.add(listener),
    onClose: (listener) => closes.add(listener),
    close: () => {
      port.close();
      closes.tell();
      messages.clear();
      closes.clear();
    },
  };
}

/** Calls `onPort` for every engine port that the preload hands over: the first, and one after each restart. */
export function listenForPorts(page: Window, onPort: (transport: Transport) => void): () => void {
  const receive = (event: MessageEvent<unknown>): void => {
    const [port] = event.ports;
    if (event.source !== page || port === undefined || !isPortMessage(event.data)) return;
    onPort(portTransport(port));
  };
  page.addEventListener('message', receive);
  return () => page.removeEventListener('message', receive);
}

function isPortMessage(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'duet-port';
}
