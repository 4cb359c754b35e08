// The product's side of the handshake. bridge.js tells what it has to withstand and its steps.
import { BridgeError, Peer, isRecord } from './wire.js';

/** @typedef {'loading' | 'connected' | 'without'} FrameState */

/**
 * Connects the app's page in an iframe, again after each load.
 * @param {HTMLIFrameElement} iframe not in the document yet, so that no greeting comes before someone listens
 * @param {string} appOrigin
 * @param {import('./wire.js').Handler} handler answers the app's commands
 * @param {(state: FrameState) => void} onState
 */
export const connectFrame = (iframe, appOrigin, handler, onState) => {
  /** @type {Peer | undefined} */
  let peer;
  let greeted = false;

  window.addEventListener('message', (event) => {
    const source = iframe.contentWindow;
    if (!source || event.source !== source || event.origin !== appOrigin) return;
    const hello = event.data;
    if (!isRecord(hello) || hello.type !== 'forgego:hello' || typeof hello.nonce !== 'string') return;
    greeted = true;
    peer?.close(new BridgeError('BRIDGE_CLOSED', "The app's page was loaded again."));
    const channel = new MessageChannel();
    peer = new Peer(handler);
    peer.attach(channel.port1);
    source.postMessage({ type: 'forgego:welcome', nonce: hello.nonce }, appOrigin, [channel.port2]);
    onState('connected');
  });

  iframe.addEventListener('load', () => {
    // The bridge greets from the head, before the page has loaded; a page that has not greeted by now has none.
    if (!greeted) {
      peer?.close(new BridgeError('BRIDGE_CLOSED', "The app's page is gone."));
      onState('without');
    }
    greeted = false;
  });

  onState('loading');
};
