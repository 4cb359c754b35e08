// The product's side of the handshake. app/bridge.js lists the threats and the steps.
import { BridgeError, Peer, isRecord } from '../wire.js';

/** @typedef {'loading' | 'connected' | 'without'} FrameState "without" means that the page has no bridge */

/**
 * How long a page that has loaded may take to greet, in milliseconds. The bridge is the first script of the page and greets
 * before "load", but browsers may deliver the greeting after it.
 */
const greetingTime = 500;

/**
 * Connects the app's page in an iframe, and connects it again after each load.
 * @param {HTMLIFrameElement} iframe must not be in the document yet, so that no greeting is missed
 * @param {string} appOrigin
 * @param {import('../wire.js').Handler} handler answers the app's commands
 * @param {(state: FrameState) => void} onState
 * @param {Record<string, (payload: unknown) => void>} [signals] receive the bridge's own commands, which begin with "forgego:"
 * @param {() => void} [onLoad] called when a page has loaded and has greeted, or has no bridge
 */
export const connectFrame = (iframe, appOrigin, handler, onState, signals = {}, onLoad = () => {}) => {
  /** @type {Peer | undefined} */
  let peer;
  let greeted = false;
  /** Runs if a page has loaded without a greeting so far. @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const settle = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!greeted) {
      peer?.close(new BridgeError('BRIDGE_CLOSED', "The app's page is gone."));
      onState('without');
    }
    greeted = false;
    onLoad();
  };

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
    if (timer !== undefined) settle();
  };
  window.addEventListener('message', receive);

  iframe.addEventListener('load', () => {
    clearTimeout(timer);
    if (greeted) settle();
    else timer = setTimeout(settle, greetingTime);
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
      clearTimeout(timer);
      window.removeEventListener('message', receive);
      peer?.close(new BridgeError('BRIDGE_CLOSED', "The app's page is gone."));
    },
  };
};
