// The official client. It is bundled and minified when the benchmark runs.
import { invokeRemote, requestRemote } from '@forge/bridge';

globalThis.official = { invokeRemote, requestRemote };
