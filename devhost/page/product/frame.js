// The product's side of the handshake. app/bridge.js lists the threats and the steps.
import { BridgeError, Peer, isRecord } from '../wire.js';

/** @typedef {'loading' | 'connected' | 'without'} FrameState "without" means that the page has no bridge */

/**
 * Connects the app's page in an iframe, and connects it again after each load.
 * @param {HTMLIFrameElement} iframe must not be in the document yet, so that no greeting is missed
 * @param {string} appOrigin
 * @param {import('../wire.js').Handler} handler answers the app's commands
 * @param {(state: FrameState) => void} onState
 * @param {Record<string, (payload: unknown) => void>} [signals] receive the bridge's own commands, which begin with "forgego:"
 */
export const connectFrame = (iframe, appOrigin, handler, onState, signals = {}) => {
  /** @type {Peer | undefined} */
  let peer;
  let greeted = false;

  /** @type {import('../wire.js').Handler} */
  const answer = (command, payload) => {
    if (!command.startsWith('forgego:')) return handler(command, payload);
    signals[command]?.(payload);
  };

  /** @param {MessageEvent} event */
  const receive = (event) => {
    const source = iframe.contentWindow;
    if (!source || event.source !== source || event.origin !== appOrigin) return;
    const hello = event.data;
    if (!isRecord(hello) || hello.type !== 'forgego:hello' || typeof hello.nonce !== 'string') return;
    greeted = true;
    peer?.close(new BridgeError('BRIDGE_CLOSED', "The app's page was loaded again."));
    const channel = new MessageChannel();
    peer = new Peer(answer);
    peer.attach(channel.port1);
    source.postMessage({ type: 'forgego:welcome', nonce: hello.nonce }, appOrigin, [channel.port2]);
    onState('connected');
  };
  window.addEventListener('message', receive);

  iframe.addEventListener('load', () => {
    // The bridge is the first script of the page and greets before "load". A page that has not greeted by now has no bridge.
    if (!greeted) {
      peer?.close(new BridgeError('BRIDGE_CLOSED', "The app's page is gone."));
      onState('without');
    }
    greeted = false;
  });

  onState('loading');
  return {
    /**
     * Sends a command to the current page of the app.
     * @param {string} command
     * @param {unknown} [payload]
     */
    call: async (command, payload) => {
      if (!peer) throw new BridgeError('BRIDGE_CLOSED', "The app's page is not connected.");
      return peer.call(command, payload);
    },
    close: () => {
      window.removeEventListener('message', receive);
      peer?.close(new BridgeError('BRIDGE_CLOSED', "The app's page is gone."));
    },
  };
};
